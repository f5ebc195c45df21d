"""Readings: the numbers that stand for accounts, entities and moments in the tables of what was seen."""

from datetime import datetime
from typing import Any, Literal, TypeAlias

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Table, and_, func, insert
from sqlalchemy.sql import Select
from sqlmodel import Session, SQLModel, col, select

from agent.domain.entity import Strings
from agent.domain.ref import AccountId
from agent.ledger.moments import micros, moment, refuse_older
from agent.ledger.sql.seen_tables import AccountRow, EntityRow, ReadingRow

About: TypeAlias = Literal["entities", "metrics"]
Numbering: TypeAlias = dict[tuple[str, str], int]


def table_of(model: type[SQLModel]) -> Table:
    """The plain table of a model, for statements over many rows."""
    return SQLModel.metadata.tables[str(model.__tablename__)]


def account_number(session: Session, account: AccountId) -> int | None:
    """The account's number; None when the ledger never heard of it."""
    return session.exec(
        select(AccountRow.number).where(
            AccountRow.platform == account.platform, AccountRow.account == account.account
        )
    ).one_or_none()


def sure_account_number(session: Session, account: AccountId) -> int:
    """The account's number, given now when it had none. Only within a write."""
    number = account_number(session, account)
    if number is not None:
        return number
    row = AccountRow(platform=account.platform, account=account.account)
    session.add(row)
    session.flush()
    assert row.number is not None
    return row.number


def begin_reading(session: Session, account: int, about: About, at: datetime) -> int:
    """Number a new reading.

    Raises:
        LedgerError: A newer one was recorded before: "as known at T" would be wrong for ever.
    """
    newest = session.exec(
        select(ReadingRow)
        .where(ReadingRow.account == account, ReadingRow.about == about)
        .order_by(col(ReadingRow.number).desc())
        .limit(1)
    ).one_or_none()
    refuse_older(about, at, [] if newest is None else [moment(newest.observed_at_us)])
    last = session.exec(select(func.max(ReadingRow.number)).where(ReadingRow.account == account)).one()
    number = 1 if last is None else last + 1
    session.add(ReadingRow(account=account, number=number, about=about, observed_at_us=micros(at)))
    session.flush()
    return number


def reading_at(session: Session, account: int, about: About, as_of: datetime) -> int:
    """The newest reading up to that moment; 0 when there was none."""
    number = session.exec(
        select(ReadingRow.number)
        .where(
            ReadingRow.account == account,
            ReadingRow.about == about,
            ReadingRow.observed_at_us <= micros(as_of),
        )
        .order_by(col(ReadingRow.number).desc())
        .limit(1)
    ).one_or_none()
    return number or 0


def numbering(session: Session, account: int) -> Numbering:
    """The number of each (kind, id) of the account; they are 0, 1, 2, ..."""
    rows = session.exec(
        select(EntityRow.kind, EntityRow.id, EntityRow.number).where(EntityRow.account == account)
    )
    return {(kind, id_): number for kind, id_, number in rows}


def sure_numbers(
    session: Session, account: int, known: Numbering, kinds: Strings, ids: Strings
) -> NDArray[np.int64]:
    """The number of each row's entity; new ones are numbered, also in `known`. Only within a write."""
    before = len(known)
    numbers = np.fromiter(
        (known.setdefault(key, len(known)) for key in zip(kinds.tolist(), ids.tolist(), strict=True)),
        dtype=np.int64,
        count=len(ids),
    )
    new = [
        {"account": account, "number": number, "kind": kind, "id": id_}
        for (kind, id_), number in list(known.items())[before:]
    ]
    if new:
        session.connection().execute(insert(table_of(EntityRow)), new)
    return numbers


def numbers_of(known: Numbering, kinds: Strings, ids: Strings) -> NDArray[np.int64]:
    """The number of each row's entity; -1 where the ledger never heard of it."""
    keys = zip(kinds.tolist(), ids.tolist(), strict=True)
    return np.fromiter((known.get(key, -1) for key in keys), dtype=np.int64, count=len(ids))


def latest(
    table: Table, keys: tuple[str, ...], account: int, reading: int, *only: ColumnElement[bool]
) -> Select[Any]:
    """The newest row of each key up to that reading.

    Args:
        keys: What stands between "account" and "reading" in the table's primary key.
        only: Further conditions on the keys.
    """
    mine = and_(table.c.account == account, table.c.reading <= reading, *only)
    newest = (
        sa.select(*(table.c[key] for key in keys), func.max(table.c.reading).label("reading"))
        .where(mine)
        .group_by(*(table.c[key] for key in ("account", *keys)))
        .subquery()
    )
    same = (table.c[key] == newest.c[key] for key in (*keys, "reading"))
    return sa.select(table).join(newest, and_(table.c.account == account, *same))
