"""Arrivals in the database: read from the sums that each reading left."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import numpy as np
from sqlmodel import Session, select

from agent.domain.ref import AccountId
from agent.domain.tracking_due import Arrivals
from agent.ledger.arrivals import arrived
from agent.ledger.development import DaySums
from agent.ledger.moments import micros
from agent.ledger.sql.coverages import DOUBLES, Read, read_until
from agent.ledger.sql.readings import account_number
from agent.ledger.sql.seen_tables import ChannelCoverageRow, CoverageRow, ReadingRow


def arrivals(
    session: Session, account: AccountId, since: datetime, as_of: datetime
) -> Mapping[str, Arrivals]:
    """See `Ledger.arrivals`."""
    number = account_number(session, account)
    if number is None:
        return {"": _arrived([])}
    lately = ReadingRow.observed_at_us >= micros(since)
    of_all = read_until(CoverageRow.conversions, session, number, as_of).where(lately)
    of_channel = read_until(ChannelCoverageRow.conversions, session, number, as_of).where(
        lately, ChannelCoverageRow.account == number, ChannelCoverageRow.reading == CoverageRow.reading
    )
    channels = session.exec(
        select(ChannelCoverageRow.channel)
        .where(ChannelCoverageRow.account == number)
        .distinct()
        .order_by(ChannelCoverageRow.channel)
    ).all()
    found = {"": session.exec(of_all).all()} | {
        channel: session.exec(of_channel.where(ChannelCoverageRow.channel == channel)).all()
        for channel in channels
    }
    return {channel: _arrived(rows) for channel, rows in found.items() if rows or not channel}


def _arrived(rows: Sequence[Read]) -> Arrivals:
    at = np.array([row[0] for row in rows], dtype=np.int64)
    since = np.array([row[1] for row in rows], dtype=np.int64)
    until = np.array([row[2] for row in rows], dtype=np.int64)
    length = until - since + 1
    sums = DaySums(
        read_on=at // 86_400_000_000,
        since=since,
        until=until,
        starts=np.cumsum(length) - length,
        conversions=np.frombuffer(b"".join(row[3] for row in rows), dtype=DOUBLES),
    )
    return arrived(sums, at.astype("datetime64[us]"), np.datetime64(0, "us"))
