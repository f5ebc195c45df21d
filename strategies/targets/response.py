"""Response: how volume and its cost answer to a target, learned from weeks and pooled.

For each campaign log units = level + elasticity x log looseness, and the same for log cost per
unit. The level walks from week to week, the elasticity stands still (a dynamic linear model;
West and Harrison 1997, chapter 4). Targets move so seldom that a campaign alone hardly ever
shows its elasticity, so its prior is learned from all of them (Efron and Morris 1973).
"""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from agent.domain.entity import Floats
from strategies.targets.weeks import WEEK, Weeks

_WALK = 0.08
_WEEK_NOISE = 0.08
_ORDER_VARIATION = 0.7
_OWN = 4.0


@dataclass(frozen=True, slots=True)
class Prior:
    """Of an elasticity: its mean over campaigns, their spread around it, and how sure the mean is."""

    mean: float
    spread: float
    doubt: float


# Assumptions, kept wide. A tenth more per conversion buys some seven per cent more of them, and
# the platform meets nine tenths of what it is asked for.
VOLUME = Prior(0.7, 0.3, 0.2)
PRICE = Prior(0.9, 0.15, 0.1)


@dataclass(frozen=True, slots=True)
class Line:
    """A Gaussian over (level, elasticity) of each campaign: `mean` (n, 2) and `covariance` (n, 2, 2)."""

    mean: Floats
    covariance: Floats

    def draw(self, rng: Generator, n_draws: int) -> Floats:
        """Shape (n_draws, n, 2)."""
        root = np.linalg.cholesky(self.covariance + 1e-10 * np.eye(2))
        normal = rng.standard_normal((n_draws, len(self.mean), 2))
        drawn: Floats = self.mean + np.einsum("nij,dnj->dni", root, normal)
        return drawn


@dataclass(frozen=True, slots=True)
class Response:
    """What is believed: units a day and cost per unit, both at the present target and around it."""

    units: Line
    price: Line


def learn_response(weeks: Weeks) -> Response:
    """Learn from the weeks alone; a campaign that earned nothing is believed to be like the others."""
    counting = (1.0 + _ORDER_VARIATION**2) / (weeks.conversions + 0.5)
    # Half a conversion keeps weeks without any from minus infinity.
    units = np.log(weeks.units + 0.5 * weeks.worth[:, None] / WEEK)
    price = np.log(np.maximum(weeks.cost, 1.0)) - units
    variance = counting + _WEEK_NOISE**2
    return Response(
        units=_pooled(units, weeks, variance, VOLUME),
        price=_pooled(price, weeks, counting + (_WEEK_NOISE / 2) ** 2, PRICE),
    )


def _pooled(seen: Floats, weeks: Weeks, variance: Floats, prior: Prior) -> Line:
    """Filter with the given prior, learn from that what the mean over campaigns is, filter again."""
    first = _filtered(seen, weeks, variance, prior.mean, prior.spread)
    own = first.covariance[:, 1, 1]
    information = np.maximum(1.0 / own - 1.0 / prior.spread**2, 0.0)
    told = information > 1e-6
    estimate = np.divide(
        first.mean[:, 1] / own - prior.mean / prior.spread**2,
        information,
        out=np.full(len(own), prior.mean),
        where=told,
    )
    weight = information / (1.0 + information * prior.spread**2)
    precision = weight.sum() + prior.doubt**-2
    mean = float((weight @ estimate + prior.mean * prior.doubt**-2) / precision)
    return _filtered(seen, weeks, variance, mean, float(np.hypot(prior.spread, precision**-0.5)))


def _filtered(seen: Floats, weeks: Weeks, variance: Floats, mean: float, spread: float) -> Line:
    """Kalman filter over the weeks for all campaigns at once."""
    n, n_weeks = seen.shape
    told = weeks.told
    start = np.divide(
        np.where(told, seen, 0.0).sum(axis=1), told.sum(axis=1), out=np.zeros(n), where=told.any(axis=1)
    )
    state = np.stack([start, np.full(n, mean)], axis=1)
    covariance = np.zeros((n, 2, 2))
    covariance[:, 0, 0], covariance[:, 1, 1] = _OWN, spread**2
    for week in range(n_weeks):
        covariance[:, 0, 0] += _WALK**2
        along = np.stack([np.ones(n), weeks.looser[:, week]], axis=1)
        towards = np.einsum("nij,nj->ni", covariance, along)
        total = np.einsum("ni,ni->n", along, towards) + variance[:, week]
        gain = np.where(told[:, week, None], towards / total[:, None], 0.0)
        miss = seen[:, week] - np.einsum("ni,ni->n", along, state)
        state = state + gain * miss[:, None]
        covariance = covariance - gain[:, :, None] * towards[:, None, :]
    return Line(state, covariance)
