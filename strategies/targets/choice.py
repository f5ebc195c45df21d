"""Choice: how loose each target should be, so that the last unit of money earns the same everywhere."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.domain.entity import Floats

GRID = np.linspace(-1.4, 1.4, 41)
"""How much looser than now targets are thought of, in steps of the largest size.

Hardly further than a step can go: the price of money is that of what can be done next, so the
limits are used while targets are still far from where they should be in the end.
"""
_HALVINGS = 50


@dataclass(frozen=True, slots=True)
class Curves:
    """What each looseness of a grid brings in a day; shape (n, n_grid), or (n_draws, n, n_grid).

    Attributes:
        units: Of the goal.
        cost: Micros.
        counted: What a target over the portfolio counts: allowed cost, micros.
    """

    units: Floats
    cost: Floats
    counted: Floats

    def mean(self) -> "Curves":
        """Over the draws."""
        return Curves(self.units.mean(axis=0), self.cost.mean(axis=0), self.counted.mean(axis=0))


@dataclass(frozen=True, slots=True)
class Limits:
    """What holds for the sum: at most `pot` micros a day; with `targeted` no more cost than is counted."""

    pot: float
    targeted: bool


def curves_of(
    units: Floats, price: Floats, looser: Floats, *, unlimited: Floats, budget: Floats, allowed: Floats
) -> Curves:
    """What follows from drawn levels and elasticities.

    A campaign whose budget runs out is cut off at it: a looser target then buys the same money's
    worth dearer, a tighter one cheaper.

    Args:
        units, price: Shape (n_draws, n, 2), logarithm of units a day and of cost per unit at the
            present target, and their elasticities.
        looser: Logarithms of factors, shape (n_grid,) or (n, n_grid).
        unlimited: Shape (n,), what units and cost would be without the budget, as a multiple.
        budget: Shape (n,), micros a day; infinite where none is known to bind.
        allowed: Shape (n,), cost that the portfolio's target allows for a unit, micros.
    """
    amount = np.exp(units[..., :1] + units[..., 1:] * looser) * unlimited[:, None]
    each = np.exp(price[..., :1] + price[..., 1:] * looser)
    cost = amount * each
    part = np.minimum(1.0, budget[:, None] / np.maximum(cost, 1e-9))
    return Curves(amount * part, cost * part, amount * part * allowed[:, None])


def price_of_money(curves: Curves, limits: Limits) -> float:
    """Units that the last micro must bring so that the limits hold, if every target were free.

    Everett 1963; zero where the loosest of all targets keep the limits.
    """
    cheap, dear = 0.0, _dearest(curves)
    if _keeps(curves, best(curves, cheap), limits):
        return 0.0
    for _ in range(_HALVINGS):
        middle = np.sqrt(cheap * dear) if cheap > 0 else dear / 1e6
        if _keeps(curves, best(curves, middle), limits):
            dear = middle
        else:
            cheap = middle
    return float(dear)


def best(curves: Curves, price: float) -> NDArray[np.intp]:
    """Position in the grid that is worth most to each campaign, shape (n,)."""
    point: NDArray[np.intp] = np.argmax(curves.units - price * curves.cost, axis=-1)
    return point


def _dearest(curves: Curves) -> float:
    """A price at which nobody buys more than the least."""
    units, cost = np.diff(curves.units, axis=-1), np.diff(curves.cost, axis=-1)
    bought = np.divide(units, cost, out=np.zeros_like(units), where=cost > 0)
    return max(float(bought.max(initial=0.0)), 1e-300) * 1.01


def _keeps(curves: Curves, point: NDArray[np.intp], limits: Limits) -> bool:
    rows = np.arange(len(point))
    cost = curves.cost[rows, point].sum()
    return bool(cost <= limits.pot and (not limits.targeted or cost <= curves.counted[rows, point].sum()))
