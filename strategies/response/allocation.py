"""Allocation: share a pot so that the last unit of money earns the same everywhere.

One multiplier, the return that the last unit must bring, is found by bisection; each
campaign then takes the spend that is worth most after paying that return for it (Everett
1963). Where a campaign's curve is straight there, or has a dent, the two neighbouring
answers are mixed so that the sum is exact.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.domain.entity import Floats
from strategies.response.curves import Curves
from strategies.response.shapes import NODES

_FIRST_GRID = 40
_SECOND_GRID = 16
_HALVINGS = 26


@dataclass(frozen=True, slots=True)
class Allocation:
    """Shape (n,) micros a day, and the return (goal per micro) that the last unit must bring."""

    spend: Floats
    price: float


@dataclass(frozen=True, slots=True)
class Target:
    """What the whole has to return on average; spend stays below the pot where that takes it.

    Attributes:
        least: Units counted per micro spent.
        counted: Units that each campaign is believed to bring. Not a draw: the target is a
            promise about the mean, and it should not move with luck.
    """

    least: float
    counted: Curves


def allocate(
    curves: Curves, lowest: Floats, highest: Floats, amount: float, targets: Sequence[Target] = ()
) -> Allocation:
    """Share out at most `amount` within the bounds (shape (n,), micros, lowest above zero)."""
    share = np.linspace(0.0, 1.0, _FIRST_GRID)
    highest = np.maximum(highest, lowest)
    # Below its first node a curve is level: there is nothing to choose from.
    start = np.clip(curves.reference * NODES[0], lowest, highest)
    spread = highest / start
    grid = start[:, None] * spread[:, None] ** share
    grid[:, 0] = lowest
    coarse = _on_grid(curves, grid, amount, targets)
    step = spread ** (1.0 / (_FIRST_GRID - 1))
    low = np.maximum(coarse.spend / step, lowest)
    high = np.maximum(np.minimum(coarse.spend * step, highest), low)
    fine = low[:, None] + (high - low)[:, None] * np.linspace(0.0, 1.0, _SECOND_GRID)
    return _on_grid(curves, fine, amount, targets)


def _on_grid(curves: Curves, grid: Floats, amount: float, targets: Sequence[Target]) -> Allocation:
    """Best point of each row's grid at the lowest price that keeps to the amount."""
    value = curves.at(grid)
    n = len(grid)
    rows = np.arange(n)

    def best(price: float) -> NDArray[np.intp]:
        point: NDArray[np.intp] = np.argmax(value - price * grid, axis=1)
        return point

    counted = [target.counted.at(grid) for target in targets]

    def affordable(point: NDArray[np.intp]) -> bool:
        spend = grid[rows, point].sum()
        return bool(spend <= amount) and all(
            units[rows, point].sum() >= target.least * spend
            for target, units in zip(targets, counted, strict=True)
        )

    dearest = float(np.max((value[:, 1:] - value[:, :-1]) / np.maximum(grid[:, 1:] - grid[:, :-1], 1e-9)))
    cheap, dear = 0.0, max(dearest, 0.0) * 1.01
    generous = best(cheap)
    if affordable(generous):
        return Allocation(grid[rows, generous], 0.0)
    strict = np.zeros(n, dtype=np.intp)
    for _ in range(_HALVINGS):
        # Geometric steps while the prices are far apart: returns differ by orders of magnitude.
        price = np.sqrt(cheap * dear) if cheap > 0 else dear / 64.0
        point = best(price)
        if affordable(point):
            dear, strict = price, point
        else:
            cheap, generous = price, point
    low, high = grid[rows, strict], grid[rows, generous]
    gap = (high - low).sum()
    room = amount - low.sum()
    if targets or gap <= 0 or room <= 0:
        return Allocation(low, dear)
    return Allocation(low + (high - low) * min(room / gap, 1.0), dear)
