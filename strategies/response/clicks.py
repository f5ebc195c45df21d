"""Clicks: which shape each campaign's response has, and how high it stands now.

For each shape its own Gamma-Poisson level, discounted from day to day (the steady model;
West and Harrison 1997, chapter 10), predicts the next day; how well it did weighs the
shape. A drifting level therefore does not pass for a shape. Clicks are divided by their
dispersion before they are counted, so that noisy days weigh as little as they should.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.domain.entity import Floats
from strategies.response.calendar import Calendar
from strategies.response.history import History
from strategies.response.pooling import pooled_weights
from strategies.response.shapes import N_NODES, Shapes, Singles, nearest_node

LEVEL_DISCOUNT = 0.95
_SHAPE_DISCOUNT = 0.995
_PRIOR_CLICKS = 0.5
_BLOCK_ROWS = 32


@dataclass(frozen=True, slots=True)
class Clicks:
    """What is known of each campaign's clicks today.

    Attributes:
        strength: Shape (n,): shape parameter of the Gamma of the level, whatever the shape.
        exposure: Shape (n, n_shapes): its rate; strength / exposure is the mean number of
            clicks at the reference spend on an average day.
        weights: Shape (n, n_shapes): probability of each shape; rows sum to 1.
        today: Shape (n,): factor for today's weekday.
    """

    strength: Floats
    exposure: Singles
    weights: Singles
    today: Floats


def learn_clicks(
    history: History, calendar: Calendar, shapes: Shapes, hints: Singles | None = None
) -> Clicks:
    """Run through the days once, in blocks of campaigns that stay in the processor's cache.

    Args:
        hints: Shape (n, n_shapes), log likelihood of what else is known of the shapes.
    """
    n, n_days = history.told.shape
    dispersion = 1.0 + calendar.noise * _mean_clicks(history)
    counted = (history.clicks / dispersion[:, None]).T.astype(np.float32)
    exposed = np.where(history.told, calendar.past / dispersion[:, None], 0.0).T.astype(np.float32)
    node = nearest_node(history.spend / history.reference[:, None]).T
    expected = history.reference / _cost_per_click(history)

    strengths = np.empty((n_days, n), dtype=np.float32)
    strength = np.full(n, _PRIOR_CLICKS, dtype=np.float32)
    for day in range(n_days):
        strength = strength * np.float32(LEVEL_DISCOUNT) + counted[day]
        strengths[day] = strength
    exposure = np.repeat((_PRIOR_CLICKS / expected)[:, None], len(shapes.prior), axis=1).astype(np.float32)
    evidence = _seen(node, counted, shapes)
    if hints is not None:
        evidence += hints
    days = _Days(node, exposed, _log_weights(strengths))
    for start in range(0, n, _BLOCK_ROWS):
        rows = slice(start, start + _BLOCK_ROWS)
        _run(shapes, days.of(rows), exposure[rows], evidence[rows])
    floor = _PRIOR_CLICKS * (1.0 - LEVEL_DISCOUNT)
    return Clicks(
        strength=LEVEL_DISCOUNT * strength.astype(np.float64) + floor,
        exposure=np.float32(LEVEL_DISCOUNT) * exposure + (floor / expected)[:, None].astype(np.float32),
        weights=pooled_weights(evidence, shapes.prior),
        today=calendar.today,
    )


def _seen(node: NDArray[np.intp], counted: Singles, shapes: Shapes) -> Singles:
    """Part of the evidence that only asks how high each shape was on the days of the clicks."""
    n_days, n = node.shape
    cell = node + np.arange(n) * N_NODES
    seen = _SHAPE_DISCOUNT ** np.arange(n_days - 1, -1, -1)[:, None] * counted
    at_node = np.bincount(cell.ravel(), seen.ravel(), n * N_NODES).reshape(n, N_NODES)
    return at_node.astype(np.float32) @ shapes.logs


def _log_weights(strengths: Singles) -> Singles:
    """What the log of each day's exposure counts for in the evidence, shape (n_days, n).

    The one-step predictive of clicks y under shape s is negative binomial; without what all
    shapes share its logarithm is a log b - (a + y) log(b + e) + y log h, with a and b before
    the day. These are the discounted ones after the day before, so that each log b occurs
    twice, once for its own day and once for the next.
    """
    n_days = len(strengths)
    weight = _SHAPE_DISCOUNT ** np.arange(n_days - 1, -1, -1)
    following = np.append(weight[1:], 0.0) * LEVEL_DISCOUNT
    return (following - weight).astype(np.float32)[:, None] * strengths


@dataclass(frozen=True, slots=True)
class _Days:
    """What each day tells; arrays of shape (n_days, n).

    Attributes:
        node: Of the day's spend.
        exposed: The day's factor over dispersion; 0 where nothing is told.
        log_weight: See `_log_weights`.
    """

    node: NDArray[np.intp]
    exposed: Singles
    log_weight: Singles

    def of(self, rows: slice) -> "_Days":
        return _Days(self.node[:, rows], self.exposed[:, rows], self.log_weight[:, rows])


def _run(shapes: Shapes, days: _Days, exposure: Singles, evidence: Singles) -> None:
    """Bring `exposure` to the last day and add to `evidence`, both in place."""
    after = shapes.heights[days.node]
    after *= days.exposed[:, :, None]
    earlier = np.empty_like(exposure)
    previous = exposure
    for today in after:
        np.multiply(previous, np.float32(LEVEL_DISCOUNT), out=earlier)
        previous = np.add(today, earlier, out=today)
    exposure[:] = previous
    np.log(after, out=after)
    after *= days.log_weight[:, :, None]
    evidence += after.sum(axis=0)


def _mean_clicks(history: History) -> Floats:
    days = history.told.sum(axis=1)
    mean: Floats = np.divide(history.clicks.sum(axis=1), days, out=np.zeros(len(days)), where=days > 0)
    return mean


def _cost_per_click(history: History) -> Floats:
    """Cost per click of each campaign's channel, drawn towards that of all; shape (n,), micros."""
    cost, clicks = history.spend.sum(axis=1), history.clicks.sum(axis=1)
    usual = (cost.sum() + history.reference.mean()) / (clicks.sum() + 1.0)
    n_channels = int(history.channel.max(initial=-1)) + 1
    cost_of = np.bincount(history.channel, cost, n_channels)
    clicks_of = np.bincount(history.channel, clicks, n_channels)
    of_channel: Floats = (cost_of + 10.0 * usual) / (clicks_of + 10.0)
    return of_channel[history.channel]
