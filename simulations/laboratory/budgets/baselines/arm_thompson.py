"""Thompson on arms: every budget level of every campaign is an arm of its own.

Source: what bandit libraries offer (mabwiser's Thompson sampling in batches: Strong, Kleynhans
and Kadioglu 2019): arms are independent, the reward is the day's value as it is reported so
far, and nothing is known of neighbouring levels. The draws go into a knapsack, as arms of a
combinatorial bandit must (Chen, Wang and Yuan 2013). A normal reward with unknown mean and variance has the
normal-inverse-gamma posterior (Murphy 2007, section 3).
"""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from agent.domain.entity import Numbers
from simulations.laboratory.budgets.levels import levels
from simulations.laboratory.budgets.morning import Morning
from simulations.laboratory.budgets.sharing import shared

_N_LEVELS = 10


@dataclass(frozen=True, slots=True)
class ArmThompson:
    """Prior of each arm: one day as good as the account's average day, give or take as much."""

    def budgets(self, morning: Morning, rng: Generator) -> Numbers:
        if not morning.value.any():
            return shared(morning, np.ones(morning.n_campaigns))
        choices = levels(morning, _N_LEVELS)
        played = choices.nearest(morning.budgets)[:, :, None] == np.arange(len(choices.units))
        usual = morning.value.mean()
        days = played.sum(axis=1)
        total = (played * morning.value[:, :, None]).sum(axis=1)
        square = (played * morning.value[:, :, None] ** 2).sum(axis=1)
        mean = (usual + total) / (1.0 + days)
        shape = 1.0 + days / 2.0
        spread = usual**2 + (square + usual**2 - (1.0 + days) * mean**2) / 2.0
        variance = spread / rng.gamma(shape)
        drawn = mean + np.sqrt(variance / (1.0 + days)) * rng.standard_normal(mean.shape)
        return choices.best(drawn)
