"""Runs in the database: what was begun for which slot, and how it ended."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlmodel import Session

from agent.domain.errors import LedgerError
from agent.domain.record import Run, RunKind
from agent.domain.ref import AccountId
from agent.ledger.moments import micros, moment
from agent.ledger.sql.decided_tables import RunRow
from agent.ledger.sql.readings import account_number, sure_account_number, table_of

_RUN = table_of(RunRow)
_NEWEST = (
    sa.select(_RUN)
    .where(_RUN.c.account == bindparam("account"), _RUN.c.kind == bindparam("kind"))
    .order_by(_RUN.c.started_at_us.desc(), _RUN.c.slot.desc())
    .limit(bindparam("limit"))
)


def begin_run(session: Session, account: AccountId, kind: RunKind, slot: str, at: datetime) -> bool:
    """Claim the slot; False when it is taken."""
    number = sure_account_number(session, account)
    if session.get(RunRow, (number, kind.value, slot)) is not None:
        return False
    session.add(RunRow(account=number, kind=kind.value, slot=slot, started_at_us=micros(at)))
    return True


def finish_run(
    session: Session, account: AccountId, kind: RunKind, slot: str, at: datetime, *, error: str
) -> None:
    """Close the run; a LedgerError when it was never begun."""
    row = session.get(RunRow, (account_number(session, account), kind.value, slot))
    if row is None:
        raise LedgerError(f"ledger: run {account} {kind} {slot} was never begun")
    row.finished_at_us = micros(at)
    row.error = error


def runs(session: Session, account: AccountId, kind: RunKind, limit: int) -> Sequence[Run]:
    """Newest first."""
    asked = {"account": account_number(session, account), "kind": kind.value, "limit": limit}
    rows = session.connection().execute(_NEWEST, asked)
    return [
        Run(
            account,
            kind,
            row.slot,
            moment(row.started_at_us),
            None if row.finished_at_us is None else moment(row.finished_at_us),
            row.error,
        )
        for row in rows
    ]
