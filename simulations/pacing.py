"""Pacing: how a platform stretches a daily budget on some days and makes up for it on others."""

from datetime import date, timedelta

import numpy as np

from simulations.curves import Floats

_DAYS_OF_A_MONTH = 30.4  # Google Ads charges at most so many daily budgets in a month
_SPREAD = 0.5


def month_factors(month: date, n_campaigns: int, most: float, seed: tuple[int, ...]) -> Floats:
    """What each day may spend as a multiple of its budget, shape (days of the month, n_campaigns).

    No day is above `most`, and a month of one budget costs at most 30.4 times that budget.
    A budget that is edited within the month is held to it day by day, not in the sum.

    Args:
        month: Any day of the month.
    """
    first = month.replace(day=1)
    n_days = ((first + timedelta(days=31)).replace(day=1) - first).days
    rng = np.random.default_rng((*seed, first.toordinal()))
    factors = np.exp(_SPREAD * rng.standard_normal((n_days, n_campaigns)))
    allowed = min(1.0, _DAYS_OF_A_MONTH / n_days)
    stretched: Floats = np.minimum(factors * allowed / factors.mean(axis=0), most)
    return stretched
