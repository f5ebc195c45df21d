"""Measure: what came true of what a model had said of its changes.

A change is measured over the 7 full days after the day on which it was applied: whole weeks, so
that weekdays cancel out. Daily steering rarely leaves a lever alone for a week, so a lever may
move on, by at most a quarter; what was said is then carried along by the elasticity that the
proposal itself named (expected effect over change). No two measurements of a lever overlap.
"""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from agent.domain.calibration import NOTHING, Measured
from agent.domain.daily_noise import daily_noise
from agent.domain.entity import Flags, Floats, Numbers
from agent.domain.forecast import Forecasts, goal_of
from agent.domain.lever import Lever
from agent.domain.money import MICROS
from agent.domain.portfolio import Goal
from agent.domain.snapshot import Snapshot

HORIZON_DAYS = 7
FARTHEST = 0.25
"""A lever that leaves this range around the new value ends the measurement."""
RIPE = 0.9
"""Least share of the horizon's conversions that must have been reported."""
ASSUMED_ELASTICITY = 0.5
"""Of a decider that names no effect: half-way between "none" and "in proportion"."""

_MOST_ELASTIC = 2.0
_TINY = 1e-9


@dataclass(frozen=True, slots=True)
class Measurement:
    """What could be measured.

    Attributes:
        forecasts: As they were given.
        measured: In the same order; carried along with the lever.
    """

    forecasts: Forecasts
    measured: Measured


@dataclass(frozen=True, slots=True)
class _Lives:
    """The horizons of forecasts; matrices of shape (n, HORIZON_DAYS) unless said otherwise.

    Attributes:
        sound: Shape (n,), where every day is known, not excluded, ripe, and the lever stood near.
        carried: What was said, relative to the day of the change, at where the lever stood.
        earned: Of the goal, as reported.
        ripe: Share that has been reported.
        unit: Shape (n,), what one count of the goal is worth in it: an order's value, or 1.
    """

    sound: Flags
    carried: Floats
    earned: Floats
    ripe: Floats
    unit: Floats


def measure(forecasts: Forecasts, snapshot: Snapshot) -> Measurement:
    """Hold each forecast against the days after its change. Pure.

    Args:
        forecasts: Of the snapshot's account.
        snapshot: The whole account.

    Returns:
        Those whose horizon lies within the snapshot, is mature, and was not disturbed.
    """
    if not len(forecasts) or not len(snapshot.days):
        return Measurement(forecasts.take(np.empty(0, dtype=np.intp)), NOTHING)
    first = _first_days(forecasts, snapshot)
    lives = _lives(forecasts, snapshot, first)
    chosen = _apart(forecasts, np.flatnonzero(lives.sound), first)
    carried, ripe, earned = lives.carried[chosen], lives.ripe[chosen], lives.earned[chosen]
    days = ripe.sum(axis=1)
    scale = (carried * ripe).sum(axis=1) / np.maximum(days, _TINY)
    mean, realised = forecasts.mean[chosen] * scale, earned.sum(axis=1) / np.maximum(days, _TINY)
    noise = daily_noise(
        earned * scale[:, None] / np.maximum(ripe * carried, _TINY),
        expected=np.maximum(mean, realised),
        unit=lives.unit[chosen],
        ripe=ripe,
    )
    return Measurement(
        forecasts.take(chosen),
        Measured(
            sources=forecasts.sources[chosen],
            mean=mean,
            low=forecasts.low[chosen] * scale,
            high=forecasts.high[chosen] * scale,
            realised=realised,
            noise=noise / HORIZON_DAYS**0.5,
            weeks=(snapshot.days[0].astype(np.int64) + first[chosen]) // 7,
        ),
    )


def _first_days(forecasts: Forecasts, snapshot: Snapshot) -> Numbers:
    """Column of the snapshot's day after each change, in the account's zone; may lie outside."""
    zone = ZoneInfo(snapshot.entities.account.time_zone)
    moments, which = np.unique(forecasts.applied_at, return_inverse=True)
    utc = [moment.replace(tzinfo=ZoneInfo("UTC")) for moment in moments.tolist()]
    local = np.array([moment.astimezone(zone).date() for moment in utc], dtype="datetime64[D]")
    columns: Numbers = (local - snapshot.days[0]).astype(np.int64)[which] + 1
    return columns


def _lives(forecasts: Forecasts, snapshot: Snapshot, first: Numbers) -> _Lives:
    rows = _rows(forecasts, snapshot)
    goals = [goal_of(of) for of in forecasts.of.tolist()]
    by_value = np.array([goal is Goal.VALUE for goal in goals], dtype=bool)
    told = np.array([goal is not None for goal in goals], dtype=bool)
    n_days = len(snapshot.days)
    inside = told & (rows >= 0) & (first >= 0) & (first + HORIZON_DAYS <= n_days)
    row = np.where(inside, rows, 0)[:, None]
    column = np.where(inside, first, 0)[:, None] + np.arange(HORIZON_DAYS)
    column = np.minimum(column, n_days - 1)
    metrics = snapshot.metrics
    ripe = snapshot.reported[row, column]
    ratio = _stood(forecasts, snapshot, row, column) / np.maximum(forecasts.after, 1)[:, None]
    near = (np.abs(ratio - 1.0) <= FARTHEST).all(axis=1)
    whole = snapshot.learnable[row, column].all(axis=1) & (ripe.mean(axis=1) >= RIPE)
    value = metrics.conversion_value_micros[row, column] / MICROS
    return _Lives(
        sound=inside & near & whole & _enabled(snapshot, row, column),
        carried=np.maximum(1.0 + _elasticity(forecasts)[:, None] * (ratio - 1.0), 0.0),
        earned=np.where(by_value[:, None], value, metrics.conversions[row, column]),
        ripe=ripe,
        unit=np.where(by_value, _order_values(snapshot)[row[:, 0]], 1.0),
    )


def _rows(forecasts: Forecasts, snapshot: Snapshot) -> Numbers:
    """Row of each forecast's entity; -1 where the account no longer has it."""
    index = snapshot.entities.index()
    keys = zip(forecasts.kinds.tolist(), forecasts.ids.tolist(), strict=True)
    return np.fromiter((index.get(key, -1) for key in keys), dtype=np.int64, count=len(forecasts))


def _stood(forecasts: Forecasts, snapshot: Snapshot, row: Numbers, column: Numbers) -> Numbers:
    """Where each forecast's own lever stood on its days; -1 where that is not known."""
    stood = np.full(column.shape, -1, dtype=np.int64)
    for lever, memory in snapshot.memory.items():
        mine = forecasts.levers == lever.value
        stood[mine] = memory.stood[row[mine], column[mine]]
    return stood


def _enabled(snapshot: Snapshot, row: Numbers, column: Numbers) -> Flags:
    """Where the entity was not paused on any of the days."""
    status = snapshot.memory.get(Lever.STATUS)
    if status is None:
        return np.ones(len(row), dtype=bool)
    enabled: Flags = (status.stood[row, column] != 0).all(axis=1)
    return enabled


def _elasticity(forecasts: Forecasts) -> Floats:
    """Relative change of the goal over relative change of the lever, as the proposal named it."""
    moved = (forecasts.after - forecasts.before) * forecasts.mean
    named = np.divide(
        forecasts.effect * forecasts.after, moved, out=np.full(len(moved), np.nan), where=moved != 0
    )
    return np.clip(np.where(np.isnan(named), ASSUMED_ELASTICITY, named), 0.0, _MOST_ELASTIC)


def _order_values(snapshot: Snapshot) -> Floats:
    """Mean value of a conversion in currency units, of each row; the account's where it had none."""
    learnable = snapshot.learnable
    conversions = np.where(learnable, snapshot.metrics.conversions, 0.0).sum(axis=1)
    value = np.where(learnable, snapshot.metrics.conversion_value_micros, 0).sum(axis=1) / MICROS
    usual = float(value.sum() / conversions.sum()) if conversions.any() else 0.0
    mean: Floats = np.divide(value, conversions, out=np.full(len(value), usual), where=conversions > 0)
    return mean


def _apart(forecasts: Forecasts, rows: NDArray[np.intp], first: Numbers) -> NDArray[np.intp]:
    """The rows, oldest first, without those whose horizon begins before the last of their lever ended."""
    free_from: dict[tuple[str, str, str, str], int] = {}
    chosen = []
    for row in rows.tolist():
        key = (
            str(forecasts.sources[row]),
            str(forecasts.kinds[row]),
            str(forecasts.ids[row]),
            str(forecasts.levers[row]),
        )
        if first[row] >= free_from.get(key, 0):
            free_from[key] = int(first[row]) + HORIZON_DAYS
            chosen.append(row)
    return np.array(chosen, dtype=np.intp)
