"""Levels: a few budgets to choose from, and the best choice of them under the pot.

The unit is the lowest budget, so sums are whole numbers and the dynamic programme is exact.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.domain.entity import Floats, Numbers
from simulations.laboratory.budgets.morning import Morning


@dataclass(frozen=True, slots=True)
class Levels:
    """Budgets that each campaign may be given.

    Attributes:
        units: Shape (n_levels,), rising from 1; budgets as multiples of `unit_micros`.
        room: Units in the pot.
    """

    units: NDArray[np.intp]
    unit_micros: int
    room: int

    @property
    def log_units(self) -> Floats:
        return np.log(self.units.astype(np.float64))

    def nearest(self, budgets: Numbers | Floats) -> NDArray[np.intp]:
        """Level whose budget is nearest on the log scale; any shape, micros above zero."""
        edges = (self.log_units[1:] + self.log_units[:-1]) / 2
        places: NDArray[np.intp] = np.searchsorted(edges, np.log(budgets / self.unit_micros))
        return places

    def best(self, worth: Floats) -> Numbers:
        """Give each campaign the level that together are worth most within the pot.

        Dynamic programme of the multiple-choice knapsack (Kellerer, Pferschy and Pisinger 2004,
        chapter 11), as Nuara et al. 2018 use it.

        Args:
            worth: Shape (n_campaigns, n_levels).

        Returns:
            Shape (n_campaigns,), micros.
        """
        n = len(worth)
        spare = self.room - n  # everybody has the lowest level; what is beyond it is shared out
        extra = self.units - 1
        left = np.arange(spare + 1)[:, None] - extra
        possible = left >= 0
        total = np.zeros(spare + 1)
        choice = np.empty((n, spare + 1), dtype=np.intp)
        for row in range(n):
            reachable = np.where(possible, total[np.maximum(left, 0)] + worth[row], -np.inf)
            choice[row] = reachable.argmax(axis=1)
            total = reachable.max(axis=1)
        units = np.empty(n, dtype=np.int64)
        for row in reversed(range(n)):
            level = choice[row, spare]
            units[row] = self.units[level]
            spare -= extra[level]
        return units * self.unit_micros


def levels(morning: Morning, count: int) -> Levels:
    """About `count` budgets between the bounds, evenly spaced on the log scale; equal shares are one."""
    unit = morning.low_micros
    room = morning.pot_micros // unit
    highest = morning.high_micros // unit
    even = room // morning.n_campaigns
    spaced = np.rint(np.geomspace(1, highest, count)).astype(np.intp)
    if even not in spaced:
        spaced[np.argmin(np.abs(np.log(spaced / even)))] = even
    return Levels(np.unique(spaced), unit, room)
