"""Haltings in the database: all that ever stopped an account or everything."""

from collections.abc import Sequence

from sqlalchemy import or_
from sqlmodel import Session, col, select

from agent.domain.record import Halt, Halting
from agent.domain.ref import AccountId
from agent.ledger.haltings import HaltWord, haltings_of
from agent.ledger.moments import moment
from agent.ledger.sql.decided_tables import StopRow
from agent.ledger.sql.readings import account_number


def haltings(session: Session, account: AccountId) -> Sequence[Halting]:
    """In the order of their begin."""
    number = account_number(session, account)
    rows = session.exec(
        select(StopRow)
        .where(or_(col(StopRow.account).is_(None), col(StopRow.account) == number))
        .order_by(col(StopRow.number))
    )
    return haltings_of([_word(row, account) for row in rows])


def _word(row: StopRow, account: AccountId) -> HaltWord:
    of, at = None if row.account is None else account, moment(row.at_us)
    halt = Halt(row.decided_by, at, row.because, of) if row.stopped else None
    return HaltWord(of, at, row.decided_by, halt)
