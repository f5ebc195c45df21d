"""Model: all that is learned about the campaigns of a pot, and what it says without drawing.

Shape, level, conversion rate and order value are independent given the data, so the first
two moments of their product are exact; the range is that of a lognormal (for a value) or a
normal (for a difference, which may be negative) with these moments.
"""

from dataclasses import dataclass

import numpy as np

from agent.domain.entity import Floats
from agent.domain.portfolio import Goal
from agent.domain.proposal import Interval
from strategies.response.calendar import learn_calendar
from strategies.response.clicks import Clicks, learn_clicks
from strategies.response.conversions import OrderValues, Rates, learn_order_values, learn_rates
from strategies.response.history import History
from strategies.response.shapes import Shapes, Singles, dictionary, place_of

_NORMAL_90 = 1.2815515655446004


@dataclass(frozen=True, slots=True)
class Belief:
    """A day's goal with the range that should hold it in 80 of 100 cases; columns of shape (n,)."""

    mean: Floats
    low: Floats
    high: Floats

    def interval(self, row: int, unit: float) -> Interval:
        """One row, in units of `unit`."""
        return Interval(
            float(self.mean[row]) / unit, float(self.low[row]) / unit, float(self.high[row]) / unit
        )


@dataclass(frozen=True, slots=True)
class Model:
    """Everything learned about the campaigns of a pot.

    The goal is counted in micros of conversion value, or in conversions.
    """

    history: History
    shapes: Shapes
    clicks: Clicks
    rates: Rates
    orders: OrderValues
    goal: Goal

    def believed(self, spend: Floats) -> Belief:
        """Goal a day at these spends, shape (n,), micros."""
        mean, variance = self._moments(self.heights(spend))
        width = np.log1p(np.divide(variance, mean**2, out=np.zeros_like(mean), where=mean > 0))
        middle, reach = np.exp(-0.5 * width) * mean, np.exp(_NORMAL_90 * np.sqrt(width))
        return Belief(mean, middle / reach, middle * reach)

    def believed_step(self, before: Floats, after: Floats) -> Belief:
        """Difference a day between two spends of each campaign, shape (n,), micros."""
        mean, variance = self._moments(self.heights(after) - self.heights(before))
        reach = _NORMAL_90 * np.sqrt(variance)
        return Belief(mean, mean - reach, mean + reach)

    def heights(self, spend: Floats) -> Floats:
        """Clicks at these spends relative to the reference, under each shape: (n, n_shapes)."""
        place = place_of(spend / self.history.reference)
        heights, share = self.shapes.heights, place.share[:, None]
        height: Floats = heights[place.below] * (1.0 - share) + heights[place.below + 1] * share
        return height

    def _moments(self, height: Floats) -> tuple[Floats, Floats]:
        """Mean and variance of the goal a day at heights of shape (n, n_shapes)."""
        a = self.clicks.strength
        level = height / self.clicks.exposure
        mean = (self.clicks.weights * level).sum(axis=1) * a * self.clicks.today * self.rates.mean
        square = (self.clicks.weights * level**2).sum(axis=1) * a * (a + 1.0)
        square *= self.clicks.today**2 * self.rates.mean_square
        if self.goal is Goal.VALUE:
            mean = mean * self.orders.mean
            square *= self.orders.mean**2 * (1.0 + self.orders.variation)
        return mean, np.maximum(square - mean**2, 0.0)


def learn(history: History, goal: Goal, hints: Singles | None = None) -> Model:
    """Learn from the figures, in the order: calendar, clicks, conversions, order values.

    Args:
        hints: What else is known of the shapes, see `read_hints`.
    """
    shapes = dictionary()
    clicks = learn_clicks(history, learn_calendar(history), shapes, hints)
    orders = learn_order_values(history)
    return Model(history, shapes, clicks, learn_rates(history, orders), orders, goal)
