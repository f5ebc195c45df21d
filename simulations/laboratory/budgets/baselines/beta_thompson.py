"""Beta-Thompson shares: a click converts or not, and the pot follows draws of what it is worth.

Source: Thompson 1933 as Russo et al. 2018 ("A Tutorial on Thompson Sampling", section 3)
describe it for Bernoulli arms; the draw of each campaign's conversion rate, times its mean
order value over its mean cost per click, is its share. Counts as reported, never forgotten.
"""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from agent.domain.entity import Numbers
from simulations.laboratory.budgets.morning import Morning
from simulations.laboratory.budgets.sharing import shared


@dataclass(frozen=True, slots=True)
class BetaThompson:
    def budgets(self, morning: Morning, rng: Generator) -> Numbers:
        conversions, clicks = morning.conversions.sum(axis=1), morning.clicks.sum(axis=1)
        if not conversions.any():
            return shared(morning, np.ones(morning.n_campaigns))
        rate = rng.beta(1.0 + conversions, 1.0 + np.maximum(clicks - conversions, 0.0))
        value = morning.value.sum(axis=1)
        usual = value.sum() / conversions.sum()
        order = (value + usual) / (conversions + 1.0)
        cost_per_click = np.maximum(morning.cost.sum(axis=1), 1.0) / np.maximum(clicks, 1.0)
        return shared(morning, rate * order / cost_per_click)
