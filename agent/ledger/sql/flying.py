"""In flight: what had been sent, or was about to be, at a moment, and nobody knew the outcome of."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import or_
from sqlmodel import Session, col, select

from agent.domain.lever import Lever, number_of
from agent.domain.outcome import State
from agent.domain.ref import AccountId, Ref
from agent.ledger.codec import decode
from agent.ledger.moments import micros
from agent.ledger.sql.decided_tables import ChangeRow, ChangeStepRow, PlanRow
from agent.ledger.sql.readings import account_number

_FLYING = (State.SENDING.value, State.UNKNOWN.value)


def in_flight(session: Session, account: AccountId, as_of: datetime) -> Mapping[tuple[Ref, Lever], int]:
    """The highest target of each lever that may have come to stand."""
    moved = or_(col(ChangeRow.state).in_(_FLYING), col(ChangeRow.since_us) > micros(as_of))
    candidates = session.exec(
        select(ChangeRow.plan, ChangeRow.id)
        .where(ChangeRow.plan == PlanRow.number, PlanRow.account == account_number(session, account))
        .where(col(ChangeRow.sent_at_us) <= micros(as_of), moved)
    ).all()
    flying: dict[tuple[Ref, Lever], int] = {}
    for plan in sorted({plan for plan, _ in candidates}):
        body = session.exec(select(PlanRow.body).where(PlanRow.number == plan)).one()
        changes = {change.id: change for change in decode(body).changes}
        for change_id in (id_ for of, id_ in candidates if of == plan):
            if _state(session, plan, change_id, as_of) in _FLYING:
                change = changes[change_id]
                key = (change.ref, change.lever)
                flying[key] = max(number_of(change.after), flying.get(key, 0))
    return flying


def _state(session: Session, plan: int, change_id: str, as_of: datetime) -> str | None:
    """The last step of the change by then."""
    return session.exec(
        select(ChangeStepRow.state)
        .where(ChangeStepRow.plan == plan, ChangeStepRow.change == change_id)
        .where(col(ChangeStepRow.at_us) <= micros(as_of))
        .order_by(col(ChangeStepRow.number).desc())
        .limit(1)
    ).one_or_none()
