"""Advice in the database: a row for each reading at which it was another."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session, col, select

from agent.domain.advice import NO_ADVICE, Advice
from agent.domain.ref import AccountId
from agent.ledger.advice_codec import decode, encode
from agent.ledger.sql.readings import account_number, begin_reading, reading_at, sure_account_number
from agent.ledger.sql.seen_tables import AdviceSeenRow


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
    content = session.exec(
        select(AdviceSeenRow.content)
        .where(AdviceSeenRow.account == account, AdviceSeenRow.reading <= reading)
        .order_by(col(AdviceSeenRow.reading).desc())
        .limit(1)
    ).one_or_none()
    return NO_ADVICE if content is None else decode(content)
