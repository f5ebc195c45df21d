"""Gaussian process: one for each campaign over the same levels, solved for all of them at once.

Observations at a level count through their number, sum and sum of squares, so the work grows
with levels and not with days; the posterior is exact (Rasmussen and Williams 2006, chapters 2
and 5).
"""

from dataclasses import dataclass

import numpy as np

from agent.domain.entity import Floats

_JITTER = 1e-9


@dataclass(frozen=True, slots=True)
class Observations:
    """Shape (n_campaigns, n_levels): how many there were at each level, and their sums."""

    count: Floats
    total: Floats
    square: Floats


@dataclass(frozen=True, slots=True)
class Posterior:
    """Mean (n_campaigns, n_levels) and covariance (n_campaigns, n_levels, n_levels)."""

    mean: Floats
    covariance: Floats

    def deviation(self) -> Floats:
        variance = np.diagonal(self.covariance, axis1=1, axis2=2)
        return np.sqrt(np.maximum(variance, 0.0))

    def draw(self, rng: np.random.Generator) -> Floats:
        """One function for each campaign, shape (n_campaigns, n_levels)."""
        values, vectors = np.linalg.eigh(self.covariance)
        luck = np.sqrt(np.maximum(values, 0.0)) * rng.standard_normal(values.shape)
        drawn: Floats = self.mean + np.einsum("nij,nj->ni", vectors, luck)
        return drawn


def regress(
    places: Floats, seen: Observations, *, lengths: tuple[float, ...], noises: tuple[float, ...]
) -> Posterior:
    """Zero mean, squared exponential kernel of variance 1; the rest by marginal likelihood.

    Args:
        places: Shape (n_levels,), where the levels lie.
        lengths, noises: Length scales and noise deviations to choose from, for each campaign.
    """
    best = np.full(len(seen.count), -np.inf)
    mean = np.zeros_like(seen.count)
    covariance = np.zeros((*seen.count.shape, len(places)))
    for length in lengths:
        prior = np.exp(-0.5 * ((places[:, None] - places) / length) ** 2) + _JITTER * np.eye(len(places))
        for noise in noises:
            likelihood, found = _posterior(prior, seen, noise**2)
            better = likelihood > best
            best[better] = likelihood[better]
            mean[better], covariance[better] = found.mean[better], found.covariance[better]
    return Posterior(mean, covariance)


def _posterior(prior: Floats, seen: Observations, variance: float) -> tuple[Floats, Posterior]:
    """Log marginal likelihood, shape (n_campaigns,), and the posterior."""
    root = np.sqrt(seen.count / variance)
    inner = np.eye(prior.shape[0]) + root[:, :, None] * prior * root[:, None, :]
    half = np.linalg.solve(np.linalg.cholesky(inner), root[:, :, None] * prior)
    covariance = prior - np.swapaxes(half, 1, 2) @ half
    pull = seen.total / variance
    mean = np.einsum("nij,nj->ni", covariance, pull)
    logdet = np.linalg.slogdet(inner)[1]
    count = seen.count.sum(axis=1)
    likelihood = 0.5 * (
        (pull * mean).sum(axis=1)
        - seen.square.sum(axis=1) / variance
        - logdet
        - count * np.log(2 * np.pi * variance)
    )
    return likelihood, Posterior(mean, covariance)
