"""Recall: all that the ledger knew of an account at one moment, as a snapshot."""

import hashlib
from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from agent.domain.advice import NO_ADVICE
from agent.domain.maturity import Lag
from agent.domain.metrics import DailyMetrics
from agent.domain.moves import Moves
from agent.domain.record import Coverage, Freeze
from agent.domain.ref import AccountId
from agent.domain.snapshot import Freshness, Grade, Snapshot
from agent.domain.tracking_break import broken_windows, in_force
from agent.ports.ledger import Ledger

UNSEEN_FOR = timedelta(days=2)
"""An account that was not read for longer is steered anew with care."""
_READINGS = 24 * 31


def recall(
    ledger: Ledger,
    account: AccountId,
    now: datetime,
    lag: Lag,
    *,
    history_days: int,
    max_age: timedelta | None,
) -> Snapshot | None:
    """Build the snapshot for `now`; None when the account was never observed.

    Args:
        max_age: Metrics seen longer ago than this are STALE; None: every age is.
    """
    table = ledger.entities(account, now)
    if table is None:
        return None
    zone = ZoneInfo(table.account.time_zone)
    today = now.astimezone(zone).date()
    last = np.datetime64(today, "D")
    days = np.arange(last - history_days, last)
    metrics = ledger.metrics(table, days, now)
    coverages = ledger.coverages(account, now)
    advice, freezes = ledger.advice(account, now), ledger.freezes(account, now)
    seen_on = coverages[-1].observed_at.astimezone(zone).date() if coverages else today
    ages = np.maximum((np.datetime64(seen_on, "D") - days).astype(np.int64), 0)
    return Snapshot(
        as_of=now,
        today=today,
        entities=table,
        days=days,
        metrics=metrics,
        maturity=lag.account.at(ages),
        maturity_learned=lag.account.learned,
        freshness=_freshness(metrics, coverages, now, max_age),
        memory=ledger.lever_memory(table, days, now),
        advice=replace(advice, windows=(*advice.windows, *broken_windows(freezes, now))),
        freeze=in_force(freezes),
        resumed_at=_resumed_at(freezes, coverages),
        channel_maturity={channel: curve.at(ages) for channel, curve in lag.channels.items()},
        sent_last_hour=ledger.sent(account, now - timedelta(hours=1), now),
    )


def digest(snapshot: Snapshot) -> str:
    """Digest of all that a decision could have used; equal data give the equal digest."""
    sha = hashlib.blake2b(digest_size=16)

    def add(*columns: NDArray[Any]) -> None:
        for column in columns:
            sha.update(np.ascontiguousarray(column).tobytes())

    entities = snapshot.entities
    sha.update(f"{snapshot.as_of.isoformat()} {entities.account}".encode())
    for words in (entities.kinds, entities.ids, entities.names, entities.bidding, entities.locked):
        sha.update("\x1f".join(words.tolist()).encode())
    sha.update(repr([sorted(labels) for labels in entities.labels]).encode())
    for lever in sorted(entities.levers):
        column, memory = entities.levers[lever], snapshot.memory[lever]
        sha.update(lever.encode())
        add(column.numbers, column.present, memory.baseline, memory.changed_at, memory.stood)
        if memory.moves is not None:
            add(*(getattr(memory.moves, field.name) for field in fields(Moves)))
    matrices = [getattr(snapshot.metrics, field.name) for field in fields(DailyMetrics)]
    add(*(matrix for matrix in matrices if matrix is not None))
    add(snapshot.maturity)
    for channel, maturity in sorted(snapshot.channel_maturity.items()):
        sha.update(channel.encode())
        add(maturity)
    sha.update(snapshot.entities.learning.tobytes() + str(snapshot.sent_last_hour).encode())
    if snapshot.advice != NO_ADVICE:
        sha.update(repr(snapshot.advice).encode())
    if snapshot.freeze is not None or snapshot.resumed_at is not None:
        sha.update(f"{snapshot.freeze} {snapshot.resumed_at}".encode())
    return sha.hexdigest()


def _resumed_at(freezes: Sequence[Freeze], coverages: Sequence[Coverage]) -> datetime | None:
    """When the account last came back into sight: the end of its last freeze, or of a gap in its readings."""
    seen = [coverage.observed_at for coverage in coverages[-_READINGS:]]
    ends = [later for earlier, later in pairwise(seen) if later - earlier > UNSEEN_FOR]
    ends += [one.ended for one in freezes if one.ended is not None]
    return max(ends, default=None)


def _freshness(
    metrics: DailyMetrics, coverages: Sequence[Coverage], now: datetime, max_age: timedelta | None
) -> Freshness:
    """Grade the data: stale when seen too long ago, partial when days are missing."""
    if not coverages:
        return Freshness(Grade.STALE, None, None, metrics.known.shape[1])
    observed_at = coverages[-1].observed_at
    complete = [c.complete_until for c in coverages if c.complete_until is not None]
    missing = int((~metrics.known.all(axis=0)).sum())
    if max_age is None or now - observed_at > max_age:
        grade = Grade.STALE
    elif missing:
        grade = Grade.PARTIAL
    else:
        grade = Grade.FRESH
    return Freshness(grade, observed_at, max(complete) if complete else None, missing)
