"""Coverages in the database: which days each reading of metrics spoke for, and what they summed to."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from sqlmodel import Session, col, select

from agent.domain.advice import Window
from agent.domain.entity import Flags, Floats
from agent.domain.maturity import Development
from agent.domain.record import Coverage
from agent.domain.ref import AccountId, Kind
from agent.ledger.development import DaySums, channel_sums, developed, known_days, left_out
from agent.ledger.moments import day, local_day, moment
from agent.ledger.numbering import Numbering
from agent.ledger.sql.entities import account_seen
from agent.ledger.sql.readings import account_number, latest, reading_at, table_of
from agent.ledger.sql.seen_tables import ChannelCoverageRow, CoverageRow, EntitySeenRow, ReadingRow

DOUBLES = "<f8"


def packed(sums: Floats) -> bytes:
    """Sums of conversions, one for each day, as `CoverageRow.conversions` holds them."""
    return sums.astype(DOUBLES).tobytes()


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
    zone = _zone(session, number, as_of)
    rows = session.exec(read_until(CoverageRow.conversions, session, number, as_of)).all()
    return _developed(rows, n_ages, windows, zone)


def channel_development(
    session: Session, account: AccountId, as_of: datetime, n_ages: int, windows: Sequence[Window] = ()
) -> Mapping[str, Development]:
    """See `Ledger.channel_development`."""
    number = account_number(session, account)
    if number is None:
        return {}
    zone = _zone(session, number, as_of)
    of_channel = read_until(ChannelCoverageRow.conversions, session, number, as_of).where(
        ChannelCoverageRow.account == number, ChannelCoverageRow.reading == CoverageRow.reading
    )
    channels = session.exec(
        select(ChannelCoverageRow.channel)
        .where(ChannelCoverageRow.account == number)
        .distinct()
        .order_by(ChannelCoverageRow.channel)
    ).all()
    found = {
        channel: session.exec(of_channel.where(ChannelCoverageRow.channel == channel)).all()
        for channel in channels
    }
    return {
        channel: Development(*_developed(rows, n_ages, windows, zone))
        for channel, rows in found.items()
        if rows
    }


def record_channels(
    session: Session, account: int, reading: int, known: Numbering, conversions: Floats, *, at: datetime
) -> None:
    """Keep the sums of each channel beside those of all.

    Args:
        conversions: Shape (n_entities, n_days), by entity number.
    """
    seen = table_of(EntitySeenRow)
    last = reading_at(session, account, "entities", at)
    rows = session.connection().execute(
        latest(seen, ("entity",), account, last).with_only_columns(seen.c.entity, seen.c.channel)
    )
    keys = known.keys
    # Of those that were removed too: their conversions still arrive.
    campaigns = [row for row in rows if keys[row.entity][0] == Kind.CAMPAIGN.value]
    numbers = np.array([row.entity for row in campaigns], dtype=np.int64)
    channels = np.array([row.channel for row in campaigns], dtype=np.str_)
    for channel, sums in channel_sums(conversions, numbers, channels).items():
        session.add(
            ChannelCoverageRow(account=account, channel=channel, reading=reading, conversions=packed(sums))
        )


Read = tuple[int, int, int, bytes]


def read_until(content: bytes, session: Session, account: int, as_of: datetime) -> Any:
    """Moment, days and packed sums of each reading of metrics, oldest first."""
    return (
        select(ReadingRow.observed_at_us, CoverageRow.since_day, CoverageRow.until_day, content)
        .where(CoverageRow.account == account)
        .where(ReadingRow.account == account, ReadingRow.number == CoverageRow.reading)
        .where(CoverageRow.reading <= reading_at(session, account, "metrics", as_of))
        .order_by(col(CoverageRow.reading))
    )


def _zone(session: Session, account: int, as_of: datetime) -> ZoneInfo:
    facts = account_seen(session, account, reading_at(session, account, "entities", as_of))
    return ZoneInfo("UTC" if facts is None else facts.time_zone)


def _developed(
    rows: Sequence[Read], n_ages: int, windows: Sequence[Window], zone: ZoneInfo
) -> tuple[Floats, Floats]:
    since = np.array([row[1] for row in rows], dtype=np.int64)
    until = np.array([row[2] for row in rows], dtype=np.int64)
    sums = DaySums(
        read_on=np.array([local_day(row[0], zone) for row in rows], dtype=np.int64),
        since=since,
        until=until,
        starts=np.cumsum(until - since + 1) - (until - since + 1),
        conversions=np.frombuffer(b"".join(row[3] for row in rows), dtype=DOUBLES),
    )
    return developed(sums, n_ages, left_out(sums, windows, str(zone)))
