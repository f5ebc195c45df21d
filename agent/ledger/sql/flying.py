"""In flight: what had been sent, or was about to be, at a moment, and nobody knew the outcome of."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import bindparam, or_
from sqlmodel import Session

from agent.domain.lever import Lever, number_of
from agent.domain.outcome import State
from agent.domain.ref import AccountId, Ref
from agent.ledger.codec import decode
from agent.ledger.moments import micros
from agent.ledger.sql.decided_tables import ChangeRow, ChangeStepRow, PlanRow
from agent.ledger.sql.readings import account_number, table_of

_FLYING = (State.SENDING.value, State.UNKNOWN.value)

_CHANGE, _STEP, _PLAN = table_of(ChangeRow), table_of(ChangeStepRow), table_of(PlanRow)
_MOVED = or_(_CHANGE.c.state.in_(_FLYING), _CHANGE.c.since_us > bindparam("by"))
_CANDIDATES = (
    sa.select(_CHANGE.c.plan, _CHANGE.c.id)
    .where(_CHANGE.c.plan == _PLAN.c.number, _PLAN.c.account == bindparam("account"))
    .where(_CHANGE.c.sent_at_us <= bindparam("by"), _MOVED)
)
_BODY = sa.select(_PLAN.c.body).where(_PLAN.c.number == bindparam("plan"))
_LAST_STEP = (
    sa.select(_STEP.c.state)
    .where(_STEP.c.plan == bindparam("plan"), _STEP.c.change == bindparam("change"))
    .where(_STEP.c.at_us <= bindparam("by"))
    .order_by(_STEP.c.number.desc())
    .limit(1)
)


def in_flight(session: Session, account: AccountId, as_of: datetime) -> Mapping[tuple[Ref, Lever], int]:
    """The highest target of each lever that may have come to stand."""
    connection, by = session.connection(), micros(as_of)
    asked = {"account": account_number(session, account), "by": by}
    candidates = connection.execute(_CANDIDATES, asked).all()
    flying: dict[tuple[Ref, Lever], int] = {}
    for plan in sorted({plan for plan, _ in candidates}):
        body = connection.execute(_BODY, {"plan": plan}).scalar_one()
        changes = {change.id: change for change in decode(body).changes}
        for change_id in (id_ for of, id_ in candidates if of == plan):
            last = connection.execute(_LAST_STEP, {"plan": plan, "change": change_id, "by": by})
            if last.scalar_one_or_none() in _FLYING:
                change = changes[change_id]
                key = (change.ref, change.lever)
                flying[key] = max(number_of(change.after), flying.get(key, 0))
    return flying
