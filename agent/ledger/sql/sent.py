"""Sent in the database: a row for each change at the moment when it was written that it would be sent."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import numpy as np
import sqlalchemy as sa
from sqlalchemy import func, insert
from sqlmodel import Session, select

from agent.domain.lever import Lever, number_of
from agent.domain.outcome import State, Step
from agent.domain.ref import AccountId
from agent.ledger.codec import decode
from agent.ledger.lever_moved import Sends
from agent.ledger.moments import micros
from agent.ledger.sql.decided_tables import PlanRow, SentRow
from agent.ledger.sql.readings import account_number, table_of
from agent.ledger.sql.seen_tables import EntityRow


def record_sent(session: Session, steps: Sequence[Step], at: datetime) -> None:
    """Append what these steps send: which lever was to stand where."""
    sending: dict[str, set[str]] = {}
    for step in steps:
        if step.state is State.SENDING:
            sending.setdefault(step.plan_id, set()).add(step.change_id)
    rows = []
    for plan_id, change_ids in sending.items():
        body = session.exec(select(PlanRow.body, PlanRow.account).where(PlanRow.id == plan_id)).one()
        plan = decode(body[0])
        rows += [
            {
                "account": body[1],
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
        session.connection().execute(insert(table_of(SentRow)), rows)


def sent(session: Session, account: AccountId, since: datetime, as_of: datetime) -> int:
    """How many changes were sent from `since` until before `as_of`."""
    rows = table_of(SentRow)
    query = sa.select(func.count()).where(
        rows.c.account == account_number(session, account),
        rows.c.at_us >= micros(since),
        rows.c.at_us < micros(as_of),
    )
    found: int = session.connection().execute(query).scalar_one()
    return found


def sends(session: Session, account: int, as_of: datetime) -> Mapping[Lever, Sends]:
    """The changes of each lever that were sent up to `as_of`; entities by their short numbers."""
    rows, entities = table_of(SentRow), table_of(EntityRow)
    first = session.connection().execute(select(func.min(rows.c.at_us)).where(rows.c.account == account))
    first_us: int | None = first.scalar_one()
    query = (
        sa.select(rows.c.lever, entities.c.number, rows.c.target, rows.c.at_us)
        .where(rows.c.account == account, rows.c.at_us <= micros(as_of))
        .where(entities.c.account == account, entities.c.kind == rows.c.kind, entities.c.id == rows.c.id)
    )
    by_lever: dict[str, list[list[int]]] = {lever: [] for lever in Lever}
    for lever, entity, target, at_us in session.connection().execute(query):
        by_lever[lever].append([entity, target, at_us])
    columns = {lever: np.array(found, dtype=np.int64).reshape(-1, 3).T for lever, found in by_lever.items()}
    return {Lever(lever): Sends(found[0], found[1], found[2], first_us) for lever, found in columns.items()}
