"""Weekly rule: once a week +20 % for campaigns above the average ROAS, -20 % for those below.

Source: the practitioners' rule of thumb that budgets should move by at most 20 % at a time,
so that the platform's bidding does not start to learn anew. Under a target ROAS it is the
target that each campaign is held against, and the pot need not be used up.
"""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from agent.domain.entity import Numbers
from simulations.laboratory.budgets.morning import Morning
from simulations.laboratory.budgets.sharing import shared, window_roas, within

_WEEK_DAYS = 7


@dataclass(frozen=True, slots=True)
class WeeklyRule:
    step: float = 0.2
    window_days: int = 14

    def budgets(self, morning: Morning, rng: Generator) -> Numbers:
        present = morning.present.astype(np.float64)
        fitted = shared if morning.target is None else within
        if morning.n_days == 0 or morning.decision % _WEEK_DAYS:
            return fitted(morning, present)
        last = slice(max(morning.n_days - self.window_days, 0), None)
        average = morning.value[:, last].sum() / max(morning.cost[:, last].sum(), 1.0)
        better = window_roas(morning, self.window_days) > (morning.target or average)
        return fitted(morning, present * np.where(better, 1.0 + self.step, 1.0 - self.step))
