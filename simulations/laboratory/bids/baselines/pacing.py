"""Pacing: one factor on all bids, moved by how far yesterday's cost was from the pot."""

import numpy as np

from agent.domain.entity import Floats, Numbers
from simulations.laboratory.bids.auctions import UNIT_MICROS
from simulations.laboratory.bids.morning import Morning

_GAIN = 0.5


def pace(morning: Morning) -> float:
    """What yesterday's bids should be multiplied by.

    What the whole day would have cost is what was spent over the share of the day until the
    pot was empty: the share lost to budget makes that known. Bids move by a power of the
    ratio, since costs grow faster than bids.
    """
    full = morning.cost[:, -1].sum() / max(float(morning.delivered[-1]), 1e-6)
    return float(np.clip((morning.pot_micros / max(full, 1.0)) ** _GAIN, 0.5, 2.0))


def whole(morning: Morning, bids: Floats) -> Numbers:
    """Bids within their bounds, in whole steps."""
    inside = np.clip(bids, morning.low_micros, morning.high_micros)
    steps: Numbers = (inside // UNIT_MICROS).astype(np.int64) * UNIT_MICROS
    return steps
