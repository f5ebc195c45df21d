"""Arrivals in the database: read from the sums that each reading left."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import numpy as np
from sqlalchemy import bindparam
from sqlmodel import Session

from agent.domain.ref import AccountId
from agent.domain.tracking_due import Arrivals
from agent.ledger.arrivals import arrived
from agent.ledger.development import DaySums
from agent.ledger.moments import micros
from agent.ledger.sql.coverages import DOUBLES, SUMS, SUMS_OF_CHANNEL, Read, channels_of
from agent.ledger.sql.readings import account_number, reading_at, table_of
from agent.ledger.sql.seen_tables import ReadingRow

_LATELY = table_of(ReadingRow).c.observed_at_us >= bindparam("since")
_OF_ALL, _OF_CHANNEL = SUMS.where(_LATELY), SUMS_OF_CHANNEL.where(_LATELY)


def arrivals(
    session: Session, account: AccountId, since: datetime, as_of: datetime
) -> Mapping[str, Arrivals]:
    """See `Ledger.arrivals`."""
    number = account_number(session, account)
    if number is None:
        return {"": _arrived([])}
    reading, connection = reading_at(session, number, "metrics", as_of), session.connection()
    asked = {"account": number, "reading": reading, "since": micros(since)}
    found = {"": connection.execute(_OF_ALL, asked).all()} | {
        channel: connection.execute(_OF_CHANNEL, {**asked, "channel": channel}).all()
        for channel in channels_of(session, number)
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
