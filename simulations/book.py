"""Book: the days that are over, and what a later day knows of each."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from simulations.curves import Floats
from simulations.market import N_AGES, Micros, Outcome

_YOUNG_DAYS = 32  # at least N_AGES: days whose conversions still arrive

Matrix: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures as known on one day, matrices of shape (n_days, n_campaigns).

    Attributes:
        conversions, value_micros: Of the day's clicks.
        arrived, arrived_micros: By the day of the conversion, whenever the click was.
        allowed: Share of the clicks that money could buy which bids and targets leave to it.
    """

    cost_micros: Matrix
    impressions: Matrix
    clicks: Matrix
    conversions: Matrix
    value_micros: Matrix
    arrived: Matrix
    arrived_micros: Matrix
    reach: Floats
    allowed: Floats


class Book:
    """Settled days in order. Only the youngest keep their delays: older ones are final."""

    def __init__(self, n_campaigns: int) -> None:
        self._n = n_campaigns
        self.n_days = 0
        self._totals = np.zeros((5, 128, n_campaigns), dtype=np.int64)
        self._reach = np.zeros((128, n_campaigns))
        self._allowed = np.ones((128, n_campaigns))
        self._arrived = np.zeros((2, 128 + N_AGES, n_campaigns), dtype=np.int64)
        young = (_YOUNG_DAYS, n_campaigns, N_AGES)
        self._conversions = np.zeros(young, dtype=np.int32)
        self._value = np.zeros(young, dtype=np.int64)

    def add(self, outcome: Outcome, allowed: Floats) -> None:
        """Settle the next day."""
        day = self.n_days
        if day == len(self._reach):
            self._grow()
        conversions = outcome.conversions.cumsum(axis=1)
        value = outcome.value_micros.cumsum(axis=1)
        self._totals[:, day] = (
            outcome.cost_micros,
            outcome.impressions,
            outcome.clicks,
            conversions[:, -1],
            value[:, -1],
        )
        self._reach[day] = outcome.reach
        self._allowed[day] = allowed
        self._arrived[0, day : day + N_AGES] += outcome.conversions.T
        self._arrived[1, day : day + N_AGES] += outcome.value_micros.T
        self._conversions[day % _YOUNG_DAYS] = conversions
        self._value[day % _YOUNG_DAYS] = value
        self.n_days = day + 1

    def figures(self, first: int, last: int) -> Figures:
        """Days `first` to `last`, both included and settled, as the day after the last settled knows them.

        No rows where `last` is before `first`.
        """
        today = self.n_days
        days = slice(first, max(first, last + 1))
        cost, impressions, clicks, conversions, value = self._totals[:, days].copy()
        young = np.arange(max(first, today - N_AGES + 1), last + 1)
        if len(young):
            slots, ages = young % _YOUNG_DAYS, today - young
            conversions[young - first] = self._conversions[slots, :, ages]
            value[young - first] = self._value[slots, :, ages]
        arrived, arrived_value = self._arrived[:, days].copy()
        return Figures(
            cost,
            impressions,
            clicks,
            conversions,
            value,
            arrived,
            arrived_value,
            self._reach[days].copy(),
            self._allowed[days].copy(),
        )

    def arriving(self) -> tuple[Micros, Micros]:
        """What arrives of earlier days' clicks on the first day that is not settled: counts, and micros."""
        counts, micros = self._arrived[:, self.n_days]
        return counts, micros

    def _grow(self) -> None:
        self._totals = np.concatenate([self._totals, np.zeros_like(self._totals)], axis=1)
        self._reach = np.concatenate([self._reach, np.zeros_like(self._reach)])
        self._allowed = np.concatenate([self._allowed, np.ones_like(self._allowed)])
        more = np.zeros((2, len(self._reach) + N_AGES - self._arrived.shape[1], self._n), dtype=np.int64)
        self._arrived = np.concatenate([self._arrived, more], axis=1)


def with_running_day(
    settled: Figures, today: Outcome, arriving: tuple[Micros, Micros], allowed: Floats
) -> Figures:
    """The same figures and the day that is not over yet: only what is reported at once.

    Args:
        arriving: As `Book.arriving`.
    """

    def join(rows: Micros, row: Micros) -> Matrix:
        return np.concatenate([rows, row[None]])

    at_once, value_at_once = today.conversions[:, 0], today.value_micros[:, 0]
    return Figures(
        cost_micros=join(settled.cost_micros, today.cost_micros),
        impressions=join(settled.impressions, today.impressions),
        clicks=join(settled.clicks, today.clicks),
        conversions=join(settled.conversions, at_once),
        value_micros=join(settled.value_micros, value_at_once),
        arrived=join(settled.arrived, arriving[0] + at_once),
        arrived_micros=join(settled.arrived_micros, arriving[1] + value_at_once),
        reach=np.concatenate([settled.reach, today.reach[None]]),
        allowed=np.concatenate([settled.allowed, allowed[None]]),
    )
