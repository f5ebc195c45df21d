"""Worth: what a click of each keyword brings, most of it borrowed from its ad group and campaign.

Conversions per click are Gamma-Poisson around an expected rate. That rate follows the price of
the click and the value of an order as far as the portfolio shows that it does, times a factor
of the ad group drawn towards that of the campaign, drawn towards 1: hierarchical credibility
(Jewell 1975; Bühlmann and Gisler 2005, chapter 6). How much keywords differ is itself learned.
"""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy.special import gammaln, ndtri  # type: ignore[import-untyped]  # scipy ships no types

from agent.domain.entity import Floats
from agent.domain.portfolio import Goal
from strategies.bids.book import Book
from strategies.bids.past import Past
from strategies.response.conversions import OrderValues, Rates, learn_order_values, rates_around
from strategies.response.lag import reported_share

_EXPONENTS = (0.0, 0.5, 1.0)
_STRENGTHS = (0.5, 0.75, 1.1, 1.6, 2.4, 3.6, 6.0)
_USUAL_VARIANCE, _VARIANCE_GROUPS = 0.15, 3.0
_PSEUDO = 0.5


@dataclass(frozen=True, slots=True)
class Worth:
    """Goal that a click brings (micros of value, or millionths of conversions); shape (n,).

    Attributes:
        mean: What is believed on average.
        variation: Squared coefficient of variation of that belief.
        evidence: Conversions not yet forgotten.
        rates, orders: What it is made of.
    """

    mean: Floats
    variation: Floats
    evidence: Floats
    rates: Rates
    orders: OrderValues
    goal: Goal

    def draw(self, rng: Generator, n_draws: int) -> Floats:
        """Joint draws, shape (n, n_draws), lognormal with this mean and variation.

        Each row has one draw from each of as many equally likely parts (stratified sampling;
        Cochran 1977, chapter 5): their average is not moved by luck more than it has to be.
        """
        part = (np.arange(n_draws) + rng.random((len(self.mean), n_draws))) / n_draws
        spread = np.sqrt(np.log1p(self.variation))[:, None]
        drawn: Floats = self.mean[:, None] * np.exp(spread * ndtri(part) - 0.5 * spread**2)
        return drawn


def learn_worth(past: Past, book: Book, price: Floats, goal: Goal) -> Worth:
    """Learn from the figures alone.

    Args:
        price: Shape (n,), how dear clicks are there, in any unit.
    """
    history = past.money
    orders = learn_order_values(history)
    ripe = (history.clicks * reported_share(history)).astype(np.float32)
    converted = history.conversions.sum(axis=1)
    counted = ripe.sum(axis=1, dtype=np.float64)
    expected = _by_price(converted, counted, _log_relative(price) - _log_relative(orders.mean))
    expected = expected * _factors(converted, counted * expected, book)
    strength = _strength(converted, counted * expected)
    rates = rates_around(history, ripe, expected, strength)
    spread = rates.mean_square / rates.mean**2 - 1.0
    if goal is Goal.VALUE:
        variation = (1.0 + spread) * (1.0 + orders.variation) - 1.0
        return Worth(rates.mean * orders.mean, variation, rates.evidence, rates, orders, goal)
    return Worth(rates.mean * 1e6, spread, rates.evidence, rates, orders, goal)


def _by_price(converted: Floats, ripe: Floats, log_price: Floats) -> Floats:
    """One rate times a power of the price; the power is averaged by how well each explains the counts.

    Power 0 is the same rate for all clicks, 1 the same return for all money.
    """
    fits, rates = [], []
    for exponent in _EXPONENTS:
        shares = np.clip(np.exp(exponent * log_price), 0.02, 50.0)
        rate = shares * (converted.sum() + _PSEUDO) / (ripe @ shares + 50.0)
        fits.append(_likelihood(converted, ripe * rate, 1.5))
        rates.append(np.log(rate))
    weight = np.exp(np.array(fits) - max(fits))
    expected: Floats = np.exp(np.tensordot(weight / weight.sum(), np.array(rates), 1))
    return expected


def _factors(converted: Floats, expected: Floats, book: Book) -> Floats:
    """How much better or worse than expected each bid's ad group is, shape (n,)."""
    strength = 1.5
    weight = expected / (expected + strength)
    ratio = np.divide(converted, expected, out=np.ones_like(expected), where=expected > 0)
    n_groups, n_campaigns = int(book.group.max()) + 1, int(book.campaign.max()) + 1
    home = np.zeros(n_groups, dtype=np.intp)
    home[book.group] = book.campaign
    groups = _Level.of(ratio, weight, 1.0 / strength, book.group, n_groups)
    campaigns = _Level.of(groups.mean, groups.credibility, groups.variance, home, n_campaigns)
    overall = float((campaigns.mean * campaigns.credibility).sum() + _PSEUDO)
    overall /= float(campaigns.credibility.sum() + _PSEUDO)
    of_campaign = overall + campaigns.credibility * (campaigns.mean - overall)
    of_group = of_campaign[home] + groups.credibility * (groups.mean - of_campaign[home])
    factors: Floats = np.maximum(of_group, 0.05)[book.group]
    return factors


@dataclass(frozen=True, slots=True)
class _Level:
    """Means of nodes, how far each is believed, and the variance between them."""

    mean: Floats
    credibility: Floats
    variance: float

    @classmethod
    def of(
        cls, values: Floats, weight: Floats, within: float, node: NDArray[np.intp], n_nodes: int
    ) -> "_Level":
        """Gather members into nodes.

        Args:
            within: Variance of a member's value where its weight is 1.
        """
        total = np.bincount(node, weight, n_nodes)
        mean = np.bincount(node, weight * values, n_nodes) / np.maximum(total, 1e-12)
        mean = np.where(total > 0, mean, 1.0)
        usual = float((mean * total).sum() / max(total.sum(), 1e-12)) if total.any() else 1.0
        noise = within / np.maximum(total, 1e-12)
        told = noise < 0.3
        square = np.where(told, (mean / max(usual, 1e-9) - 1.0) ** 2 - noise, 0.0).sum()
        variance = (square + _VARIANCE_GROUPS * _USUAL_VARIANCE) / (told.sum() + _VARIANCE_GROUPS)
        variance = float(np.clip(variance, 0.02, 1.0))
        return cls(mean, variance / (variance + noise), variance)


def _strength(converted: Floats, expected: Floats) -> float:
    """Conversions that the expected rate counts for: averaged by the likelihood of the counts."""
    fits = np.array([_likelihood(converted, expected, strength) for strength in _STRENGTHS])
    weight = np.exp(fits - fits.max())
    return float(np.exp((weight / weight.sum()) @ np.log(_STRENGTHS)))


def _likelihood(converted: Floats, expected: Floats, strength: float) -> float:
    """Log of negative binomial counts, up to what does not depend on strength and expectation."""
    logs = gammaln(converted + strength) - gammaln(strength) - strength * np.log1p(expected / strength)
    logs += converted * (np.log(np.maximum(expected, 1e-12)) - np.log(strength + expected))
    return float(logs.sum())


def _log_relative(column: Floats) -> Floats:
    """Log of a column over the mean of what is above zero; 0 where it is zero."""
    known = column > 0
    usual = column[known].mean() if known.any() else 1.0
    logs: Floats = np.log(np.where(known, column / usual, 1.0))
    return logs
