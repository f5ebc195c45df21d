"""Hints: what a platform's own simulations of other budgets say about the shape of each response.

A simulation is an estimate, made from past auctions by who sells the clicks. Its level is not
used at all, only how clicks grow with cost; its points are taken to be off by a tenth or so, the
more the farther they are from what is really spent, and together, not each by itself: however
many there are, they count as a few. So a simulation sharpens what nobody has tried yet, and a
few weeks in which budgets moved outweigh it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.domain.advice import ResponseCurve
from agent.domain.entity import Floats
from agent.domain.lever import Lever
from agent.domain.snapshot import Snapshot
from strategies.budgets.pot import Pot
from strategies.response.history import History
from strategies.response.shapes import Shapes, Singles, place_of

_NOISE = 0.1  # of the logarithm of clicks at the usual spend
_FARTHER = 0.1  # more of it for each e-fold away from there
_MOST_POINTS = 3.0
_OLDEST_DAYS = 30


@dataclass(frozen=True, slots=True)
class _Points:
    """The points of all simulations, those of one row together; columns of shape (n_points,).

    Attributes:
        spend: A day.
        clicks: Of the whole period.
    """

    row: NDArray[np.intp]
    spend: Floats
    clicks: Floats


def read_hints(snapshot: Snapshot, pot: Pot, history: History, shapes: Shapes) -> Singles | None:
    """Log likelihood of each shape given the simulations of daily budgets, up to a constant a row.

    Returns:
        Shape (n_rows, n_shapes), 0 where nothing was simulated lately; None where nothing was at all.
    """
    points = _points(snapshot, pot)
    if not len(points.row):
        return None
    first = np.flatnonzero(np.diff(points.row, prepend=-1))
    rows, size = points.row[first], np.diff(np.append(first, len(points.row)))
    ratio = points.spend / history.reference[points.row]
    variance = _NOISE**2 + (_FARTHER * np.log(ratio)) ** 2 + 1.0 / (points.clicks + 1.0)
    weight = (1.0 / variance)[:, None]
    place = place_of(ratio)
    share = place.share[:, None]
    height = shapes.heights[place.below] * (1.0 - share) + shapes.heights[place.below + 1] * share
    off = np.log(points.clicks)[:, None] - np.log(height)
    # The level is each simulation's own: what is left is how clicks grow.
    level = np.add.reduceat(weight * off, first) / np.add.reduceat(weight, first)
    off -= np.repeat(level, size, axis=0)
    fit = -0.5 * np.add.reduceat(weight * off**2, first)
    hints: Singles = np.zeros((len(pot.rows), len(shapes.prior)), dtype=np.float32)
    hints[rows] = fit * np.minimum(_MOST_POINTS / size, 1.0)[:, None]
    return hints


def _points(snapshot: Snapshot, pot: Pot) -> _Points:
    """Of each row's newest simulation, where both spend and clicks are above zero."""
    table = snapshot.entities
    keys = zip(table.kinds[pot.rows].tolist(), table.ids[pot.rows].tolist(), strict=True)
    place = {key: row for row, key in enumerate(keys)}
    newest: dict[int, ResponseCurve] = {}
    for curve in snapshot.advice.responses:
        row = place.get((curve.kind.value, curve.id))
        fresh = (snapshot.today - curve.until).days <= _OLDEST_DAYS
        if row is None or curve.lever is not Lever.DAILY_BUDGET or not fresh:
            continue
        if row not in newest or newest[row].until < curve.until:
            newest[row] = curve
    told = [
        (row, point.cost_micros / ((curve.until - curve.since).days + 1), point.clicks)
        for row, curve in sorted(newest.items())
        for point in curve.points
        if point.clicks and point.clicks > 0 and point.cost_micros > 0
    ]
    columns = np.array(told, dtype=np.float64).reshape(-1, 3).T
    return _Points(columns[0].astype(np.intp), columns[1], columns[2])
