"""Coverages in the database: which days each reading of metrics spoke for, and what they summed to."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy import Column, bindparam
from sqlmodel import Session

from agent.domain.advice import Window
from agent.domain.entity import Flags, Floats
from agent.domain.maturity import Development
from agent.domain.record import Coverage
from agent.domain.ref import AccountId, Kind
from agent.ledger.development import DaySums, channel_sums, developed, known_days, left_out
from agent.ledger.moments import day, local_day, moment
from agent.ledger.numbering import Numbering
from agent.ledger.sql.entities import account_seen
from agent.ledger.sql.newest import newest_rows
from agent.ledger.sql.readings import account_number, reading_at, table_of
from agent.ledger.sql.seen_tables import ChannelCoverageRow, CoverageRow, EntitySeenRow, ReadingRow

DOUBLES = "<f8"

Read: TypeAlias = tuple[int, int, int, bytes]
"""One reading of metrics: its moment, the first and last day, and packed sums."""

_COVERAGE, _OF_CHANNEL = table_of(CoverageRow), table_of(ChannelCoverageRow)
_READING, _ENTITY_SEEN = table_of(ReadingRow), table_of(EntitySeenRow)


def read_until(*content: "Column[Any]") -> Any:
    """Moment, days and this content of each reading of metrics, oldest first; of "account", to "reading"."""
    return (
        sa.select(_READING.c.observed_at_us, _COVERAGE.c.since_day, _COVERAGE.c.until_day, *content)
        .where(_COVERAGE.c.account == bindparam("account"))
        .where(_READING.c.account == _COVERAGE.c.account, _READING.c.number == _COVERAGE.c.reading)
        .where(_COVERAGE.c.reading <= bindparam("reading"))
        .order_by(_COVERAGE.c.reading)
    )


SUMS = read_until(_COVERAGE.c.conversions)
SUMS_OF_CHANNEL = read_until(_OF_CHANNEL.c.conversions).where(
    _OF_CHANNEL.c.account == _COVERAGE.c.account,
    _OF_CHANNEL.c.reading == _COVERAGE.c.reading,
    _OF_CHANNEL.c.channel == bindparam("channel"),
)
_COVERED = read_until(_COVERAGE.c.complete_until_day)
_KNOWN = sa.select(_COVERAGE.c.since_day, _COVERAGE.c.complete_until_day).where(
    _COVERAGE.c.account == bindparam("account"),
    _COVERAGE.c.reading <= bindparam("reading"),
    _COVERAGE.c.since_day < bindparam("end"),
    _COVERAGE.c.complete_until_day >= bindparam("first"),
)
_CHANNELS = (
    sa.select(_OF_CHANNEL.c.channel)
    .where(_OF_CHANNEL.c.account == bindparam("account"))
    .distinct()
    .order_by(_OF_CHANNEL.c.channel)
)
_NEWEST_CHANNELS = newest_rows(_ENTITY_SEEN, ("entity",)).with_only_columns(
    _ENTITY_SEEN.c.entity, _ENTITY_SEEN.c.channel
)


def packed(sums: Floats) -> bytes:
    """Sums of conversions, one for each day, as `CoverageRow.conversions` holds them."""
    return sums.astype(DOUBLES).tobytes()


def coverages(session: Session, account: AccountId, as_of: datetime) -> Sequence[Coverage]:
    """The readings of metrics up to that moment, oldest first."""
    number = account_number(session, account)
    if number is None:
        return []
    asked = {"account": number, "reading": reading_at(session, number, "metrics", as_of)}
    return [
        Coverage(moment(at_us), day(since), day(until), None if complete is None else day(complete))
        for at_us, since, until, complete in session.connection().execute(_COVERED, asked)
    ]


def known_at(session: Session, account: int, reading: int, first: int, n_days: int) -> Flags:
    """Which of these days some reading up to this one spoke for when they were over."""
    asked = {"account": account, "reading": reading, "first": first, "end": first + n_days}
    rows = session.connection().execute(_KNOWN, asked).all()
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
    asked = {"account": number, "reading": reading_at(session, number, "metrics", as_of)}
    return _developed(session.connection().execute(SUMS, asked).all(), n_ages, windows, zone)


def channel_development(
    session: Session, account: AccountId, as_of: datetime, n_ages: int, windows: Sequence[Window] = ()
) -> Mapping[str, Development]:
    """See `Ledger.channel_development`."""
    number = account_number(session, account)
    if number is None:
        return {}
    zone = _zone(session, number, as_of)
    asked = {"account": number, "reading": reading_at(session, number, "metrics", as_of)}
    found = {
        channel: session.connection().execute(SUMS_OF_CHANNEL, {**asked, "channel": channel}).all()
        for channel in channels_of(session, number)
    }
    return {
        channel: Development(*_developed(rows, n_ages, windows, zone))
        for channel, rows in found.items()
        if rows
    }


def channels_of(session: Session, account: int) -> Sequence[str]:
    """All that ever had sums of their own, sorted."""
    return session.connection().execute(_CHANNELS, {"account": account}).scalars().all()


def record_channels(
    session: Session, account: int, reading: int, known: Numbering, conversions: Floats, *, at: datetime
) -> None:
    """Keep the sums of each channel beside those of all.

    Args:
        conversions: Shape (n_entities, n_days), by entity number.
    """
    asked = {"account": account, "reading": reading_at(session, account, "entities", at)}
    rows = session.connection().execute(_NEWEST_CHANNELS, asked)
    keys = known.keys
    # Of those that were removed too: their conversions still arrive.
    campaigns = [row for row in rows if keys[row.entity][0] == Kind.CAMPAIGN.value]
    numbers = np.array([row.entity for row in campaigns], dtype=np.int64)
    channels = np.array([row.channel for row in campaigns], dtype=np.str_)
    for channel, sums in channel_sums(conversions, numbers, channels).items():
        session.add(
            ChannelCoverageRow(account=account, channel=channel, reading=reading, conversions=packed(sums))
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
