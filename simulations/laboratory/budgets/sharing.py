"""Sharing: bring shares of a pot into its bounds."""

import numpy as np

from agent.domain.entity import Floats, Numbers
from simulations.laboratory.budgets.morning import Morning
from strategies.budgets.fit import scale_to


def shared(morning: Morning, shares: Floats) -> Numbers:
    """Budgets in proportion to the shares (shape (n_campaigns,), not negative), bounds and pot kept.

    Equal ones where every share is zero. All of the pot that the bounds let them have.
    """
    wishes = shares / shares.sum() if shares.any() else np.full(morning.n_campaigns, 1.0)
    low, high = (np.full(morning.n_campaigns, bound) for bound in (morning.low_micros, morning.high_micros))
    budgets = scale_to(wishes * morning.pot_micros, low, high, morning.pot_micros, fill=True)
    return np.clip(budgets.astype(np.int64), low, high)


def within(morning: Morning, wishes: Floats) -> Numbers:
    """These budgets (shape (n_campaigns,), micros), brought into the bounds and down to the pot."""
    low, high = (np.full(morning.n_campaigns, bound) for bound in (morning.low_micros, morning.high_micros))
    budgets = scale_to(wishes, low, high, morning.pot_micros, fill=False)
    return np.clip(budgets.astype(np.int64), low, high)


def window_roas(morning: Morning, n_days: int) -> Floats:
    """Value reported so far per micro spent on the last days, shape (n_campaigns,); 0 where nothing was."""
    last = slice(max(morning.n_days - n_days, 0), None)
    cost, value = morning.cost[:, last].sum(axis=1), morning.value[:, last].sum(axis=1)
    roas: Floats = np.divide(value, cost, out=np.zeros_like(cost), where=cost > 0)
    return roas
