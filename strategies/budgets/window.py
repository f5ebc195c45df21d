"""Window: what was spent and earned on the last days, corrected for conversions still to come."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.domain.entity import Floats, Numbers
from agent.domain.money import MICROS, Money
from agent.domain.portfolio import Goal
from agent.domain.proposal import Figure
from agent.domain.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Window:
    """Sums over the known days of a window; columns of shape (n_rows,), money in micros.

    Attributes:
        n_days: Length of the window.
        cost: Spent.
        ripe_cost: Cost weighted by the share of its conversions that has been reported: what
            the conversions reported so far were paid for.
        clicks: Counted.
        conversions, value: As reported so far.
    """

    n_days: int
    currency: str
    cost: Floats
    ripe_cost: Floats
    clicks: Floats
    conversions: Floats
    value: Floats

    @property
    def maturity(self) -> Floats:
        """Reported share of the window's conversions; 1 where nothing was spent."""
        return np.divide(self.ripe_cost, self.cost, out=np.ones_like(self.cost), where=self.cost > 0)

    def earned(self, goal: Goal | None) -> Floats:
        """What the goal counts, as reported: conversion value unless it is conversions."""
        return self.conversions if goal is Goal.CONVERSIONS else self.value

    def figures(self, position: int) -> tuple[Figure, ...]:
        """The sums of one row as a reviewer should read them."""
        cost, ripe = float(self.cost[position]), float(self.maturity[position])
        conversions, value = float(self.conversions[position]), float(self.value[position])
        roas = f"{value / ripe / cost:.2f}" if cost > 0 else "unknown"
        cpa = str(self._money(cost * ripe / conversions)) if conversions > 0 else "unknown"
        days = f"{self.n_days}d"
        return (
            Figure(f"cost_{days}", str(self._money(cost))),
            Figure(f"clicks_{days}", f"{self.clicks[position]:.0f}"),
            Figure(f"conversions_{days} reported", f"{conversions:.1f}"),
            Figure(f"conversions_{days} expected", f"{conversions / ripe:.1f}"),
            Figure(f"cpa_{days} expected", cpa),
            Figure(f"roas_{days} expected", roas),
        )

    def _money(self, micros: float) -> Money:
        return Money(round(micros / (MICROS // 100)) * (MICROS // 100), self.currency)


def window(snapshot: Snapshot, rows: NDArray[np.intp], n_days: int) -> Window:
    """Sum up the last `n_days` days; days that are not known count nothing."""
    last = slice(max(len(snapshot.days) - n_days, 0), None)
    known = snapshot.metrics.known[rows, last]
    metrics = snapshot.metrics

    def total(matrix: Numbers | Floats, weight: Floats | float = 1.0) -> Floats:
        sums: Floats = np.where(known, matrix[rows, last] * weight, 0.0).sum(axis=1)
        return sums

    return Window(
        n_days=n_days,
        currency=snapshot.currency,
        cost=total(metrics.cost_micros),
        ripe_cost=total(metrics.cost_micros, snapshot.maturity[last]),
        clicks=total(metrics.clicks),
        conversions=total(metrics.conversions),
        value=total(metrics.conversion_value_micros),
    )
