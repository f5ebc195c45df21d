"""Log-log mixed model: log clicks are linear in log spend, with random lines around a shared one.

Source: Ge et al., "Multi-Task Combinatorial Bandits for Budget Allocation", KDD 2025, with its
linear mixed model as working model: a line for each campaign, drawn around a line that all
share, learned by EM (Laird and Ware 1982). Value per click as in the AdComB baselines. TS
draws a line and a value for each campaign, Mean takes the means; the pot then goes where the
next micro brings most.
"""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from agent.domain.entity import Floats, Numbers
from simulations.laboratory.budgets.click_worth import click_worth
from simulations.laboratory.budgets.morning import Morning
from simulations.laboratory.budgets.sharing import shared

_ROUNDS = 30
_HALVINGS = 60
_PRIOR_SLOPE, _PRIOR_SPREAD = 0.7, 0.2
_STRAIGHTEST = 0.97


@dataclass(frozen=True, slots=True)
class Lines:
    """Beliefs about intercept and slope: mean (n, 2) and covariance (n, 2, 2)."""

    mean: Floats
    covariance: Floats


@dataclass(frozen=True, slots=True)
class LogLog:
    """With `draw` it is Thompson sampling, else the means are taken for true."""

    draw: bool

    def budgets(self, morning: Morning, rng: Generator) -> Numbers:
        if not morning.conversions.any():
            return shared(morning, np.ones(morning.n_campaigns))
        unit = morning.pot_micros / morning.n_campaigns
        lines = fit_lines(np.log(np.maximum(morning.cost, 1.0) / unit), morning.clicks)
        worth = click_worth(morning)
        line, each = lines.mean, worth.mean
        if self.draw:
            root = np.linalg.cholesky(lines.covariance)
            line = line + np.einsum("nij,nj->ni", root, rng.standard_normal(line.shape))
            each = each + worth.deviation * rng.standard_normal(len(each))
        slope = np.clip(line[:, 1], 0.03, _STRAIGHTEST)
        height = np.exp(line[:, 0]) * np.maximum(each, 1e-6 * worth.mean.max())
        low, high = morning.low_micros / unit, morning.high_micros / unit
        spend = _equal_margins(height, slope, low, high, float(morning.n_campaigns))
        return np.clip((spend * unit).astype(np.int64), morning.low_micros, morning.high_micros)


def fit_lines(log_spend: Floats, clicks: Floats) -> Lines:
    """EM of the linear mixed model; days without clicks count half a click."""
    n, n_days = log_spend.shape
    response = np.log(np.maximum(clicks, 0.5))
    design = np.stack([np.ones_like(log_spend), log_spend], axis=2)
    gram = np.einsum("nti,ntj->nij", design, design)
    moment = np.einsum("nti,nt->ni", design, response)
    centre = np.array([response.mean(), _PRIOR_SLOPE])
    scatter = np.diag([response.mean(axis=1).var() + 0.1, _PRIOR_SPREAD**2])
    noise = 0.04
    for _ in range(_ROUNDS):
        precision = np.linalg.inv(scatter)
        covariance = np.linalg.inv(precision + gram / noise)
        mean = np.einsum("nij,nj->ni", covariance, precision @ centre + moment / noise)
        residual = response - np.einsum("nti,ni->nt", design, mean)
        noise = ((residual**2).sum() + np.einsum("nij,nij->", gram, covariance)) / (n * n_days)
        # The slope that all share is held to its prior by as much as one campaign says.
        weight = n / (n + 1.0)
        centre = np.array([mean[:, 0].mean(), weight * mean[:, 1].mean() + (1.0 - weight) * _PRIOR_SLOPE])
        around = mean - centre
        prior = np.diag([0.1, _PRIOR_SPREAD**2])
        scatter = (np.einsum("ni,nj->ij", around, around) + covariance.sum(axis=0) + 5.0 * prior) / (n + 5.0)
    return Lines(mean, covariance)


def _equal_margins(height: Floats, slope: Floats, low: float, high: float, room: float) -> Floats:
    """Spend at which all curves height * x ** slope rise equally, bounds kept; sums to `room` at most."""

    def at(log_price: float) -> Floats:
        log_spend = (np.log(height * slope) - log_price) / (1.0 - slope)
        return np.exp(np.clip(log_spend, np.log(low), np.log(high)))

    cheap, dear = -60.0, 60.0 + float(np.log(height.max()))
    for _ in range(_HALVINGS):
        middle = (cheap + dear) / 2
        if at(middle).sum() > room:
            cheap = middle
        else:
            dear = middle
    return at(dear)
