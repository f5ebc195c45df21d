"""Development: how a day's conversions grew from one local date to the next."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.domain.advice import Window
from agent.domain.entity import Flags, Floats, Strings
from agent.domain.exclusion import touched_days
from agent.domain.metrics import MetricsTable
from agent.domain.ref import Kind
from agent.ledger.moments import day_number

Days = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class DaySums:
    """What each reading knew of the days it spoke for, oldest reading first.

    Attributes:
        read_on: Shape (n_readings,), local date on which it was made (days since 1970).
        since, until: Shape (n_readings,), days that it spoke for, both included.
        starts: Shape (n_readings,), where its sums begin in `conversions`.
        conversions: All sums over entities, one for each reading and day.
    """

    read_on: Days
    since: Days
    until: Days
    starts: Days
    conversions: NDArray[np.float64]


def developed(
    sums: DaySums, n_ages: int, left_out: frozenset[int] = frozenset()
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Conversions known at age a, and of the same days at age a + 1 (Mack 1993).

    A day has an age when some reading made on that local date spoke for it; the last such
    reading counts. Pairs of ages are pooled over the days that have both.

    Args:
        left_out: Days (since 1970) that do not count, neither as the day of the click nor as that of
            the reading.

    Returns:
        Two arrays of shape (n_ages - 1,).
    """
    pooled = np.zeros(n_ages - 1)
    if n_ages < 2 or not len(sums.read_on) or not sums.conversions.any():
        return pooled, pooled.copy()
    order = np.argsort(sums.read_on, kind="stable")
    read_on = sums.read_on[order]
    ages = np.arange(n_ages)
    day = read_on[:, np.newaxis] - ages
    spoke = (day >= sums.since[order, np.newaxis]) & (day <= sums.until[order, np.newaxis])
    position = np.where(spoke, np.arange(len(order))[:, np.newaxis], -1)
    first = np.flatnonzero(np.diff(read_on, prepend=read_on[0] - 1))
    last = np.maximum.reduceat(position, first, axis=0)  # (n_dates, n_ages)
    dates = read_on[first]
    reading = order[np.maximum(last, 0)]
    where = sums.starts[reading] + (dates[:, np.newaxis] - ages) - sums.since[reading]
    known = sums.conversions[np.where(last >= 0, where, 0)]
    wrong = list(left_out)
    # What was read on such a day had grown by too little, and after it by too much.
    sound = ~(np.isin(dates[:-1], wrong) | np.isin(dates[1:], wrong))
    counts = ~np.isin(dates[:-1, np.newaxis] - ages[:-1], wrong) & sound[:, np.newaxis]
    both = counts & (last[:-1, :-1] >= 0) & (last[1:, 1:] >= 0) & (np.diff(dates) == 1)[:, np.newaxis]
    earlier = np.where(both, known[:-1, :-1], 0.0).sum(axis=0)
    later = np.where(both, known[1:, 1:], 0.0).sum(axis=0)
    return earlier, later


def counted(numbered: Sequence[tuple[str, str]]) -> Flags:
    """Whose conversions count in sums of the account: its campaigns'; without any, everybody's.

    What is in a campaign, and what campaigns share, tells the same conversions again; and a level
    that is told from one reading on would look like conversions that came late.

    Args:
        numbered: Kind and id of each entity, by its number.

    Returns:
        Shape (n_entities,).
    """
    campaigns = np.array([kind == Kind.CAMPAIGN.value for kind, _ in numbered], dtype=bool)
    return campaigns if campaigns.any() else ~campaigns


def channel_sums(conversions: Floats, numbers: Days, channels: Strings) -> dict[str, Floats]:
    """Conversions of each channel, summed over its campaigns; empty where all are of one.

    Args:
        conversions: Shape (n_entities, n_days), by entity number.
        numbers, channels: Shape (n_campaigns,), number and channel of each; -1 was never seen
            with figures, "" is no channel.

    Returns:
        Each of shape (n_days,).
    """
    names = np.unique(channels[channels != ""]).tolist()
    if len(names) < 2:
        return {}
    seen = numbers >= 0
    return {name: conversions[numbers[seen & (channels == name)]].sum(axis=0) for name in names}


def left_out(sums: DaySums, windows: Sequence[Window], time_zone: str) -> frozenset[int]:
    """The days (since 1970) of these sums that any window touches."""
    if not windows or not len(sums.since):
        return frozenset()
    days = np.arange(sums.since.min(), sums.until.max() + 1).astype("datetime64[D]")
    return frozenset(days[touched_days(windows, time_zone, days)].astype(np.int64).tolist())


def complete_until(table: MetricsTable) -> int | None:
    """The newest day of the table that was over when it was read; None when none was."""
    since, until = day_number(table.since), day_number(table.until)
    newest = until if table.partial_since is None else min(until, day_number(table.partial_since) - 1)
    return newest if newest >= since else None


def known_days(since: Days, complete_until: Days, first: int, n_days: int) -> NDArray[np.bool_]:
    """Which days some reading spoke for when they were over.

    Args:
        since, complete_until: Shape (n_readings,); a reading with no complete day ends before
            it begins.
        first: The first day asked for; `n_days` follow one another.

    Returns:
        Shape (n_days,).
    """
    whole = complete_until >= since
    opens = np.clip(since[whole] - first, 0, n_days)
    closes = np.clip(complete_until[whole] + 1 - first, 0, n_days)
    steps = np.bincount(opens, minlength=n_days + 1) - np.bincount(closes, minlength=n_days + 1)
    known: NDArray[np.bool_] = np.cumsum(steps)[:n_days] > 0
    return known
