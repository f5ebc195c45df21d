"""Elasticity: by how many percent clicks rise with one percent more spend, as far as the history tells."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from agent.domain.entity import Floats
from simulations.twin.history import History

USUAL, SPREAD = 0.65, 0.15
LOWEST, HIGHEST = 0.25, 0.9
_FEW_DAYS = 3  # spare days that a regression needs beyond its parameters


@dataclass(frozen=True, slots=True)
class Elasticities:
    """What is believed about each row, shape (n,): normal, cut to `LOWEST` and `HIGHEST`.

    Attributes:
        told: Share of the prior's variance that the history took away: 0 where it tells nothing,
            1 where it tells all.
        varied: Standard deviation of the log of the daily spend.
    """

    mean: Floats
    sd: Floats
    told: Floats
    varied: Floats

    def drawn(self, rng: Generator) -> Floats:
        """One draw of each."""
        return np.clip(self.mean + self.sd * rng.standard_normal(len(self.mean)), LOWEST, HIGHEST)


def elasticities(history: History) -> Elasticities:
    """Regress log clicks on log cost, weekday and a cubic trend; shrink by precision (track R).

    The prior is a normal around `USUAL` with standard deviation `SPREAD`. The weekday is left
    out where days are few.
    """
    rows = [_found(cost, clicks) for cost, clicks in zip(history.cost, history.clicks, strict=True)]
    found = np.array([row[0] for row in rows])
    variance = np.array([row[1] for row in rows])
    varied = np.array([row[2] for row in rows])
    precision = 1.0 / variance + 1.0 / SPREAD**2
    mean = np.where(np.isinf(variance), USUAL, (found / variance + USUAL / SPREAD**2) / precision)
    return Elasticities(
        mean=np.clip(mean, LOWEST, HIGHEST),
        sd=precision**-0.5,
        told=1.0 - 1.0 / (precision * SPREAD**2),
        varied=varied,
    )


def _found(cost: Floats, clicks: Floats) -> Floats:
    """Slope, its variance (infinite where nothing can be told) and the spread of log spend."""
    days = np.flatnonzero((cost > 0) & (clicks > 0))
    if len(days) < 2:
        return np.array([USUAL, np.inf, 0.0])
    spend = np.log(cost[days])
    time = np.linspace(-1.0, 1.0, len(cost))[days]
    weekday = (days[:, None] % 7 == np.arange(1, 7)).astype(np.float64)
    trend = np.column_stack([np.ones(len(days)), time, time**2, time**3])
    design = np.column_stack([spend - spend.mean(), trend, weekday])
    if len(days) < design.shape[1] + 2 * _FEW_DAYS:
        design = design[:, :5]
    spare = len(days) - design.shape[1]
    varied = float(spend.std())
    if spare < _FEW_DAYS or varied < 1e-3:
        return np.array([USUAL, np.inf, varied])
    inverse = np.linalg.pinv(design.T @ design)
    slope = inverse @ (design.T @ np.log(clicks[days]))
    residual = np.log(clicks[days]) - design @ slope
    # Days resemble their neighbours: so many days are not so many pieces of evidence.
    variance = float(residual @ residual) / spare * inverse[0, 0] * _sameness(residual)
    return np.array([slope[0], max(variance, 1e-6), varied])


def _sameness(residual: Floats) -> float:
    """Variance inflation for residuals that follow one another (AR(1)), between 1 and 4."""
    power = float(residual @ residual)
    if power <= 0.0:
        return 1.0
    after = float(np.clip((residual[1:] @ residual[:-1]) / power, 0.0, 0.6))
    return (1.0 + after) / (1.0 - after)
