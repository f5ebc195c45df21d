"""Fit: bring wishes into their bounds and under the pot, in whole steps of the account's money."""

import numpy as np

from agent.domain.entity import Floats, Numbers
from strategies.budgets.pot import Pot

_HALVINGS = 60


def settle(pot: Pot, wishes: Floats, *, fill: bool, min_change: float) -> Numbers:
    """Turn wishes into budgets that hold every bound and, where the bounds allow it, the pot.

    Budgets that would move by less than `min_change` stay where they are and the others share
    the rest, in proportion to their wishes. Where the lowest bounds together exceed the pot,
    everything comes down as far as its bound lets it.

    Args:
        wishes: Shape (n_rows,), micros, not negative.
        fill: Spend the whole pot; otherwise no budget is above its wish.
        min_change: Share of the present budget.

    Returns:
        Shape (n_rows,), micros; equal to `pot.present` where nothing is to change.
    """
    everything = _fitted(pot, wishes, np.ones(len(wishes), dtype=bool), pot.amount, fill=fill)
    far = np.abs(everything - pot.present) >= min_change * pot.present
    # A budget outside its bounds has to move, however little.
    far |= (pot.present < pot.lowest) | (pot.present > pot.highest)
    rest = pot.amount - int(pot.present[~far].sum())
    if not far.any():
        spare = pot.amount - int(pot.present.sum())
        idle = fill and spare > min_change * pot.amount
        return everything if spare < 0 or idle else pot.present
    some = _fitted(pot, everything.astype(np.float64), far, rest, fill=fill)
    return some if int(some.sum()) <= pot.amount else everything


def _fitted(pot: Pot, wishes: Floats, moving: np.ndarray, amount: int, *, fill: bool) -> Numbers:
    """Scale the wishes of what moves; the rest stays as it is."""
    lowest, highest = pot.lowest[moving], pot.highest[moving]
    scaled = scale_to(wishes[moving], lowest, highest, amount, fill=fill)
    budgets = pot.present.copy()
    whole = (scaled // pot.unit).astype(np.int64) * pot.unit
    budgets[moving] = np.clip(whole, lowest, highest)
    return budgets


def scale_to(wishes: Floats, lowest: Numbers, highest: Numbers, amount: int, *, fill: bool) -> Floats:
    """Multiply all wishes by one factor so that, cut to their bounds, they sum to the amount.

    Args:
        fill: False forbids factors above 1.

    Returns:
        Shape as `wishes`; the sum is at most `amount` unless the lowest bounds alone exceed it.
    """
    most = float(wishes.max(initial=0.0))
    if most <= 0.0:
        return lowest.astype(np.float64)
    relative = wishes / most

    def at(largest: float) -> Floats:
        return np.clip(relative * largest, lowest, highest)

    # Less than a billionth of the largest wish is no wish: no bound is that far away.
    wished = relative > 1e-9
    low, high = 0.0, most
    if fill:
        high = max(most, float((highest[wished] / relative[wished]).max()))
    if at(high).sum() <= amount:
        return at(high)
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        if at(middle).sum() <= amount:
            low = middle
        else:
            high = middle
    return at(low)
