"""Due: which conversions should have been reported by now, from clicks and what they used to bring.

Conversions for each click of each campaign, times weekday, times the level of the last weeks, spread over
the days after the click by the lag that was learned, and over the hours by when they used to be told.
A real fall of demand is no break: where clicks fall, what is due falls with them.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from agent.domain.entity import Days, Flags, Floats
from agent.domain.tracking import Moments, Spans
from agent.domain.tracking_rate import Rate, Told, rate

LOOKS_BACK_DAYS = 28
"""Spans reach back so far: what happened before is over, and was judged when it happened."""

_MOST = 1.2  # times what its own clicks bring
_GAP_H = 30.0  # readings farther apart are no run
_HOURS = np.arange(25)
_US = np.timedelta64(1, "us")


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Conversions as they were told for the first time, reading by reading; shapes (n_readings,).

    Attributes:
        at: When each reading was made, UTC, datetime64[us].
        new: How many more it told than the one before, over all days that it spoke for; the first
            one's are of no use.
    """

    at: Moments
    new: Floats


@dataclass(frozen=True, slots=True)
class Due:
    """Spans, and how much days differ from one another (see `missing`)."""

    spans: Spans
    spread: float


def due(told: Told, arrivals: Arrivals, now: datetime, time_zone: str) -> Due | None:
    """What was due and what came, up to the last reading.

    From readings that follow one another by what each told anew; before them, day by day: by the
    day of the conversion where the platform tells, else by that of the click, as far as reported.

    Returns:
        None where too little is known: fewer than 7 days that can be believed, or 14 conversions.
    """
    found = rate(told)
    if found is None:
        return None
    days, today = told.days, now.astimezone(ZoneInfo(time_zone)).date()
    run = _last_run(arrivals, days)
    midnights = _midnights(days, today, time_zone)
    profile = _profile(run, midnights, told.learnable)
    grid = _Grid(
        midnights, _of_days(found, told, profile, _hour(np.datetime64(_utc(now)), midnights)), profile
    )
    readings = _between(run, grid, days)
    first = run.at[0] if len(run.at) else midnights[-1]
    past = _day_by_day(told, found, grid, first)
    return Due(_joined(past, readings), found.spread)


def _of_days(rate_of: Rate, told: Told, profile: Floats, hour: float) -> Floats:
    """Conversions due in each day, and in today so far.

    A day never owes more than its own clicks would bring: on a day without clicks, by a holiday or
    because the platform tells late, the conversions of the days before stay away as well.
    """
    share = np.diff(told.reported, prepend=0.0)
    late = np.convolve(rate_of.brings[:-1], share[1:])[: len(told.days)]
    own = rate_of.brings[:-1]
    late_before = np.append(0.0, late[:-1])
    whole = np.minimum(share[0] * own + late_before, _MOST * own)
    now = rate_of.brings[-1]
    passed = float(np.interp(hour, _HOURS, profile))
    so_far = share[0] * now + min(late[-1] * passed, (_MOST - share[0]) * now)
    return np.append(whole, so_far) * rate_of.factor


@dataclass(frozen=True, slots=True)
class _Grid:
    """What is due by any moment.

    Attributes:
        midnights: Shape (n_days + 2,), UTC, when each day, today and tomorrow begin.
        of_days: Shape (n_days + 1,), today's is of today so far.
        profile: Shape (25,), share of a day that is due by each full hour.
    """

    midnights: Moments
    of_days: Floats
    profile: Floats

    def by(self, moments: Moments, now: np.datetime64) -> Floats:
        """Due since the first midnight."""
        place = _place(moments, self.midnights)
        passed = np.interp(_hours(moments, self.midnights, place), _HOURS, self.profile)
        today = place == len(self.of_days) - 1
        so_far = float(np.interp(_hour(now, self.midnights), _HOURS, self.profile))
        passed = np.where(today, np.minimum(passed / max(so_far, 1e-9), 1.0), passed)
        before = np.cumsum(np.append(0.0, self.of_days))[place]
        return before + self.of_days[place] * passed


def _between(run: Arrivals, grid: _Grid, days: Days) -> Spans:
    """One span from each reading to the next."""
    if len(run.at) < 2:
        return _no_spans()
    total = grid.by(run.at, run.at[-1])
    place = _place(run.at[1:], grid.midnights)
    return Spans(
        run.at[:-1],
        run.at[1:],
        days[0].astype(np.int64) + place,
        np.maximum(np.diff(total), 0.0),
        np.maximum(run.new[1:], 0.0),
    )


def _day_by_day(told: Told, rate_of: Rate, grid: _Grid, until: np.datetime64) -> Spans:
    """One span for each day that was over before the readings began."""
    n = len(told.days)
    age = np.minimum(np.arange(n, 0, -1), len(told.reported) - 1)
    own = ~np.isnan(told.by_own_date)
    by_click = rate_of.brings[:-1] * rate_of.factor[:-1] * told.reported[age]
    owed = np.where(own, grid.of_days[:-1], by_click)
    came = np.where(own, told.by_own_date, told.conversions.sum(axis=0))
    rows = np.flatnonzero(
        told.learnable & (grid.midnights[1:-1] <= until) & (np.arange(n) >= n - LOOKS_BACK_DAYS)
    )
    return Spans(
        grid.midnights[rows],
        grid.midnights[rows + 1],
        told.days[rows].astype(np.int64),
        owed[rows],
        np.maximum(came[rows], 0.0),
    )


def _last_run(arrivals: Arrivals, days: Days) -> Arrivals:
    """The readings up to now of which none waited long for the next."""
    recent = arrivals.at >= days[-LOOKS_BACK_DAYS:][0].astype("datetime64[us]")
    at, new = arrivals.at[recent], arrivals.new[recent]
    gaps = np.flatnonzero(np.diff(at) / _US > _GAP_H * 3.6e9)
    first = int(gaps[-1]) + 1 if len(gaps) else 0
    return Arrivals(at[first:], new[first:])


def _profile(run: Arrivals, midnights: Moments, learnable: Flags) -> Floats:
    """Share of a day's conversions that has been told by each full hour, as it was in this run."""
    told = np.zeros(24)
    if len(run.at) > 1:
        hours = np.arange(run.at[0].astype("datetime64[h]"), run.at[-1].astype("datetime64[h]"))
        edges = hours.astype("datetime64[us]")
        first = run.at[0]
        total = np.cumsum(np.append(0.0, np.maximum(run.new[1:], 0.0)))
        by = np.interp((edges - first) / _US, (run.at - first) / _US, total)
        place = _place(edges[:-1], midnights)
        believed = np.append(learnable, True)[np.minimum(place, len(learnable))]
        hour = _hours(edges[:-1], midnights, place).astype(np.int64) % 24
        told += np.bincount(hour[believed], np.diff(by)[believed], minlength=24)
    told += 0.15 * told.mean() + 1.0
    return np.append(0.0, np.cumsum(told) / told.sum())


def _joined(past: Spans, readings: Spans) -> Spans:
    return Spans(
        np.append(past.since, readings.since),
        np.append(past.until, readings.until),
        np.append(past.day, readings.day),
        np.append(past.due, readings.due),
        np.append(past.came, readings.came),
    )


def _no_spans() -> Spans:
    moments = np.empty(0, "datetime64[us]")
    return Spans(moments, moments, np.empty(0, dtype=np.int64), np.empty(0), np.empty(0))


def _midnights(days: Days, today: date, time_zone: str) -> Moments:
    dates = [*days.tolist(), today, today + timedelta(days=1)]
    return np.array([_midnight(one, time_zone) for one in dates], "datetime64[us]")


@lru_cache(maxsize=4096)
def _midnight(day: date, time_zone: str) -> np.datetime64:
    """When a day begins there, UTC; kept, because zones are slow."""
    return np.datetime64(_utc(datetime.combine(day, time(), ZoneInfo(time_zone))), "us")


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)


def _place(moments: Moments, midnights: Moments) -> NDArray[np.intp]:
    """Which day each moment lies in; what is outside counts to the first or to today."""
    return np.clip(np.searchsorted(midnights, moments, side="right") - 1, 0, len(midnights) - 2)


def _hours(moments: Moments, midnights: Moments, place: NDArray[np.intp]) -> Floats:
    """Hours since local midnight, of a day that is taken to have 24 of them."""
    passed = (moments - midnights[place]) / (midnights[place + 1] - midnights[place])
    hours: Floats = np.clip(24.0 * passed, 0.0, 24.0 - 1e-9)
    return hours


def _hour(moment: np.datetime64, midnights: Moments) -> float:
    moments = np.array([moment], "datetime64[us]")
    return float(_hours(moments, midnights, _place(moments, midnights))[0])
