"""Gains: what the week after a change earned against the week before it. Pure.

    gain = earned after - trend * (earned before + 0.5 * usual return * (cost after - cost before))

of a day in the mean of 7 full days each; the day of the change itself counts on neither side. `trend`
is how the return of the other campaigns has moved between the same weeks, so that a season is not
taken for an effect. More money has to earn half of what the account's average unit of money earns (the
elasticity that `agent.steps.measure` assumes as well): else every raise would look good and every cut
bad. The range is 90 % sure, by the noise of single days (`daily_noise`) and of the trend.
"""

from dataclasses import dataclass

import numpy as np

from agent.domain.daily_noise import daily_noise
from agent.domain.entity import Floats, Numbers
from agent.domain.money import MICROS
from agent.domain.proposal import Interval
from agent.domain.snapshot import Snapshot
from agent.report.kpis import campaign_rows

WEEK = 7
SURE = 1.645
"""Standard errors that a gain must be away from nothing: 90 % sure."""
_ELASTICITY = 0.5
_LEAST_OF_OTHERS = 30.0
"""Conversions that the other campaigns must have had in each week, to tell of a trend."""
_FARTHEST_TREND = 2.0
_TINY = 1e-9


@dataclass(frozen=True, slots=True)
class _Level:
    """Mean of a day once all is reported, and its standard error; both of shape (n,)."""

    mean: Floats
    noise: Floats


@dataclass(frozen=True, slots=True)
class _Weeks:
    """Columns of the days before and after each change; both of shape (n, 7)."""

    before: Numbers
    after: Numbers


@dataclass(frozen=True, slots=True)
class _Books:
    """What all entities earned and spent; matrices of shape (n_entities, n_days), in units."""

    earned: Floats
    conversions: Floats
    cost: Floats
    ripe: Floats


def gains_of(snapshot: Snapshot, rows: Numbers, first: Numbers, *, by_value: bool) -> list[Interval]:
    """The gain a day of each change, in its order.

    Args:
        rows: Of the entities that were changed, shape (n,).
        first: Column of the day after each change; both weeks lie within the snapshot.
        by_value: In currency units of conversion value; else in conversions.
    """
    books = _books(snapshot, by_value=by_value)
    weeks = _Weeks(
        first[:, None] - 1 - WEEK + np.arange(WEEK),
        first[:, None] + np.arange(WEEK),
    )
    row = rows[:, None]
    unit = _unit(books)[rows] if by_value else np.ones(len(rows))
    after = _level(books.earned[row, weeks.after], books.ripe[row, weeks.after], unit)
    before = _level(books.earned[row, weeks.before], books.ripe[row, weeks.before], unit)
    more = books.cost[row, weeks.after].mean(axis=1) - books.cost[row, weeks.before].mean(axis=1)

    counted = campaign_rows(snapshot.entities.kinds)
    trend = _trend(books, counted, snapshot.entities.campaign_rows[rows], weeks)
    due = _ELASTICITY * _usual_return(books, counted, weeks) * more
    gain = after.mean - trend.mean * (before.mean + due)
    noise = np.sqrt(
        after.noise**2 + (trend.mean * before.noise) ** 2 + (trend.noise * trend.mean * before.mean) ** 2
    )
    return [
        Interval(mean, mean - SURE * error, mean + SURE * error)
        for mean, error in zip(gain.tolist(), noise.tolist(), strict=True)
    ]


def _books(snapshot: Snapshot, *, by_value: bool) -> _Books:
    metrics = snapshot.metrics
    conversions = np.where(metrics.known, metrics.conversions, 0.0)
    value = np.where(metrics.known, metrics.conversion_value_micros, 0) / MICROS
    return _Books(
        earned=value if by_value else conversions,
        conversions=conversions,
        cost=np.where(metrics.known, metrics.cost_micros, 0) / MICROS,
        ripe=np.maximum(snapshot.reported, _TINY),
    )


def _level(earned: Floats, ripe: Floats, unit: Floats) -> _Level:
    days = ripe.sum(axis=1)
    mean = earned.sum(axis=1) / days
    noise = daily_noise(earned / ripe, expected=mean, unit=unit, ripe=ripe) / WEEK**0.5
    # A week without a single conversion is not known to be worth exactly nothing.
    return _Level(mean, np.maximum(noise, unit / days))


def _trend(books: _Books, counted: Numbers, own: Numbers, weeks: _Weeks) -> _Level:
    """How the return of the other campaigns moved; 1 where they have too little to tell."""

    def of_others(matrix: Floats, days: Numbers) -> Floats:
        others: Floats = matrix[counted].sum(axis=0)[days].sum(axis=1) - matrix[own[:, None], days].sum(
            axis=1
        )
        return others

    ripened = books.earned / books.ripe
    earned, later = of_others(ripened, weeks.before), of_others(ripened, weeks.after)
    spent, spent_later = of_others(books.cost, weeks.before), of_others(books.cost, weeks.after)
    n, n_later = of_others(books.conversions, weeks.before), of_others(books.conversions, weeks.after)
    told = np.minimum(n, n_later) >= _LEAST_OF_OTHERS
    below = earned * spent_later
    ratio = np.divide(later * spent, below, out=np.ones(len(own)), where=told & (below > _TINY))
    noise = np.where(told, np.sqrt(1 / np.maximum(n, 1.0) + 1 / np.maximum(n_later, 1.0)), 0.0)
    return _Level(np.clip(ratio, 1 / _FARTHEST_TREND, _FARTHEST_TREND), noise)


def _usual_return(books: _Books, counted: Numbers, weeks: _Weeks) -> Floats:
    """What a unit of money earned in the account in the week before each change."""
    earned = (books.earned / books.ripe)[counted].sum(axis=0)[weeks.before].sum(axis=1)
    spent = books.cost[counted].sum(axis=0)[weeks.before].sum(axis=1)
    usual: Floats = earned / np.maximum(spent, _TINY)
    return usual


def _unit(books: _Books) -> Floats:
    """What one conversion of each row is worth; the account's mean where it had none."""
    conversions, value = books.conversions.sum(axis=1), books.earned.sum(axis=1)
    usual = float(value.sum() / conversions.sum()) if conversions.sum() > 0 else 0.0
    mean: Floats = np.divide(value, conversions, out=np.full(len(value), usual), where=conversions > 0)
    return mean
