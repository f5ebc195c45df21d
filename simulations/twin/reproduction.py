"""Reproduction: the twin under the real budgets, many times, held against what really came of them."""

from dataclasses import dataclass

import numpy as np

from agent.domain.entity import Flags, Floats
from simulations.market import N_AGES
from simulations.twin.elasticity import Elasticities
from simulations.twin.fit import fit
from simulations.twin.history import History
from simulations.twin.market import TwinMarket

FIGURES = ("cost", "clicks", "conversions", "value")
NEAR = 0.05
LAG_AGES = (0, 1, 2, 3, 5, 7, 10, 14, 21)
_LOW, _HIGH = 10.0, 90.0
_FOLDS = 5


@dataclass(frozen=True, slots=True)
class Band:
    """Real figures and the twin's, of any one shape; `low` to `high` holds 80 % of its draws."""

    real: Floats
    mean: Floats
    low: Floats
    high: Floats

    @property
    def inside(self) -> Flags:
        """Where the real figure lies within the band, or `NEAR` to the mean: bands may be very narrow."""
        within = (self.real >= self.low) & (self.real <= self.high)
        near: Flags = within | (np.abs(self.mean - self.real) <= NEAR * np.abs(self.real))
        return near


@dataclass(frozen=True, slots=True)
class Reproduction:
    """Bands of one figure: total of shape (), weeks of shape (n_weeks,), rows of shape (n,)."""

    total: Band
    weeks: Band
    rows: Band


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Clicks of days that the fit was not shown, foretold from their real spend.

    Attributes:
        cells: Rows times days that were foretold.
        inside: Share of them within the 80 % interval.
        error: Mean absolute difference as a share of the clicks.
    """

    cells: int
    inside: float
    error: float


def reproduce(history: History, believed: Elasticities, seeds: range) -> dict[str, Reproduction]:
    """Live through the history again under the real budgets, once for each seed.

    Figures are as reported by the end of the history. Weeks count back from the last day; days
    before the first whole week are in the totals alone.
    """
    told = np.stack([_lived(history, believed, seed) for seed in seeds])
    real = np.stack([history.cost, history.clicks, history.conversions, history.value])
    n_weeks = history.n_days // 7
    skipped = history.n_days - 7 * n_weeks
    found = {}
    for figure, name in enumerate(FIGURES):
        own, drawn = real[figure], told[:, figure]
        weekly = own.sum(axis=0)[skipped:].reshape(n_weeks, 7).sum(axis=1)
        drawn_weekly = drawn.sum(axis=1)[:, skipped:].reshape(len(seeds), n_weeks, 7).sum(axis=2)
        found[name] = Reproduction(
            _band(own.sum(), drawn.sum(axis=(1, 2))),
            _band(weekly, drawn_weekly),
            _band(own.sum(axis=1), drawn.sum(axis=2)),
        )
    return found


def lag_band(history: History, believed: Elasticities, seeds: range) -> Band | None:
    """Share of conversions that is reported at `LAG_AGES`, as observed and as the twin reports them.

    None where the lag is assumed: then there is nothing to hold it against.
    """
    if history.lag_told is None:
        return None
    ages = np.array([age for age in LAG_AGES if age < min(len(history.lag_told), N_AGES)])
    drawn = np.stack([_reported(history, believed, seed)[ages] for seed in seeds])
    return _band(history.lag_told[ages], drawn)


def held_out(history: History, believed: Elasticities, *, seed: int, n_draws: int = 60) -> HeldOut:
    """Leave out every fifth day in turn, fit on the others, and foretell its clicks from its spend."""
    rng = np.random.default_rng(seed)
    days = np.arange(history.n_days)
    within, cells, missed, clicks = 0, 0, 0.0, 0.0
    for fold in range(_FOLDS):
        left_out = days[days % _FOLDS == fold]
        fitted = fit(history, believed.mean, seen=days % _FOLDS != fold)
        mean = fitted.clicks(history.cost[:, left_out], left_out)
        noise = fitted.noise[rng.integers(len(fitted.noise), size=(n_draws, len(left_out)))]
        drawn = rng.poisson(mean * np.swapaxes(noise, 1, 2))
        low, high = np.percentile(drawn, (_LOW, _HIGH), axis=0)
        told = (history.cost[:, left_out] > 0) & history.known[left_out]
        real = history.clicks[:, left_out]
        within += int(((real >= low) & (real <= high) & told).sum())
        cells += int(told.sum())
        missed += float(np.where(told, np.abs(real - mean), 0.0).sum())
        clicks += float(np.where(told, real, 0.0).sum())
    return HeldOut(cells, within / max(cells, 1), missed / max(clicks, 1.0))


def _lived(history: History, believed: Elasticities, seed: int) -> Floats:
    """Figures of shape (4, n, n_days), conversions and value as reported by the end."""
    market = _market(history, believed, seed)
    found = np.zeros((len(FIGURES), len(history), history.n_days))
    people = history.people
    for day in range(history.n_days):
        outcome = market.outcome(day, people[:, day])
        by_now = slice(0, history.n_days - day + 1 if history.lag_told is not None else N_AGES)
        found[:, :, day] = (
            outcome.cost_micros,
            outcome.clicks,
            outcome.conversions[:, by_now].sum(axis=1),
            outcome.value_micros[:, by_now].sum(axis=1),
        )
    return found


def _reported(history: History, believed: Elasticities, seed: int) -> Floats:
    """Share of all conversions that is reported by each age, shape (N_AGES,)."""
    market = _market(history, believed, seed)
    people = history.people
    by_delay = sum(
        market.outcome(day, people[:, day]).conversions.sum(axis=0) for day in range(history.n_days)
    )
    counts = np.asarray(by_delay, dtype=np.float64)
    shares: Floats = counts.cumsum() / max(counts.sum(), 1.0)
    return shares


def _market(history: History, believed: Elasticities, seed: int) -> TwinMarket:
    return TwinMarket(history, believed, seed, habit=np.ones((0, len(history))))


def _band(real: Floats, drawn: Floats) -> Band:
    low, high = np.percentile(drawn, (_LOW, _HIGH), axis=0)
    return Band(np.asarray(real), drawn.mean(axis=0), low, high)
