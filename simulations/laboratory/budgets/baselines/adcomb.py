"""AdComB: a Gaussian process of clicks for each campaign, a value per click, and a knapsack.

Source: Nuara, Trovò, Gatti and Restelli, "A Combinatorial-Bandit Algorithm for the Online Joint
Bid/Budget Optimization of Pay-per-Click Advertising Campaigns", AAAI 2018, and Artificial
Intelligence 310, 2022. Here the budget is the only input: the log of it, on 30 levels. Squared
exponential kernel, hyperparameters by marginal likelihood, value per click Gaussian,
multiple-choice knapsack by dynamic programming. TS draws both, BUCB takes their upper
quantiles 1 - 1 / (t + 1) (Kaufmann, Cappé and Garivier 2012), Mean their means. Mean never
explores and would stay where it begins, so it is given a first week of random shares.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.random import Generator
from scipy import special  # type: ignore[import-untyped]  # scipy ships no types

from agent.domain.entity import Floats, Numbers
from simulations.laboratory.budgets.click_worth import click_worth
from simulations.laboratory.budgets.gaussian_process import Observations, regress
from simulations.laboratory.budgets.levels import Levels, levels
from simulations.laboratory.budgets.morning import Morning
from simulations.laboratory.budgets.sharing import shared

_N_LEVELS = 30
_LENGTHS = (0.8, 1.6, 3.2)
_NOISES = (0.05, 0.1, 0.2)
_RANDOM_DAYS = 7


class Choice(StrEnum):
    """What of the belief goes into the knapsack."""

    TS = "ts"
    MEAN = "mean"
    BUCB = "bucb"


@dataclass(frozen=True, slots=True)
class AdComB:
    choice: Choice

    def budgets(self, morning: Morning, rng: Generator) -> Numbers:
        if not morning.conversions.any():
            return shared(morning, np.ones(morning.n_campaigns))
        if self.choice is Choice.MEAN and morning.decision < _RANDOM_DAYS:
            return shared(morning, rng.dirichlet(np.ones(morning.n_campaigns)))
        choices = levels(morning, _N_LEVELS)
        most = np.maximum(morning.clicks.max(axis=1), 1.0)[:, None]
        seen = _observations(choices, morning, morning.clicks / most)
        clicks = regress(choices.log_units, seen, lengths=_LENGTHS, noises=_NOISES)
        worth = click_worth(morning)
        match self.choice:
            case Choice.TS:
                height = clicks.draw(rng)
                each = worth.mean + worth.deviation * rng.standard_normal(len(worth.mean))
            case Choice.MEAN:
                height, each = clicks.mean, worth.mean
            case Choice.BUCB:
                quantile = float(special.ndtri(1.0 - 1.0 / (morning.decision + 2.0)))
                height = clicks.mean + quantile * clicks.deviation()
                each = worth.mean + quantile * worth.deviation
        return choices.best(np.maximum(height, 0.0) * most * np.maximum(each, 0.0)[:, None])


def _observations(choices: Levels, morning: Morning, heights: Floats) -> Observations:
    """Clicks of each day (relative to the campaign's most), gathered by the level of its budget."""
    played = choices.nearest(morning.budgets)[:, :, None] == np.arange(len(choices.units))
    return Observations(
        count=played.sum(axis=1).astype(np.float64),
        total=(played * heights[:, :, None]).sum(axis=1),
        square=(played * heights[:, :, None] ** 2).sum(axis=1),
    )
