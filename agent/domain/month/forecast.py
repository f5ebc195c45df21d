"""Forecast: what the rest of a month will cost, with the range that should hold it. Pure."""

import numpy as np

from agent.domain.entity import Days, Floats
from agent.domain.month.curve import weekday_of
from agent.domain.month.spending import Spending
from agent.domain.proposal import Interval

NORMAL_90 = 1.2816


def forecast(spending: Spending, days: Days, pots: Floats) -> Interval:
    """What coming days will cost together, micros, with a range that should hold it 80 times in 100.

    Each day has its own noise; the ratio of cost to budgets is not quite known and walks on from
    day to day, which moves all later days together. Nobody is assumed to react to it.

    Args:
        days: The coming days, the next one first.
        pots: Shape as `days`, what the daily budgets sum to, micros.
    """
    cost = pots * spending.ratio * spending.weekday[weekday_of(days)]
    ahead = np.arange(1, len(days) + 1)
    walked = np.minimum(ahead[:, None], ahead) * spending.drift**2 + spending.level_noise**2
    variance = float(cost @ walked @ cost + spending.noise**2 * (cost @ cost))
    mean, reach = float(cost.sum()), NORMAL_90 * float(np.sqrt(variance))
    return Interval(mean, max(mean - reach, 0.0), mean + reach)
