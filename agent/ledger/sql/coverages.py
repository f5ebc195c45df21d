"""Coverages in the database: which days each reading of metrics spoke for, and what they summed to."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from sqlmodel import Session, col, select

from agent.domain.advice import Window
from agent.domain.entity import Flags, Floats
from agent.domain.record import Coverage
from agent.domain.ref import AccountId
from agent.ledger.development import DaySums, developed, known_days, left_out
from agent.ledger.moments import day, local_day, moment
from agent.ledger.sql.entities import account_seen
from agent.ledger.sql.readings import account_number, reading_at
from agent.ledger.sql.seen_tables import CoverageRow, ReadingRow

_DOUBLES = "<f8"


def packed(sums: Floats) -> bytes:
    """Sums of conversions, one for each day, as `CoverageRow.conversions` holds them."""
    return sums.astype(_DOUBLES).tobytes()


def coverages(session: Session, account: AccountId, as_of: datetime) -> Sequence[Coverage]:
    """The readings of metrics up to that moment, oldest first."""
    number = account_number(session, account)
    if number is None:
        return []
    rows = session.exec(
        select(
            ReadingRow.observed_at_us,
            CoverageRow.since_day,
            CoverageRow.until_day,
            CoverageRow.complete_until_day,
        )
        .where(CoverageRow.account == number)
        .where(ReadingRow.account == number, ReadingRow.number == CoverageRow.reading)
        .where(CoverageRow.reading <= reading_at(session, number, "metrics", as_of))
        .order_by(col(CoverageRow.reading))
    )
    return [
        Coverage(moment(at_us), day(since), day(until), None if complete is None else day(complete))
        for at_us, since, until, complete in rows
    ]


def known_at(session: Session, account: int, reading: int, first: int, n_days: int) -> Flags:
    """Which of these days some reading up to this one spoke for when they were over."""
    rows = session.exec(
        select(CoverageRow.since_day, col(CoverageRow.complete_until_day)).where(
            CoverageRow.account == account,
            CoverageRow.reading <= reading,
            CoverageRow.since_day < first + n_days,
            col(CoverageRow.complete_until_day) >= first,
        )
    ).all()
    spans = np.array([tuple(row) for row in rows], dtype=np.int64).reshape(-1, 2)
    return known_days(spans[:, 0], spans[:, 1], first, n_days)


def development(
    session: Session, account: AccountId, as_of: datetime, n_ages: int, windows: Sequence[Window] = ()
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """See `Ledger.development`. Days are of UTC until the account's facts were seen."""
    number = account_number(session, account)
    if number is None:
        return np.zeros(n_ages - 1), np.zeros(n_ages - 1)
    facts = account_seen(session, number, reading_at(session, number, "entities", as_of))
    zone = ZoneInfo("UTC" if facts is None else facts.time_zone)
    rows = session.exec(
        select(
            ReadingRow.observed_at_us,
            CoverageRow.since_day,
            CoverageRow.until_day,
            CoverageRow.conversions,
        )
        .where(CoverageRow.account == number)
        .where(ReadingRow.account == number, ReadingRow.number == CoverageRow.reading)
        .where(CoverageRow.reading <= reading_at(session, number, "metrics", as_of))
        .order_by(col(CoverageRow.reading))
    ).all()
    since = np.array([row[1] for row in rows], dtype=np.int64)
    until = np.array([row[2] for row in rows], dtype=np.int64)
    sums = DaySums(
        read_on=np.array([local_day(row[0], zone) for row in rows], dtype=np.int64),
        since=since,
        until=until,
        starts=np.cumsum(until - since + 1) - (until - since + 1),
        conversions=np.frombuffer(b"".join(row[3] for row in rows), dtype=_DOUBLES),
    )
    return developed(sums, n_ages, left_out(sums, windows, str(zone)))
