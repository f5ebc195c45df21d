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
from strategies.response.shapes import Shapes, dictionary, place_of

_NORMAL_90 = 1.2815515655446004


@dataclass(frozen=True, slots=True)
class Belief:
    """Mean and standard deviation of a day's goal; columns of shape (n,), goal units or micros."""

    mean: Floats
    spread: Floats

    def interval(self, row: int, unit: float, *, positive: bool) -> Interval:
        """The range that should hold it in 80 of 100 cases, in units of `unit`."""
        mean, spread = float(self.mean[row]) / unit, float(self.spread[row]) / unit
        if not positive or mean <= 0:
            return Interval(mean, mean - _NORMAL_90 * spread, mean + _NORMAL_90 * spread)
        width = float(np.log1p((spread / mean) ** 2))
        middle = np.log(mean) - 0.5 * width
        reach = _NORMAL_90 * np.sqrt(width)
        return Interval(mean, float(np.exp(middle - reach)), float(np.exp(middle + reach)))


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

    def believed(self, spend: Floats, less: Floats | None = None) -> Belief:
        """Goal a day at these spends (shape (n,), micros), less that at others."""
        height = self.heights(spend)
        if less is not None:
            height = height - self.heights(less)
        a = self.clicks.strength
        level = height / self.clicks.exposure
        mean = (self.clicks.weights * level).sum(axis=1) * a * self.clicks.today
        square = (self.clicks.weights * level**2).sum(axis=1) * a * (a + 1.0) * self.clicks.today**2
        mean *= self.rates.mean
        square *= self.rates.mean_square
        if self.goal is Goal.VALUE:
            mean *= self.orders.mean
            square *= self.orders.mean**2 * (1.0 + self.orders.variation)
        return Belief(mean, np.sqrt(np.maximum(square - mean**2, 0.0)))

    def heights(self, spend: Floats) -> Floats:
        """Clicks at these spends relative to the reference, under each shape: (n, n_shapes)."""
        place = place_of(spend / self.history.reference)
        heights, share = self.shapes.heights, place.share[:, None]
        height: Floats = heights[place.below] * (1.0 - share) + heights[place.below + 1] * share
        return height


def learn(history: History, goal: Goal) -> Model:
    """Learn from the figures alone, in the order: calendar, clicks, conversions, order values."""
    shapes = dictionary()
    clicks = learn_clicks(history, learn_calendar(history), shapes)
    orders = learn_order_values(history)
    return Model(history, shapes, clicks, learn_rates(history), orders, goal)
