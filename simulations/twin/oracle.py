"""Clairvoyant of a twin: shares each day's pot as one who knows the twin's true mean curves."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.domain.entity import Floats
from simulations.twin.market import TwinMarket

_HALVINGS = 60
_Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Expectation:
    """Mean value of each day as a function of its budgets, over the days' luck.

    Arrays have shape (n_days, n). What comes of a budget x is worth times (x * use / reference) **
    elasticity, up to the most that can be spent.

    Attributes:
        worth: Mean value at the reference spend, micros; conversions in millionths where
            nothing has a value.
        use: Shape (n,), cost over budget on average.
    """

    worth: Floats
    reference: Floats
    elasticity: Floats
    most: Floats
    use: Floats

    def cost(self, budgets: Floats) -> Floats:
        """Mean cost, micros."""
        spend: Floats = np.minimum(budgets * self.use, self.most)
        return spend

    def value(self, budgets: Floats) -> Floats:
        """Mean value, micros."""
        height: Floats = self.worth * (self.cost(budgets) / self.reference) ** self.elasticity
        return height

    def best(self, pot_micros: float, rows: _Rows) -> Floats:
        """Budgets of these rows that bring most, shape (n_days, len(rows)); they sum to the pot at most.

        The curves are concave: one price of money for all is optimal. It is found by
        bisection, for all days at once.
        """
        worth, most = self.worth[:, rows], self.most[:, rows] / self.use[rows]
        reference, power = self.reference[rows] / self.use[rows], self.elasticity[rows]
        open_ = (most > 0) & (worth > 0)
        slope = np.where(open_, np.log(np.where(open_, worth, 1.0) * power / reference), -700.0)

        def budgets(log_price: Floats) -> Floats:
            ratio = np.exp(np.clip((slope - log_price) / (1.0 - power), -60.0, 60.0))
            return np.where(open_, np.minimum(ratio * reference, most), 0.0)

        cheap = np.full((len(worth), 1), slope[open_].min(initial=0.0) - 60.0)
        dear = np.full((len(worth), 1), slope[open_].max(initial=0.0) + 60.0)
        for _ in range(_HALVINGS):
            middle = (cheap + dear) / 2.0
            too_much = budgets(middle).sum(axis=1, keepdims=True) > pot_micros
            cheap, dear = np.where(too_much, middle, cheap), np.where(too_much, dear, middle)
        found: Floats = budgets(dear)
        return found


def expectation(market: TwinMarket, days: _Rows) -> Expectation:
    """The mean curves of these days (numbers from the twin's first day)."""
    fitted = market.fitted
    at_reference = fitted.clicks(np.repeat(fitted.reference[:, None], len(days), axis=1), days)
    return Expectation(
        worth=(at_reference * fitted.rate[:, days]).T * fitted.order_value,
        reference=fitted.reference,
        elasticity=fitted.elasticity,
        most=fitted.most[:, days].T,
        use=fitted.use.mean(axis=0),
    )
