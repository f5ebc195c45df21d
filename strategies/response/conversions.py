"""Conversions: how many of today's clicks will convert in the end, and what each is worth.

Conversions are counted against clicks times the share of their conversions that has been
reported by now, so a young day is thin evidence and not a bad day (Chapelle 2014 gives the
reason, Vernade et al. 2017 the estimator). How fast the past is forgotten is a mixture that
one-step predictions weigh.
"""

from dataclasses import dataclass

import numpy as np

from agent.domain.entity import Floats
from strategies.response.history import History
from strategies.response.lag import reported_share
from strategies.response.pooling import pooled_weights
from strategies.response.shapes import Singles

_DISCOUNTS = (0.80, 0.90, 0.95, 0.98, 1.0)
_DISCOUNT_PRIOR = np.array([0.03, 0.1, 0.25, 0.37, 0.25])
_USUAL_VARIATION = 0.4
_VARIATION_CAMPAIGNS = 5.0


@dataclass(frozen=True, slots=True)
class Rates:
    """Conversions per click, a mixture of Gammas; arrays of shape (n, n_discounts).

    Attributes:
        strength, exposure: Of each Gamma: strength / exposure is its mean.
        weights: Rows sum to 1.
        evidence: Shape (n,), conversions not yet forgotten.
    """

    strength: Floats
    exposure: Floats
    weights: Floats
    evidence: Floats

    @property
    def mean(self) -> Floats:
        """Shape (n,)."""
        mean: Floats = (self.weights * self.strength / self.exposure).sum(axis=1)
        return mean

    @property
    def mean_square(self) -> Floats:
        """Shape (n,)."""
        squares = self.strength * (self.strength + 1.0) / self.exposure**2
        mean: Floats = (self.weights * squares).sum(axis=1)
        return mean


@dataclass(frozen=True, slots=True)
class OrderValues:
    """Value of a conversion in micros; columns of shape (n,).

    Attributes:
        variation: Squared coefficient of variation of what is believed about the mean.
    """

    mean: Floats
    variation: Floats


def learn_rates(history: History, orders: OrderValues) -> Rates:
    """Count conversions against ripe clicks, around rates that follow from prices and goods."""
    ripe = (history.clicks * reported_share(history)).astype(np.float32)
    converted = history.conversions.astype(np.float32).sum(axis=1)
    expected = _expected_rate(history, orders, converted, ripe.sum(axis=1))
    return rates_around(history, ripe, expected, _prior_strength(converted, ripe.sum(axis=1) * expected))


def rates_around(history: History, ripe: Singles, expected: Floats, prior: float) -> Rates:
    """Count conversions against ripe clicks under each discount and weigh the discounts.

    Args:
        ripe: Shape (n, n_days), clicks times the share of their conversions reported by now.
        expected: Shape (n,), conversions per click of whoever has none of its own yet.
        prior: Conversions that the expected rate counts for.
    """
    converted = history.conversions.astype(np.float32)
    n_days = converted.shape[1]
    lag = np.arange(n_days)[None, :] - np.arange(n_days)[:, None]
    base = (prior / expected)[:, None].astype(np.float32)
    strengths, exposures, evidence = [], [], []
    for discount in _DISCOUNTS:
        earlier = np.where(lag > 0, discount ** np.maximum(lag, 1), 0.0).astype(np.float32)
        a = np.float32(prior) + converted @ earlier
        evidence.append(_predictive(a, base + ripe @ earlier, converted, ripe))
        now = discount**history.ages
        strengths.append(prior + converted @ now)
        exposures.append(prior / expected + ripe @ now)
    weights = pooled_weights(np.stack(evidence, axis=1), _DISCOUNT_PRIOR)
    strength = np.stack(strengths, axis=1)
    evidence_now = (weights * (strength - prior)).sum(axis=1)
    return Rates(strength, np.stack(exposures, axis=1), weights.astype(np.float64), evidence_now)


def learn_order_values(history: History) -> OrderValues:
    """Shrink each campaign's mean order value by credibility (Bühlmann 1967)."""
    conversions, value = history.conversions.sum(axis=1), history.value.sum(axis=1)
    if not value.any() or not conversions.any():
        return OrderValues(np.zeros(len(value)), np.zeros(len(value)))
    usual = value.sum() / conversions.sum()
    own = np.divide(value, conversions, out=np.full_like(value, usual), where=conversions > 0)
    days = history.conversions >= 1.0
    size = np.divide(
        history.value,
        history.conversions * own[:, None],
        out=np.ones_like(history.value),
        where=days & (own > 0)[:, None],
    )
    degrees = np.maximum(days.sum() - days.any(axis=1).sum(), 0)
    within = (np.where(days, history.conversions * (size - 1.0) ** 2, 0.0).sum() + 2.0 * 0.5) / (
        degrees + 2.0
    )
    enough = conversions >= 5.0
    spread = np.where(enough, (own / usual - 1.0) ** 2 - within / np.maximum(conversions, 1.0), 0.0).sum()
    between = max((spread + 3.0 * 0.15) / (enough.sum() + 3.0), 0.01)
    credibility = conversions / (conversions + within / between)
    return OrderValues(credibility * own + (1.0 - credibility) * usual, (1.0 - credibility) * between)


def _expected_rate(history: History, orders: OrderValues, converted: Singles, ripe: Singles) -> Floats:
    """Half-way between one rate for all clicks and one return for all money (geometric mean).

    The second asks more of dear clicks and less of dear goods. Shape (n,).
    """
    cost, clicks = history.spend.sum(axis=1), history.clicks.sum(axis=1)
    click_cost = np.divide(cost, clicks, out=np.zeros_like(cost), where=clicks > 0)
    same_return = _relative(click_cost) / _relative(orders.mean)
    shares = np.sqrt(np.clip(same_return, 0.05, 20.0))
    # All together must come to the conversions that there were.
    expected: Floats = shares * (float(converted.sum()) + 0.5) / (float(ripe @ shares) + 50.0)
    return expected


def _relative(column: Floats) -> Floats:
    """Over the mean of what is above zero; 1 where it is zero."""
    known = column > 0
    usual = column[known].mean() if known.any() else 1.0
    return np.where(known, column / usual, 1.0)


def _prior_strength(converted: Floats, expected: Floats) -> float:
    """Conversions that the pooled rate counts for: 1 / variance of true rates around it."""
    many = expected >= 5.0
    ratio = np.divide(converted, expected, out=np.ones_like(converted), where=many)
    spread = np.where(many, (ratio - 1.0) ** 2 - 1.0 / np.maximum(expected, 1.0), 0.0).sum()
    variation = (spread + _VARIATION_CAMPAIGNS * _USUAL_VARIATION) / (many.sum() + _VARIATION_CAMPAIGNS)
    return 1.0 / float(np.clip(variation, 0.1, 2.0))


def _predictive(a: Singles, b: Singles, converted: Singles, ripe: Singles) -> Floats:
    """Log of the negative binomial one-step predictions, summed over days; shape (n,).

    The log gamma function is Stirling's, right to 0.02 from half a conversion on. What all
    discounts share is left out.
    """
    after = a + converted
    logs = (after - np.float32(0.5)) * np.log(after) - (a - np.float32(0.5)) * np.log(a)
    logs += (1 / after - 1 / a) / 12
    logs += a * np.log(b) - after * np.log(b + ripe)
    total: Floats = logs.sum(axis=1, dtype=np.float64)
    return total
