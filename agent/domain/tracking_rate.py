"""Rate: what clicks used to bring, by campaign, weekday and the level of the last weeks."""

from dataclasses import dataclass

import numpy as np

from agent.domain.entity import Days, Flags, Floats, Numbers

_RIPE = 0.4  # least share of a day's conversions that is reported, for a day to tell of the rate
_OWN = 5.0  # conversions: a campaign that has had none yet owes none
_LEAST = 14.0  # conversions: who has had fewer has no rate to speak of
_LEAST_DAYS = 7
_OF_WEEKDAY = 20.0  # conversions with which a weekday is drawn towards the others
_WEEKS, _MANY_WEEKS = 4, 7
_LEAST_SPREAD, _MOST_SPREAD = 0.15, 0.5
_OF_DAYS = 42
_MEDIAN_TO_SD = 1.4826


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of some campaigns; matrices of shape (n, n_days).

    Attributes:
        days: Oldest first; the last one is yesterday.
        clicks: Or cost, where a platform counts no clicks.
        running: Shape (n,), the same of today so far.
        conversions: By the day of the click, as known now.
        by_own_date: Shape (n_days,), conversions by the day on which they happened; NaN where that
            is not told.
        reported: Shape (n_ages,), share of a day's conversions that is reported so many days later.
        learnable: Shape (n_days,), days whose figures are known and can be believed.
    """

    days: Days
    clicks: Floats
    running: Floats
    conversions: Floats
    by_own_date: Floats
    reported: Floats
    learnable: Flags


@dataclass(frozen=True, slots=True)
class Rate:
    """Columns of shape (n_days + 1,), of each day and of today so far.

    Attributes:
        brings: Conversions that the day's clicks bring, whenever they are reported.
        factor: Of its weekday, times the level.
        spread: How much days differ beyond chance (see `missing`).
    """

    brings: Floats
    factor: Floats
    spread: float


def rate(told: Told) -> Rate | None:
    """What each campaign's clicks bring; a campaign that had few conversions is drawn towards none.

    Returns:
        None with fewer than 7 days that can be believed, or 14 conversions.
    """
    age = np.minimum(np.arange(len(told.days), 0, -1), len(told.reported) - 1)
    ripe = told.reported[age]
    base = told.learnable & (ripe >= _RIPE)
    if base.sum() < _LEAST_DAYS or told.conversions[:, base].sum() < _LEAST:
        return None
    clicks = (told.clicks[:, base] * ripe[base]).sum(axis=1)
    conversions = told.conversions[:, base].sum(axis=1)
    if clicks.sum() <= 0:
        return None
    own = conversions / (clicks + _OWN * clicks.sum() / conversions.sum())
    brings = np.append(own @ told.clicks, own @ told.running)
    expected, came = brings[:-1] * ripe, told.conversions.sum(axis=0)
    weekday = (told.days.astype(np.int64) + 3) % 7
    of_weekday = _weekdays(weekday, expected, came, base)
    factor = of_weekday[np.append(weekday, (weekday[-1] + 1) % 7)]
    level = _level(expected * factor[:-1], came, base)
    if level is None:
        return None
    factor = factor * level
    return Rate(brings, factor, _spread(expected * factor[:-1], came, base))


def _weekdays(weekday: Numbers, expected: Floats, came: Floats, base: Flags) -> Floats:
    """The factor of each weekday, Monday first."""
    scale = came[base].sum() / max(expected[base].sum(), 1e-9)
    came_on = np.bincount(weekday[base], came[base], minlength=7)
    due_on = np.bincount(weekday[base], scale * expected[base], minlength=7)
    return (came_on + _OF_WEEKDAY) / (due_on + _OF_WEEKDAY)


def _level(expected: Floats, came: Floats, base: Flags) -> float | None:
    """Came over expected: the median of weeks, of the last ones or of all of them, the lower one.

    So a sale of days moves nothing, and the end of one of weeks is no break.
    """
    week = (np.arange(len(expected), 0, -1) - 1) // 7
    counted = np.bincount(week[base])
    came_in, due_in = np.bincount(week[base], came[base]), np.bincount(week[base], expected[base])
    told = (counted >= _LEAST_DAYS // 2) & (due_in > 0)
    ratios = came_in[told] / due_in[told]
    if not len(ratios):
        return None
    last = float(np.median(ratios[:_WEEKS]))
    return min(last, float(np.median(ratios))) if len(ratios) >= _MANY_WEEKS else last


def _spread(expected: Floats, came: Floats, base: Flags) -> float:
    """How much days differ beyond chance, as a share of what was expected.

    From one day to the next, by the median: neither a level that moves nor a sale counts.
    """
    rows = np.flatnonzero(base[1:] & base[:-1] & (expected[1:] > 0) & (expected[:-1] > 0))[-_OF_DAYS:] + 1
    if not len(rows):
        return _MOST_SPREAD
    ratio = np.log((came + 0.5) / (expected + 0.5))
    moved = float(np.median(np.abs(ratio[rows] - ratio[rows - 1]))) * _MEDIAN_TO_SD
    by_chance = float(np.mean(1.0 / (expected[rows] + 0.5) + 1.0 / (expected[rows - 1] + 0.5)))
    beyond = np.sqrt(max(moved**2 - by_chance, 0.0) / 2.0)
    return float(np.clip(beyond, _LEAST_SPREAD, _MOST_SPREAD))
