"""Readings: the numbers that stand for accounts, entities and moments in the tables of what was seen."""

from datetime import datetime
from typing import Any, Literal, TypeAlias

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Table, and_, func
from sqlalchemy.sql import Select
from sqlmodel import Session, SQLModel, col, select

from agent.domain.entity import Numbers, Strings
from agent.domain.ref import AccountId
from agent.ledger.moments import micros, moment, refuse_older
from agent.ledger.numbering import Numbering
from agent.ledger.sql.seen_tables import AccountRow, EntityRow, ReadingRow

About: TypeAlias = Literal["entities", "metrics", "advice"]


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
    """The numbers of the account's entities."""
    entity = table_of(EntityRow)
    query = sa.select(entity.c.kind, entity.c.id).where(entity.c.account == account).order_by(entity.c.number)
    return Numbering([(kind, id_) for kind, id_ in session.connection().execute(query).all()])


def sure_numbers(session: Session, account: int, known: Numbering, kinds: Strings, ids: Strings) -> Numbers:
    """The number of each row's entity; new ones are stored and known from now on. Only within a write."""
    before = len(known)
    numbers = known.sure(kinds, ids)
    if len(known) > before:
        rows = [
            {"account": account, "number": number, "kind": kind, "id": id_}
            for number, (kind, id_) in enumerate(known.keys[before:], before)
        ]
        session.connection().execute(sa.insert(table_of(EntityRow)), rows)
    return numbers


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
