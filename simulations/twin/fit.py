"""Fit: everything of a twin that is not luck, from a history and the elasticities to suppose.

Clicks of a day at spend x: level x weekday x (x / reference) ** elasticity x noise (track R).
"""

from dataclasses import dataclass

import numpy as np

from agent.domain.entity import Flags, Floats
from simulations.twin.history import History
from simulations.twin.smoothing import centred_ratio

LEVEL_DAYS, RATE_DAYS = 7, 29
MOST = 3.0
"""Nobody can spend more than this multiple of the highest day ever seen: beyond lies nothing known."""
_PRIOR_CLICKS, _PRIOR_CONVERSIONS = 2.0, 2.0
_HIGHEST_RATE = 0.9
_USUAL_VARIATION, _VARIATION_DAYS = 0.7, 10.0
_WEEKDAY_CLICKS = 200.0
_FULL = 0.85


@dataclass(frozen=True, slots=True)
class Fitted:
    """Arrays of shape (n,), matrices of shape (n, n_days); money in micros.

    Attributes:
        reference: Typical spend of a day on which anything was spent.
        level: Clicks at the reference spend, weekday left out.
        weekday: Shape (7,), factor of the clicks, in the order of the history's days: entry 0 is
            the weekday of its first day.
        noise: Shape (n_draws, n), factors of the clicks of whole days that can be drawn; each
            column has mean 1.
        use: Shape (n_draws, n), cost over budget on the same days; 1 where budgets are not known.
        most: What can be spent; 0 on days on which nothing was.
        rate: Conversions per click, all that will ever be reported.
        order_value: Mean value of a conversion; 1 unit of the currency where none has any.
        order_variation: Standard deviation of a single conversion's value over its mean.
        per_impression: Clicks per impression.
    """

    elasticity: Floats
    reference: Floats
    level: Floats
    weekday: Floats
    noise: Floats
    use: Floats
    most: Floats
    rate: Floats
    order_value: Floats
    order_variation: float
    per_impression: Floats

    def clicks(self, spend: Floats, days: "np.ndarray[tuple[int], np.dtype[np.intp]]") -> Floats:
        """Mean clicks of these days at these spends, both along the last axis; shape (n, len(days))."""
        height = (spend / self.reference[:, None]) ** self.elasticity[:, None]
        mean: Floats = self.level[:, days] * self.weekday[days % 7] * height
        return mean


def fit(history: History, elasticity: Floats, *, seen: Flags | None = None) -> Fitted:
    """Fit level, weekday, noise, conversions and values at these elasticities.

    Args:
        elasticity: Shape (n,).
        seen: Shape (n_days,), days to learn clicks from; None: all that are known.
    """
    seen = history.known if seen is None else seen & history.known
    on = (history.cost > 0) & seen
    reference = _typical(history.cost)
    ratio = history.cost / reference[:, None]
    height = np.where(on, ratio ** elasticity[:, None], 0.0)
    clicks = np.where(on, history.clicks, 0.0)
    weekday = _weekday(clicks, height)
    of_day = weekday[np.arange(history.n_days) % 7]
    level = centred_ratio(clicks, height * of_day, LEVEL_DAYS, prior=_PRIOR_CLICKS)
    value, variation = _order_values(history)
    ripe = history.clicks * history.reported
    return Fitted(
        elasticity=elasticity,
        reference=reference,
        level=level,
        weekday=weekday,
        noise=_noise(clicks, level * of_day * height, on),
        use=_use(history)[:, seen].T,
        most=_most(history),
        rate=np.minimum(
            centred_ratio(history.conversions, ripe, RATE_DAYS, prior=_PRIOR_CONVERSIONS), _HIGHEST_RATE
        ),
        order_value=value,
        order_variation=variation,
        per_impression=_per_impression(history),
    )


def _typical(cost: Floats) -> Floats:
    """Geometric mean of the days on which anything was spent."""
    on = cost > 0
    logs = np.where(on, np.log(np.where(on, cost, 1.0)), 0.0).sum(axis=1)
    typical: Floats = np.exp(logs / np.maximum(on.sum(axis=1), 1))
    return typical


def _weekday(clicks: Floats, height: Floats) -> Floats:
    """Factors of all rows together against the level of the week around, drawn towards 1."""
    expected = centred_ratio(clicks, height, LEVEL_DAYS, prior=_PRIOR_CLICKS) * height
    day = np.arange(clicks.shape[1]) % 7
    got = np.bincount(day, weights=clicks.sum(axis=0), minlength=7)
    due = np.bincount(day, weights=expected.sum(axis=0), minlength=7)
    factors = (got + _WEEKDAY_CLICKS) / (due + _WEEKDAY_CLICKS)
    normed: Floats = factors / factors.mean()
    return normed


def _noise(clicks: Floats, expected: Floats, on: Flags) -> Floats:
    """Whole days of residuals, without the luck of single clicks, which the market adds again."""
    logs = np.where(on, np.log((clicks + 0.5) / (expected + 0.5)), 0.0)
    n_on = np.maximum(on.sum(axis=1), 1)
    spread = (logs**2).sum(axis=1) / n_on
    counting = np.where(on, 1.0 / (expected + 0.5), 0.0).sum(axis=1) / n_on
    # A day is part of the level that it is held against: that hides a share of the variance.
    own = LEVEL_DAYS / (LEVEL_DAYS - 1.0)
    kept = np.sqrt(np.maximum(spread * own - counting, 0.0) / np.maximum(spread, 1e-12))
    days = on.any(axis=0)
    factors = np.exp(np.minimum(kept, 1.5)[:, None] * logs[:, days])
    noise: Floats = (factors / factors.mean(axis=1, keepdims=True)).T
    return noise


def _use(history: History) -> Floats:
    """Cost over budget where the budget was used up more or less; 1 elsewhere. Shape (n, n_days)."""
    budget = np.where(np.isfinite(history.budget) & (history.budget > 0), history.budget, np.inf)
    use = history.cost / budget
    full = (use >= _FULL) & (use <= history.account.over_delivery)
    found: Floats = np.where(full, use, 1.0)
    return found


def _most(history: History) -> Floats:
    """What can be spent: what was, where a known budget was left over; else far more."""
    highest = MOST * history.cost.max(axis=1, keepdims=True)
    budget = np.where(np.isfinite(history.budget), history.budget, 0.0)
    left = (history.cost < _FULL * budget) & (history.cost > 0)
    most = np.where(left, history.cost, highest)
    capacity: Floats = np.where((history.cost > 0) & history.known, most, 0.0)
    return capacity


def _order_values(history: History) -> tuple[Floats, float]:
    """Mean value of a conversion by row, shrunk by credibility (Bühlmann 1967), and its variation."""
    conversions, value = history.conversions.sum(axis=1), history.value.sum(axis=1)
    if not history.by_value or not conversions.any():
        return np.full(len(history), 1e6), 0.0
    usual = value.sum() / conversions.sum()
    own = np.divide(value, conversions, out=np.full(len(value), usual), where=conversions > 0)
    days = (history.conversions >= 1.0) & (own > 0)[:, None]
    size = np.divide(
        history.value, history.conversions * own[:, None], out=np.ones_like(history.value), where=days
    )
    # One conversion's variance; days with many tell as much as days with one.
    squares = np.where(days, history.conversions * (size - 1.0) ** 2, 0.0).sum()
    within = (squares + _VARIATION_DAYS * _USUAL_VARIATION**2) / (days.sum() + _VARIATION_DAYS)
    between = max(float(np.mean((own / usual - 1.0) ** 2 - within / np.maximum(conversions, 1.0))), 0.05)
    credibility = conversions / (conversions + within / between)
    return credibility * own + (1.0 - credibility) * usual, float(np.sqrt(within))


def _per_impression(history: History) -> Floats:
    clicks, impressions = history.clicks.sum(axis=1), history.impressions.sum(axis=1)
    shares = np.divide(clicks, impressions, out=np.ones_like(clicks), where=impressions > 0)
    found: Floats = np.clip(shares, 1e-6, 1.0)
    return found
