"""Marketing mix: once a week a Hill curve is fitted to each campaign and a solver shares the pot.

Source: the saturation curves of Jin et al. 2017 ("Bayesian Methods for Media Mix Modeling with
Carryover and Shape Effects", Google) without carry-over, which the worlds do not have; fitted
as a maximum a posteriori estimate with scipy's least squares, and allocated with SLSQP
(Kraft 1988) as Robyn's allocator does. Value as reported, between two fits nothing moves. A
target ROAS is one more constraint of the solver, as in Robyn's scenario "target_efficiency".
"""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from scipy import optimize  # type: ignore[import-untyped]  # scipy ships no types

from agent.domain.entity import Floats, Numbers
from simulations.laboratory.budgets.morning import Morning
from simulations.laboratory.budgets.sharing import shared, within

_WEEK_DAYS = 7
_FIRST_FIT_DAYS = 14
_LOG_PRIOR_SPREADS = np.array([2.0, 0.7, 0.3])  # of top, half and steepness


@dataclass(frozen=True, slots=True)
class Hills:
    """top * x ** steepness / (half ** steepness + x ** steepness), each of shape (n_campaigns,)."""

    top: Floats
    half: Floats
    steepness: Floats

    def at(self, spend: Floats) -> Floats:
        power: Floats = spend**self.steepness
        return self.top * power / (self.half**self.steepness + power)

    def slope(self, spend: Floats) -> Floats:
        power: Floats = (spend / self.half) ** self.steepness
        return self.top * self.steepness * power / (spend * (1.0 + power) ** 2)


@dataclass(frozen=True, slots=True)
class MarketingMix:
    def budgets(self, morning: Morning, rng: Generator) -> Numbers:
        fitted = shared if morning.target is None else within
        if morning.n_days < _FIRST_FIT_DAYS or morning.decision % _WEEK_DAYS:
            return fitted(morning, morning.present.astype(np.float64))
        unit = morning.pot_micros / morning.n_campaigns
        usual = max(morning.value.mean(), 1.0)
        value = morning.value / usual
        fits = [_fit(spend, day) for spend, day in zip(morning.cost / unit, value, strict=True)]
        hills = Hills(*np.exp(np.array(fits).T))
        low, high = morning.low_micros / unit, morning.high_micros / unit
        least = None if morning.target is None else morning.target * unit / usual
        best = _allocate(hills, morning.present / unit, low, high, least)
        return fitted(morning, best * unit)


def _fit(spend: Floats, value: Floats) -> Floats:
    """Logs of top, half and steepness, shape (3,)."""
    usual = max(spend.mean(), 1e-6)
    prior = np.log([3.0 * max(value.mean(), 1e-3), 2.0 * usual, 1.0])
    noise = max(value.std(), 1e-3)

    def residuals(logs: Floats) -> Floats:
        top, half, steepness = np.exp(logs)
        power = (np.maximum(spend, 1e-9) / half) ** steepness
        misfit = (value - top * power / (1.0 + power)) / noise
        return np.append(misfit, (logs - prior) / _LOG_PRIOR_SPREADS)

    found: Floats = optimize.least_squares(residuals, prior, bounds=(prior - 5.0, prior + 5.0)).x
    return found


def _allocate(hills: Hills, present: Floats, low: float, high: float, least: float | None) -> Floats:
    """Shape (n_campaigns,), sums to n_campaigns at most; the present where the solver fails.

    Args:
        least: Value over spend that all together must reach.
    """
    n = len(present)
    start = np.clip(present, low, high)
    scale = max(hills.at(start).sum(), 1e-9)
    room = {"type": "ineq", "fun": lambda x: n - x.sum(), "jac": lambda x: -np.ones(n)}
    constraints = [room]
    if least is not None:
        enough = {
            "type": "ineq",
            "fun": lambda x: (hills.at(x).sum() - least * x.sum()) / scale,
            "jac": lambda x: (hills.slope(x) - least) / scale,
        }
        constraints.append(enough)
    found = optimize.minimize(
        lambda x: -hills.at(x).sum() / scale,
        start,
        jac=lambda x: -hills.slope(x) / scale,
        bounds=[(low, high)] * n,
        constraints=constraints,
        method="SLSQP",
        options={"maxiter": 200},
    )
    return np.clip(found.x, low, high) if found.success else present
