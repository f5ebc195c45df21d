"""Readings: the numbers that stand for accounts, entities and moments in the tables of what was seen."""

from datetime import datetime
from typing import Literal, TypeAlias

import sqlalchemy as sa
from sqlalchemy import Table, func
from sqlmodel import Session, SQLModel

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
    asked = {"platform": account.platform, "account": account.account}
    number: int | None = session.connection().execute(_NUMBER, asked).scalar_one_or_none()
    return number


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
    asked = {"account": account, "about": about}
    newest_us = session.connection().execute(_NEWEST_AT, asked).scalar_one_or_none()
    refuse_older(about, at, [] if newest_us is None else [moment(newest_us)])
    last = session.connection().execute(_LAST, {"account": account}).scalar_one()
    number = 1 if last is None else last + 1
    row = {**asked, "number": number, "observed_at_us": micros(at)}
    session.connection().execute(sa.insert(table_of(ReadingRow)), row)
    return number


def reading_at(session: Session, account: int, about: About, as_of: datetime) -> int:
    """The newest reading up to that moment; 0 when there was none."""
    asked = {"account": account, "about": about, "as_of": micros(as_of)}
    return session.connection().execute(_NEWEST_UNTIL, asked).scalar_one_or_none() or 0


def numbering(session: Session, account: int) -> Numbering:
    """The numbers of the account's entities."""
    rows = session.connection().execute(_NUMBERED, {"account": account})
    return Numbering([(kind, id_) for kind, id_ in rows])


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


# Statements that every tick asks many times; to build one costs five times what it takes to ask.
_ACCOUNT, _READING = table_of(AccountRow).c, table_of(ReadingRow).c
_NUMBER = sa.select(_ACCOUNT.number).where(
    _ACCOUNT.platform == sa.bindparam("platform"), _ACCOUNT.account == sa.bindparam("account")
)
_OF_ACCOUNT = _READING.account == sa.bindparam("account")
_NEWEST = (
    sa.select(_READING.number)
    .where(_OF_ACCOUNT, _READING.about == sa.bindparam("about"))
    .order_by(_READING.number.desc())
    .limit(1)
)
_NEWEST_AT = _NEWEST.with_only_columns(_READING.observed_at_us)
_NEWEST_UNTIL = _NEWEST.where(_READING.observed_at_us <= sa.bindparam("as_of"))
_ENTITY = table_of(EntityRow).c
_NUMBERED = (
    sa.select(_ENTITY.kind, _ENTITY.id)
    .where(_ENTITY.account == sa.bindparam("account"))
    .order_by(_ENTITY.number)
)
_LAST = sa.select(func.max(_READING.number)).where(_OF_ACCOUNT)
