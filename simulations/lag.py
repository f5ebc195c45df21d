"""Lag: how many days conversions take, as the platform's own report tells it."""

from datetime import datetime

import numpy as np

from simulations.delivery import Delivery
from simulations.market import N_AGES, Micros


def lag_counts(delivery: Delivery, n_campaigns: int, days: range, now: datetime) -> Micros:
    """Conversions of these days' clicks by days of delay, as far as they are known now.

    Days that are not over are left out.

    Returns:
        Shape (n_campaigns, N_AGES).
    """
    now, today = delivery.settle(now)
    counts = np.zeros((n_campaigns, N_AGES), dtype=np.int64)
    for day in range(days.start, min(days.stop, today)):
        portions = delivery.portions(day, now)
        outcome = delivery.realised(day, delivery.flow(day, portions, delivery.hours(day)[-1]))
        known = min(today - day + 1, N_AGES)
        counts[:, :known] += outcome.conversions[:, :known]
    return counts
