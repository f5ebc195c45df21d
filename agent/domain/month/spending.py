"""Spending: what a portfolio costs a day, for each unit of its daily budgets. Pure."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.domain.entity import Flags, Floats
from agent.domain.lever import Lever
from agent.domain.month.curve import weekday_of
from agent.domain.ref import Kind
from agent.domain.snapshot import Snapshot

_DISCOUNT = 0.85
_PRIOR_DAYS = 2.0
_WEEKDAY_WEEKS = 1.0
_NOISE, _NOISE_DAYS = 0.08, 3.0
_DRIFT, _DRIFT_WEEKS = 0.01, 1.0
_WEEK = 7
_WALK = 4.71
"""Variance of the difference of two adjacent weeks' means of a random walk, in steps of one day."""


@dataclass(frozen=True, slots=True)
class Spending:
    """What is known of a portfolio's cost; arrays of shape (n_days,), money in micros.

    Attributes:
        cost: Of each day; where it is not `known`, what is known of it.
        present: What the daily budgets sum to now.
        ratio: Cost for each unit of the budgets on an average weekday.
        weekday: Shape (7,), Monday first: its cost against the average, 1 in the mean.
        noise: Standard deviation of a day's cost around that, as a share of it.
        drift: Standard deviation of the step that the ratio makes from a day to the next.
        level_noise: Standard deviation of `ratio` today, as a share of it.
    """

    cost: Floats
    known: Flags
    present: float
    ratio: float
    weekday: Floats
    noise: float
    drift: float
    level_noise: float


def learn_spending(snapshot: Snapshot) -> Spending:
    """Learn from the days of a portfolio's snapshot how its budgets are spent.

    Days on which somebody's budget is not known tell about weekdays and noise alone.
    """
    cost, known = _costs(snapshot)
    stood = _stood(snapshot)
    told = known & (stood > 0)
    level = np.divide(cost, stood, out=np.zeros_like(cost), where=told)
    alone = known & np.isnan(stood) & (cost > 0)
    by_level, by_cost = _around_the_week(level, told), _around_the_week(cost, alone)
    relative = np.where(np.isnan(by_level), by_cost, by_level)
    day = weekday_of(snapshot.days)
    weekday = _weekdays(relative, day)

    residual = relative / weekday[day] - 1.0
    n_told = int((~np.isnan(residual)).sum())
    # A week's own day is in its mean, which makes the distance from it a seventh too small.
    spread = np.nansum(residual**2) * _WEEK / (_WEEK - 1)
    noise = float(np.sqrt((spread + _NOISE_DAYS * _NOISE**2) / (n_told + _NOISE_DAYS)))
    steps = [_week_steps(level / weekday[day], told), _week_steps(cost / weekday[day], alone)]
    drift = _drift(np.concatenate(steps), noise)
    present = _present(snapshot)
    age = np.arange(len(cost))[::-1]
    weight = np.where(told, _DISCOUNT**age, 0.0)
    ratio = (weight @ level + _PRIOR_DAYS * _usual_ratio(level[told], cost[known], present)) / (
        weight @ weekday[day] + _PRIOR_DAYS
    )
    counted = (weight @ weight + _PRIOR_DAYS) / (weight.sum() + _PRIOR_DAYS) ** 2
    lag = _DISCOUNT**2 / (1.0 - _DISCOUNT**2)
    return Spending(
        cost=cost,
        known=known,
        present=present,
        ratio=float(ratio),
        weekday=weekday,
        noise=noise,
        drift=drift,
        level_noise=float(np.sqrt(noise**2 * counted + drift**2 * lag)),
    )


def _costs(snapshot: Snapshot) -> tuple[Floats, Flags]:
    """Cost of each day, and whether it is known of everybody.

    Campaigns count, whoever holds their budget; without any, whatever has a budget does.
    """
    budget = snapshot.entities.levers.get(Lever.DAILY_BUDGET)
    counted = snapshot.entities.kinds == Kind.CAMPAIGN.value
    if not counted.any() and budget is not None:
        counted = budget.present
    known = snapshot.metrics.known[counted]
    cost = np.where(known, snapshot.metrics.cost_micros[counted], 0).sum(axis=0).astype(np.float64)
    return cost, known.all(axis=0) & bool(counted.any())


def _present(snapshot: Snapshot) -> float:
    """What the daily budgets of all that is not known to be paused sum to."""
    budget = snapshot.entities.levers.get(Lever.DAILY_BUDGET)
    if budget is None:
        return 0.0
    status = snapshot.entities.levers.get(Lever.STATUS)
    on = True if status is None else ~status.present | (status.numbers == 1)
    return float(budget.numbers[budget.present & on].sum())


def _stood(snapshot: Snapshot) -> Floats:
    """What the budgets of all that delivered summed to on each day; NaN where one is not known."""
    memory = snapshot.memory.get(Lever.DAILY_BUDGET)
    if memory is None:
        return np.full(len(snapshot.days), np.nan)
    status = snapshot.memory.get(Lever.STATUS)
    on = np.ones_like(memory.stood, dtype=bool) if status is None else status.stood != 0
    unseen = (memory.stood < 0) & on & snapshot.metrics.known & (snapshot.metrics.cost_micros > 0)
    present = snapshot.entities.levers[Lever.DAILY_BUDGET].present[:, None]
    total = np.where(on & present, np.maximum(memory.stood, 0), 0).sum(axis=0).astype(np.float64)
    return np.where((unseen & present).any(axis=0) | (total <= 0), np.nan, total)


def _around_the_week(level: Floats, told: Flags) -> Floats:
    """Each day as a multiple of the mean of the week around it; NaN where that is not known."""
    relative = np.full(len(level), np.nan)
    if len(level) < _WEEK:
        return relative
    windows = np.lib.stride_tricks.sliding_window_view(np.where(told, level, 0.0), _WEEK)
    whole = np.lib.stride_tricks.sliding_window_view(told, _WEEK).all(axis=1)
    mean = windows.mean(axis=1)
    middle = slice(_WEEK // 2, len(level) - _WEEK // 2)
    np.divide(level[middle], mean, out=relative[middle], where=whole & (mean > 0))
    return relative


def _weekdays(relative: Floats, day: NDArray[np.intp]) -> Floats:
    """Mean of each weekday, drawn towards 1; 1 on average."""
    told = ~np.isnan(relative)
    total = np.bincount(day[told], relative[told], _WEEK)
    count = np.bincount(day[told], minlength=_WEEK)
    weekday = (total + _WEEKDAY_WEEKS) / (count + _WEEKDAY_WEEKS)
    average: Floats = weekday / weekday.mean()
    return average


def _week_steps(level: Floats, told: Flags) -> Floats:
    """Logarithms of what adjacent weeks, counted from the last day, differ by."""
    n_weeks = len(level) // _WEEK
    start = len(level) - n_weeks * _WEEK
    whole = np.asarray(told[start:].reshape(n_weeks, _WEEK).all(axis=1))
    mean = level[start:].reshape(n_weeks, _WEEK).mean(axis=1)
    pairs = whole[1:] & whole[:-1] & (mean[1:] > 0) & (mean[:-1] > 0)
    steps: Floats = np.log(mean[1:][pairs] / mean[:-1][pairs])
    return steps


def _drift(steps: Floats, noise: float) -> float:
    """How far the level walks in a day: what adjacent weeks differ by, less what noise explains."""
    by_noise = 2.0 * noise**2 / _WEEK
    usual = _DRIFT_WEEKS * (_WALK * _DRIFT**2 + by_noise)
    variance = (float((steps**2).sum()) + usual) / (len(steps) + _DRIFT_WEEKS)
    return float(np.sqrt(max(variance - by_noise, 0.0) / _WALK))


def _usual_ratio(levels: Floats, costs: Floats, present: float) -> float:
    """What to lean to: the mean of all days, else last week's cost against budgets now; at most all."""
    if len(levels):
        return float(np.clip(levels.mean(), 0.5, 1.0))
    if not len(costs) or present <= 0:
        return 1.0
    return float(np.clip(costs[-_WEEK:].mean() / present, 0.5, 1.0))
