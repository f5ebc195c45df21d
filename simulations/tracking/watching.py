"""Watching: a year lived through hour by hour, as the agent's own watch would see it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from agent.domain.entity import Floats
from agent.domain.tracking_due import Arrivals, Due, due
from agent.domain.tracking_rate import Told
from simulations.tracking.year import HISTORY_DAYS, HOURS, N_AGES, Year

_FIRST = datetime(2024, 1, 1, tzinfo=UTC)
_RUN_HOURS = 28 * HOURS


@dataclass(frozen=True, slots=True)
class Outage:
    """From this hour on, this share of what would be told is told."""

    begins: int
    share: float
    ends: int = 10**9


def looked_at(
    year: Year, hours: range, outage: Outage | None = None, *, reported: Floats
) -> Iterator[tuple[int, Due | None]]:
    """What was due and what came, at the end of each of these hours."""
    keep = _kept(year, outage)
    told, clicked, campaign = year.told[keep], year.clicked[keep], year.campaign[keep]
    by_hour = np.bincount(told, minlength=year.clicks.shape[1] + 1).astype(np.float64)
    n = len(year.clicks)
    by_day = year.clicks.reshape(n, -1, HOURS).sum(axis=2).astype(np.float64)
    conversions = np.zeros((n, by_day.shape[1] + N_AGES))
    upto = 0
    for hour in hours:
        now = hour + 1
        end = int(np.searchsorted(told, now))
        np.add.at(conversions, (campaign[upto:end], clicked[upto:end] // HOURS), 1.0)
        upto = end
        today = now // HOURS
        first = today - HISTORY_DAYS
        readings = np.arange(max(now - _RUN_HOURS, first * HOURS), now + 1)
        yield (
            hour,
            due(
                Told(
                    days=np.datetime64(_FIRST.date(), "D") + np.arange(first, today),
                    clicks=by_day[:, first:today],
                    running=year.clicks[:, today * HOURS : now].sum(axis=1).astype(np.float64),
                    conversions=conversions[:, first:today],
                    by_own_date=np.full(today - first, np.nan),
                    reported=reported,
                    learnable=np.ones(today - first, dtype=bool),
                ),
                Arrivals(
                    np.datetime64(_FIRST.replace(tzinfo=None), "us") + readings * np.timedelta64(1, "h"),
                    np.append(0.0, by_hour[readings[:-1]]),
                ),
                _FIRST + timedelta(hours=now),
                "UTC",
            ),
        )


def _kept(year: Year, outage: Outage | None) -> np.ndarray:
    if outage is None:
        return np.ones(len(year.told), dtype=bool)
    chance = (year.clicked * 7919 + np.arange(len(year.told)) * 104729) % 1000 / 1000.0
    hit = (year.told >= outage.begins) & (year.told < outage.ends)
    return ~hit | (chance < outage.share)
