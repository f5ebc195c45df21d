"""Sent in the database: a row for each change at the moment when it was written that it would be sent."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import numpy as np
import sqlalchemy as sa
from sqlalchemy import bindparam, func, insert
from sqlmodel import Session

from agent.domain.lever import Lever, number_of
from agent.domain.outcome import State, Step
from agent.domain.ref import AccountId
from agent.ledger.codec import decode
from agent.ledger.lever_moved import Sends
from agent.ledger.moments import micros
from agent.ledger.sql.decided_tables import PlanRow, SentRow
from agent.ledger.sql.readings import account_number, table_of
from agent.ledger.sql.seen_tables import EntityRow

_SENT, _ENTITY, _PLAN = table_of(SentRow), table_of(EntityRow), table_of(PlanRow)
_BODY = sa.select(_PLAN.c.body, _PLAN.c.account).where(_PLAN.c.id == bindparam("id"))
_HOW_MANY = sa.select(func.count()).where(
    _SENT.c.account == bindparam("account"),
    _SENT.c.at_us >= bindparam("since"),
    _SENT.c.at_us < bindparam("until"),
)
_FIRST = sa.select(func.min(_SENT.c.at_us)).where(_SENT.c.account == bindparam("account"))
_SENDS = (
    sa.select(_SENT.c.lever, _ENTITY.c.number, _SENT.c.target, _SENT.c.at_us)
    .where(_SENT.c.account == bindparam("account"), _SENT.c.at_us <= bindparam("by"))
    .where(_ENTITY.c.account == _SENT.c.account, _ENTITY.c.kind == _SENT.c.kind, _ENTITY.c.id == _SENT.c.id)
)


def record_sent(session: Session, steps: Sequence[Step], at: datetime) -> None:
    """Append what these steps send: which lever was to stand where."""
    sending: dict[str, set[str]] = {}
    for step in steps:
        if step.state is State.SENDING:
            sending.setdefault(step.plan_id, set()).add(step.change_id)
    rows = []
    for plan_id, change_ids in sending.items():
        body, account = session.connection().execute(_BODY, {"id": plan_id}).one()
        plan = decode(body)
        rows += [
            {
                "account": account,
                "at_us": micros(at),
                "kind": change.ref.kind.value,
                "id": plan.account.id_of(change.ref),
                "lever": change.lever.value,
                "target": number_of(change.after),
            }
            for change in plan.changes
            if change.id in change_ids
        ]
    if rows:
        session.connection().execute(insert(_SENT), rows)


def sent(session: Session, account: AccountId, since: datetime, as_of: datetime) -> int:
    """How many changes were sent from `since` until before `as_of`."""
    asked = {"account": account_number(session, account), "since": micros(since), "until": micros(as_of)}
    found: int = session.connection().execute(_HOW_MANY, asked).scalar_one()
    return found


def sends(session: Session, account: int, as_of: datetime) -> Mapping[Lever, Sends]:
    """The changes of each lever that were sent up to `as_of`; entities by their short numbers."""
    connection = session.connection()
    first_us: int | None = connection.execute(_FIRST, {"account": account}).scalar_one()
    rows = connection.execute(_SENDS, {"account": account, "by": micros(as_of)})
    by_lever: dict[str, list[list[int]]] = {lever: [] for lever in Lever}
    for lever, entity, target, at_us in rows:
        by_lever[lever].append([entity, target, at_us])
    columns = {lever: np.array(found, dtype=np.int64).reshape(-1, 3).T for lever, found in by_lever.items()}
    return {Lever(lever): Sends(found[0], found[1], found[2], first_us) for lever, found in columns.items()}
