"""Gaussian levels: Gaussian processes of clicks and cost over ten bids for each keyword, means alone.

Source: Nuara et al. 2018 and 2022 (AdComB) for the bid: clicks and cost of a day as Gaussian
processes of the log bid, hyperparameters by marginal likelihood; the best level of each keyword
at one price of money. The mean never explores, so the first week's levels are random. Days are
brought to whole ones by the share lost to budget.
"""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from agent.domain.entity import Floats, Numbers
from simulations.laboratory.bids.baselines.pacing import whole
from simulations.laboratory.bids.morning import Morning
from simulations.laboratory.budgets.gaussian_process import Observations, regress

_N_LEVELS = 10
_LOWEST, _HIGHEST = 0.15e6, 12e6
_LENGTHS = (0.8, 1.6)
_NOISES = (0.05, 0.1, 0.2, 0.4)
_RANDOM_DAYS = 7
_PRIOR_CONVERSIONS = 1.0
_HALVINGS = 40


@dataclass(frozen=True, slots=True)
class GaussianLevels:
    def bids(self, morning: Morning, rng: Generator) -> Numbers:
        levels = np.geomspace(_LOWEST, _HIGHEST, _N_LEVELS)
        if morning.decision < _RANDOM_DAYS or not morning.value.any():
            return whole(morning, levels[rng.integers(2, _N_LEVELS - 2, morning.n)])
        level = np.abs(np.log(morning.bids[:, :, None] / levels)).argmin(axis=2)
        days = np.maximum(morning.delivered, 0.05)
        clicks = _mean(levels, level, morning.clicks / days)
        cost = _mean(levels, level, morning.cost / days)
        best = _best(clicks * _worth(morning)[:, None], cost, morning.pot_micros)
        return whole(morning, levels[best])


def _mean(levels: Floats, level: NDArray[np.intp], figures: Floats) -> Floats:
    """Posterior mean at each level, shape (n, n_levels)."""
    most = np.maximum(figures.max(axis=1, keepdims=True), 1.0)
    played = level[:, :, None] == np.arange(len(levels))
    heights = (figures / most)[:, :, None]
    seen = Observations(
        count=played.sum(axis=1).astype(np.float64),
        total=(played * heights).sum(axis=1),
        square=(played * heights**2).sum(axis=1),
    )
    found = regress(np.log(levels), seen, lengths=_LENGTHS, noises=_NOISES).mean * most
    mean: Floats = np.maximum(found, 0.0)
    return mean


def _worth(morning: Morning) -> Floats:
    """Value per click, micros, drawn towards the account's by one conversion; nothing forgotten."""
    clicks, value = morning.clicks.sum(axis=1), morning.value.sum(axis=1)
    usual = value.sum() / clicks.sum()
    weight = _PRIOR_CONVERSIONS * clicks.sum() / morning.snapshot.metrics.conversions.sum()
    worth: Floats = (value + weight * usual) / (clicks + weight)
    return worth


def _best(value: Floats, cost: Floats, pot: int) -> NDArray[np.intp]:
    """Level of each keyword at the lowest price of money that keeps to the pot."""
    cheap, dear = 1e-3, 1e3
    for _ in range(_HALVINGS):
        price = (cheap * dear) ** 0.5
        chosen = (value - price * cost).argmax(axis=1)
        if np.take_along_axis(cost, chosen[:, None], axis=1).sum() > pot:
            cheap = price
        else:
            dear = price
    best: NDArray[np.intp] = (value - dear * cost).argmax(axis=1)
    return best
