"""Raw value: each bid is the keyword's own value per click over a target, paced to the pot.

What accounts do by hand and by script: value per click of 30 days, as reported, divided by the
return that is wanted; the return follows the spend. Where a keyword has no conversion yet its
value is that of one conversion, at the account's average, at its next click: bids come down
only as clicks without a conversion add up.
"""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from agent.domain.entity import Floats, Numbers
from simulations.laboratory.bids.baselines.pacing import pace, whole
from simulations.laboratory.bids.morning import Morning

_WINDOW_DAYS = 30


@dataclass(frozen=True, slots=True)
class RawValue:
    def bids(self, morning: Morning, rng: Generator) -> Numbers:
        worth = value_per_click(morning, morning.n_days)
        if morning.decision == 0 or worth is None:
            return morning.present
        before = value_per_click(morning, morning.n_days - 1)
        standing = morning.bids[:, -1]
        # The target of yesterday, from the bids themselves: the policy has no memory.
        target = 1.0 if before is None else float(np.median(before / standing))
        if before is None:
            target = float(np.sum(worth * morning.clicks[:, -1]) / np.sum(standing * morning.clicks[:, -1]))
        return whole(morning, worth / target * pace(morning))


def value_per_click(morning: Morning, until: int) -> Floats | None:
    """Micros, shape (n,), over the window that ends before day `until`; None without any value."""
    window = slice(max(until - _WINDOW_DAYS, 0), until)
    clicks, value = morning.clicks[:, window].sum(axis=1), morning.value[:, window].sum(axis=1)
    conversions = morning.snapshot.metrics.conversions[:, window].sum()
    if not value.any():
        return None
    usual, order = value.sum() / clicks.sum(), value.sum() / conversions
    none = order / (clicks + order / usual)
    worth: Floats = np.where(value > 0, value / np.maximum(clicks, 1.0), none)
    return worth
