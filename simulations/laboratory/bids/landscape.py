"""Landscape: what a bid wins and what it costs, where prices are lognormal or a mixture of two."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr  # type: ignore[import-untyped]  # scipy ships no types

from agent.domain.entity import Floats


@dataclass(frozen=True, slots=True)
class Landscape:
    """Highest prices of others, columns of shape (n,) or matrices of shape (n_days, n).

    Attributes:
        middle: Mean log price, currency units.
        spread: Standard deviation of the log price, within a component.
        gap: Distance between two components of half the weight each; 0: there is only one.
        paid_as_bid: Share of the bid in what is paid; the rest is the second price.
    """

    middle: Floats
    spread: Floats
    gap: float
    paid_as_bid: float

    def won(self, bids: Floats) -> Floats:
        """Share of the clicks that a bid (currency units) wins."""
        sides = [ndtr((np.log(bids) - middle) / self.spread) for middle in self._middles()]
        won: Floats = sum(sides) / len(sides)
        return won

    def paid(self, bids: Floats) -> Floats:
        """Mean cost for each click that there is, won or not.

        The second price is the mean of the prices below the bid, times their share: a partial
        expectation of a lognormal (Johnson, Kotz and Balakrishnan 1994, chapter 14).
        """
        sides = [
            np.exp(middle + self.spread**2 / 2) * ndtr((np.log(bids) - middle) / self.spread - self.spread)
            for middle in self._middles()
        ]
        second: Floats = sum(sides) / len(sides)
        return self.paid_as_bid * bids * self.won(bids) + (1.0 - self.paid_as_bid) * second

    def _middles(self) -> list[Floats]:
        if self.gap == 0.0:
            return [self.middle]
        return [self.middle - self.gap / 2, self.middle + self.gap / 2]
