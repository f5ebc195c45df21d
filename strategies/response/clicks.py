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
from strategies.response.shapes import Shapes, nearest_node

LEVEL_DISCOUNT = 0.90
_SHAPE_DISCOUNT = 0.995
_PRIOR_CLICKS = 0.5
_BLOCK_ROWS = 512

_Singles = NDArray[np.float32]


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
    exposure: _Singles
    weights: _Singles
    today: Floats


def learn_clicks(history: History, calendar: Calendar, shapes: Shapes) -> Clicks:
    """Run through the days once, in blocks of campaigns that stay in the processor's cache."""
    n, n_days = history.told.shape
    dispersion = 1.0 + calendar.noise * _mean_clicks(history)
    counted = (history.clicks / dispersion[:, None]).T.astype(np.float32)
    exposed = np.where(history.told, calendar.past / dispersion[:, None], 0.0).T.astype(np.float32)
    node = nearest_node(history.spend / history.reference[:, None]).T
    expected = history.reference / _cost_per_click(history)

    known_clicks = np.empty((n_days, n), dtype=np.float32)
    strength = np.full(n, _PRIOR_CLICKS, dtype=np.float32)
    for day in range(n_days):
        strength = strength * np.float32(LEVEL_DISCOUNT) + counted[day]
        known_clicks[day] = strength
    exposure = np.empty((n, len(shapes.prior)), dtype=np.float32)
    evidence = np.zeros_like(exposure)
    for start in range(0, n, _BLOCK_ROWS):
        rows = slice(start, start + _BLOCK_ROWS)
        exposure[rows] = (_PRIOR_CLICKS / expected[rows])[:, None]
        days = _Days(node[:, rows], counted[:, rows], exposed[:, rows], known_clicks[:, rows])
        _run(shapes, days, exposure[rows], evidence[rows])
    floor = _PRIOR_CLICKS * (1.0 - LEVEL_DISCOUNT)
    return Clicks(
        strength=LEVEL_DISCOUNT * strength.astype(np.float64) + floor,
        exposure=np.float32(LEVEL_DISCOUNT) * exposure + (floor / expected)[:, None].astype(np.float32),
        weights=pooled_weights(evidence, shapes.prior),
        today=calendar.today,
    )


@dataclass(frozen=True, slots=True)
class _Days:
    """What each day tells; arrays of shape (n_days, n), clicks and exposures over dispersion.

    Attributes:
        node: Of the day's spend.
        strength: Of the Gamma after the day.
    """

    node: NDArray[np.intp]
    counted: _Singles
    exposed: _Singles
    strength: _Singles


def _run(shapes: Shapes, days: _Days, exposure: _Singles, evidence: _Singles) -> None:
    """Update `exposure` and `evidence` in place, day by day.

    The one-step predictive of clicks y under shape s is negative binomial; without what all
    shapes share its logarithm is a log b - (a + y) log(b + e) + y log h, with a and b before
    the day. As a and b before a day are the discounted ones after the day before, both logs
    of b are one term with the factor below.
    """
    n_days = len(days.node)
    weight = _SHAPE_DISCOUNT ** np.arange(n_days - 1, -1, -1, dtype=np.float32)
    following = np.append(weight[1:], 0.0).astype(np.float32) * np.float32(LEVEL_DISCOUNT)
    factor = (following - weight)[:, None] * days.strength
    seen = weight[:, None] * days.counted
    term = np.empty_like(exposure)
    if n_days:
        start = np.float32(weight[0] * LEVEL_DISCOUNT * _PRIOR_CLICKS)
        evidence += start * np.log(exposure)
    for day in range(n_days):
        np.take(shapes.heights, days.node[day], axis=0, out=term, mode="clip")
        term *= days.exposed[day][:, None]
        exposure *= np.float32(LEVEL_DISCOUNT)
        exposure += term
        np.log(exposure, out=term)
        term *= factor[day][:, None]
        evidence += term
        np.take(shapes.logs, days.node[day], axis=0, out=term, mode="clip")
        term *= seen[day][:, None]
        evidence += term


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
