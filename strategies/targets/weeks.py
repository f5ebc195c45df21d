"""Weeks: what each campaign cost and earned week by week, and how loose its target was."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agent.domain.entity import Flags, Floats
from agent.domain.portfolio import Goal
from agent.domain.snapshot import Snapshot
from strategies.targets.book import Book

WEEK = 7
_SETTLING = 0.25
_LEAST_REPORTED = 0.4


@dataclass(frozen=True, slots=True)
class Weeks:
    """Arrays of shape (n, n_weeks), oldest first; the last week ends yesterday.

    Attributes:
        cost: Of a day, micros.
        units: Of the goal a day, with those that are still to come or do not count (marked hours):
            micros of value, or conversions.
        conversions: Reported, of the whole week: how much `units` can be trusted.
        looser: Logarithm of how much looser than now the target was that the platform bid for.
        worth: Shape (n,), units that one conversion brings, drawn towards what it brings on average.
        told: Whether the whole week is known and mature enough, and something was spent.
    """

    cost: Floats
    units: Floats
    conversions: Floats
    looser: Floats
    told: Flags
    worth: Floats


def read_weeks(snapshot: Snapshot, book: Book, goal: Goal) -> Weeks:
    """Sum up whole weeks, counted back from yesterday.

    A target works its way into bids over days (a quarter of the way a day), so each day's own is
    the smoothed one; where nobody saw it, it is taken to have stood as it did when first seen.
    """
    n_weeks = len(snapshot.days) // WEEK
    last = slice(len(snapshot.days) - n_weeks * WEEK, None)
    metrics = snapshot.metrics
    known = metrics.known[book.rows, last]
    # A day whose conversions do not count is one of which nothing is reported.
    learnable = snapshot.learnable[book.rows, last]
    mature = snapshot.reported[book.rows, last] * learnable
    earned = metrics.conversion_value_micros if goal is Goal.VALUE else metrics.conversions

    def weekly(matrix: NDArray[Any]) -> NDArray[Any]:
        return matrix.reshape(len(book.rows), n_weeks, WEEK)

    cost = weekly(np.where(known, metrics.cost_micros[book.rows, last], 0).astype(np.float64)).sum(axis=2)
    ripe = weekly(np.where(known, metrics.cost_micros[book.rows, last] * mature, 0.0)).sum(axis=2)
    reported = weekly(np.where(learnable, earned[book.rows, last], 0).astype(np.float64)).sum(axis=2)
    share = np.divide(ripe, cost, out=np.ones_like(cost), where=cost > 0)
    conversions = weekly(np.where(learnable, metrics.conversions[book.rows, last], 0.0)).sum(axis=2)
    usual = reported.sum() / max(float(conversions.sum()), 1.0)
    return Weeks(
        cost=cost / WEEK,
        units=reported / share / WEEK,
        conversions=conversions,
        looser=weekly(_smoothed(book.looser)[:, last]).mean(axis=2),
        told=np.asarray(weekly(known).all(axis=2)) & (cost > 0) & (share >= _LEAST_REPORTED),
        worth=(reported.sum(axis=1) + usual) / (conversions.sum(axis=1) + 1.0),
    )


def _smoothed(looser: Floats) -> Floats:
    """What the platform bids for on each day; before anything was seen, as it was seen first."""
    smooth = np.zeros_like(looser)
    if not looser.size:
        return smooth
    seen = ~np.isnan(looser)
    first = np.take_along_axis(looser, seen.argmax(axis=1)[:, None], axis=1)[:, 0]
    current = np.where(seen.any(axis=1), first, 0.0)
    standing = current.copy()
    for day in range(looser.shape[1]):
        # A change made in the morning works on the day itself; the day's end is what is known.
        standing = np.where(seen[:, day], looser[:, day], standing)
        current = current + _SETTLING * (standing - current)
        smooth[:, day] = current
    return smooth
