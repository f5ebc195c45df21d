"""Freezes in the database: since when the conversions of an account cannot be believed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from agent.domain.record import Freeze
from agent.domain.ref import AccountId
from agent.ledger.moments import micros, moment
from agent.ledger.sql.decided_tables import FreezeRow
from agent.ledger.sql.readings import account_number, sure_account_number, table_of

_FREEZE = table_of(FreezeRow)
_KNOWN = (
    sa.select(_FREEZE)
    .where(_FREEZE.c.account == bindparam("account"), _FREEZE.c.at_us <= bindparam("by"))
    .order_by(_FREEZE.c.number)
)


def freeze(session: Session, found: Freeze) -> bool:
    """Append the freeze, unless one is in force. Returns: whether none was."""
    number = sure_account_number(session, found.account)
    if _in_force(session, number) is not None:
        return False
    session.add(
        FreezeRow(
            account=number,
            begins_us=micros(found.begins),
            at_us=micros(found.at),
            because=found.because,
        )
    )
    return True


def thaw(session: Session, account: AccountId, by: str, at: datetime) -> bool:
    """End the freeze in force. Returns: whether there was one."""
    number = account_number(session, account)
    row = None if number is None else _in_force(session, number)
    if row is None:
        return False
    row.ended_us, row.ended_by = micros(at), by
    return True


def freezes(session: Session, account: AccountId, as_of: datetime) -> Sequence[Freeze]:
    """As they were known at that moment, oldest first."""
    asked = {"account": account_number(session, account), "by": micros(as_of)}
    return [_read(account, row, as_of) for row in session.connection().execute(_KNOWN, asked)]


def _in_force(session: Session, number: int) -> FreezeRow | None:
    return session.exec(
        select(FreezeRow)
        .where(FreezeRow.account == number, col(FreezeRow.ended_us).is_(None))
        .order_by(col(FreezeRow.number).desc())
        .limit(1)
    ).one_or_none()


def _read(account: AccountId, row: "sa.Row[Any]", as_of: datetime) -> Freeze:
    begins, at = moment(row.begins_us), moment(row.at_us)
    if row.ended_us is None or moment(row.ended_us) > as_of:
        return Freeze(account, begins, at, row.because)
    return Freeze(account, begins, at, row.because, moment(row.ended_us), row.ended_by)
