"""Advice in the database: a row for each reading at which it was another."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlmodel import Session, select

from agent.domain.advice import NO_ADVICE, Advice
from agent.domain.ref import AccountId
from agent.ledger.advice_codec import decode, encode
from agent.ledger.sql.readings import (
    account_number,
    begin_reading,
    reading_at,
    sure_account_number,
    table_of,
)
from agent.ledger.sql.seen_tables import AdviceSeenRow

_SEEN = table_of(AdviceSeenRow)
_LATEST = (
    sa.select(_SEEN.c.content)
    .where(_SEEN.c.account == bindparam("account"), _SEEN.c.reading <= bindparam("reading"))
    .order_by(_SEEN.c.reading.desc())
    .limit(1)
)


def record_advice(session: Session, account: AccountId, told: Advice, at: datetime) -> None:
    """Append what differs from what was known."""
    number = sure_account_number(session, account)
    reading = begin_reading(session, number, "advice", at)
    if told != _advice_at(session, number, reading):
        session.add(AdviceSeenRow(account=number, reading=reading, content=encode(told)))


def advice(session: Session, account: AccountId, as_of: datetime) -> Advice:
    """What the platform had told by that moment."""
    number = account_number(session, account)
    reading = 0 if number is None else reading_at(session, number, "advice", as_of)
    return NO_ADVICE if number is None or reading == 0 else _advice_at(session, number, reading)


def all_advice(session: Session, account: int) -> Mapping[int, Advice]:
    """Each that differed from the one before, by the number of its reading."""
    rows = session.exec(select(AdviceSeenRow).where(AdviceSeenRow.account == account)).all()
    return {row.reading: decode(row.content) for row in rows}


def _advice_at(session: Session, account: int, reading: int) -> Advice:
    asked = {"account": account, "reading": reading}
    content = session.connection().execute(_LATEST, asked).scalar_one_or_none()
    return NO_ADVICE if content is None else decode(content)
