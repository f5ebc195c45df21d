"""Curves: what each campaign would earn today at any budget, as drawn and as believed."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from agent.domain.entity import Floats
from agent.domain.portfolio import Goal
from strategies.response.model import Model
from strategies.response.shapes import N_NODES, Singles, place_of


@dataclass(frozen=True, slots=True)
class Draws:
    """Joint draws of every campaign's response; arrays of shape (n, n_draws).

    Attributes:
        shape: Number of the shape in the dictionary.
        value: Expected goal a day at the reference spend (micros of value, or conversions).
    """

    shape: NDArray[np.intp]
    value: Floats


@dataclass(frozen=True, slots=True)
class Curves:
    """Piecewise linear value of a day's spend, shape (n, N_NODES), at NODES x reference."""

    reference: Floats
    value: Floats

    def at(self, spend: Floats) -> Floats:
        """Value at spends of shape (n, k), micros; beyond the last node it stays level."""
        place = place_of(spend / self.reference[:, None])
        first = place.below + np.arange(len(spend))[:, None] * N_NODES
        flat = self.value.ravel()
        value: Floats = flat[first] * (1.0 - place.share) + flat[first + 1] * place.share
        return value

    def limited(self, odds: Singles) -> "Curves":
        """What is earned on average when each further step of spend happens with these odds only.

        Args:
            odds: Shape (n, N_NODES), falling, that as much as the node's spend can be delivered.
        """
        steps = np.diff(self.value, axis=1, prepend=0.0)
        return Curves(self.reference, (steps * odds).cumsum(axis=1))


def draw(rng: Generator, n_draws: int, model: Model) -> Draws:
    """Draw shape, level, conversion rate and order value of each campaign together."""
    clicks, rates, orders = model.clicks, model.rates, model.orders
    shape = _choose(rng, clicks.weights, n_draws)
    level = rng.standard_gamma(np.repeat(clicks.strength[:, None], n_draws, axis=1))
    level *= clicks.today[:, None] / np.take_along_axis(clicks.exposure, shape, axis=1)
    discount = _choose(rng, rates.weights, n_draws)
    rate = rng.standard_gamma(np.take_along_axis(rates.strength, discount, axis=1))
    rate /= np.take_along_axis(rates.exposure, discount, axis=1)
    value = level * rate
    if model.goal is Goal.VALUE:
        certainty = 1.0 / np.maximum(orders.variation[:, None], 1e-9)
        luck = rng.standard_gamma(np.repeat(certainty, n_draws, axis=1)) / certainty
        value *= luck * orders.mean[:, None]
    return Draws(shape, value)


def mean_curves(draws: Draws, model: Model) -> Curves:
    """Average the drawn curves."""
    n, n_draws = draws.value.shape
    n_shapes = len(model.shapes.prior)
    cell = draws.shape + np.arange(n)[:, None] * n_shapes
    weight = np.bincount(cell.ravel(), draws.value.ravel() / n_draws, n * n_shapes)
    heights = model.shapes.heights.T
    value = weight.reshape(n, n_shapes).astype(np.float32) @ heights
    return Curves(model.history.reference, value.astype(np.float64))


def believed_curves(model: Model, counted: Goal) -> Curves:
    """The mean of all curves that are possible, in micros of conversion value or in conversions."""
    clicks = model.clicks
    level = clicks.weights / clicks.exposure
    each = clicks.strength * clicks.today * model.rates.mean
    if counted is Goal.VALUE:
        each = each * model.orders.mean
    value = level.astype(np.float32) @ model.shapes.heights.T * each[:, None]
    return Curves(model.history.reference, value)


def _choose(rng: Generator, weights: NDArray[np.floating], n_draws: int) -> NDArray[np.intp]:
    """Numbers of hypotheses drawn with these probabilities, shape (n, n_draws)."""
    cumulative = np.cumsum(weights, axis=1, dtype=np.float64)
    luck = rng.random((len(weights), n_draws)) * cumulative[:, -1:]
    chosen = (cumulative[:, None, :] <= luck[:, :, None]).sum(axis=2, dtype=np.intp)
    capped: NDArray[np.intp] = np.minimum(chosen, weights.shape[1] - 1)
    return capped
