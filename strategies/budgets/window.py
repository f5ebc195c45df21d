"""Window: what was spent and earned on the last days, corrected for conversions still to come."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.domain.entity import Floats, Numbers
from agent.domain.money import MICROS
from agent.domain.portfolio import Goal
from agent.domain.proposal import Evidence, Figure
from agent.domain.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Window:
    """Sums over the days of a window that may be learned from; columns of shape (n_rows,), money in micros.

    Days that are not known, or whose conversions are marked as wrong, count nowhere: neither in
    what was earned nor in what was spent for it.

    Attributes:
        n_days: Length of the window.
        cost: Spent.
        ripe_cost: Cost weighted by the share of its conversions that has been reported: what
            the conversions reported so far were paid for.
        maturity: Reported share of the window's conversions; 1 where nothing was spent.
        clicks: Counted.
        conversions, value: As reported so far.
    """

    n_days: int
    currency: str
    cost: Floats
    ripe_cost: Floats
    maturity: Floats
    clicks: Floats
    conversions: Floats
    value: Floats

    def earned(self, goal: Goal) -> Floats:
        """What the goal counts, as reported: conversion value unless it is conversions."""
        return self.conversions if goal is Goal.CONVERSIONS else self.value

    def evidence(self, row: int, goal: Goal) -> Evidence:
        """The figures of one row and how mature they are, for deciders without a model."""
        return Evidence(figures=self.figures(row, goal), maturity=float(self.maturity[row]))

    def figures(self, position: int, goal: Goal) -> tuple[Figure, ...]:
        """The sums of one row as a reviewer should read them."""
        cost, ripe = float(self.cost[position]), float(self.maturity[position])
        conversions, value = float(self.conversions[position]), float(self.value[position])
        if goal is Goal.CONVERSIONS:
            result = f"{cost * ripe / conversions / MICROS:.2f} {self.currency}" if conversions else "unknown"
        else:
            result = f"{value / ripe / cost:.2f}" if cost else "unknown"
        days = f"{self.n_days}d"
        return (
            Figure(f"cost_{days}", f"{cost / MICROS:.2f} {self.currency}"),
            Figure(f"clicks_{days}", f"{self.clicks[position]:.0f}"),
            Figure(f"conversions_{days} reported", f"{conversions:.1f}"),
            Figure(f"conversions_{days} expected", f"{conversions / ripe:.1f}"),
            Figure(f"{'cpa' if goal is Goal.CONVERSIONS else 'roas'}_{days} expected", result),
        )


def window(snapshot: Snapshot, rows: NDArray[np.intp], n_days: int) -> Window:
    """Sum up the last `n_days` days."""
    last = slice(max(len(snapshot.days) - n_days, 0), None)
    learnable = snapshot.learnable[rows, last]
    metrics = snapshot.metrics

    def total(matrix: Numbers | Floats, weight: Floats | float = 1.0) -> Floats:
        sums: Floats = np.where(learnable, matrix[rows, last] * weight, 0.0).sum(axis=1)
        return sums

    cost = total(metrics.cost_micros)
    ripe_cost = total(metrics.cost_micros, snapshot.reported[rows, last])
    return Window(
        n_days=n_days,
        currency=snapshot.currency,
        cost=cost,
        ripe_cost=ripe_cost,
        maturity=np.divide(ripe_cost, cost, out=np.ones_like(cost), where=cost > 0),
        clicks=total(metrics.clicks),
        conversions=total(metrics.conversions),
        value=total(metrics.conversion_value_micros),
    )
