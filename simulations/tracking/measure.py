"""Measure: false freezes a year, and hours until an outage is seen, over many drawn years."""

from dataclasses import dataclass

import numpy as np
from scipy import stats  # type: ignore[import-untyped]  # scipy ships no types

from agent.domain.tracking import Missing, Spans, missing, returned
from simulations.tracking.watching import Outage, looked_at
from simulations.tracking.year import HISTORY_DAYS, HOURS, Nature, Year, year

RULE_P = 1e-4
"""The rule to be held against: a day whose count is less likely than this by a Poisson law."""

_STEP_H = 3  # a false alarm lasts longer than this, so a year need not be asked every hour
_PATIENCE_H = 21 * HOURS  # after so long a person will have looked
_WARM_DAYS = 20


@dataclass(frozen=True, slots=True)
class Calm:
    """A year in which nothing broke.

    Attributes:
        freezes: How often the watch erred.
        frozen_h: Hours that it stood still for that.
        rule: How often the rule would have.
    """

    freezes: int
    frozen_h: int
    rule: int


@dataclass(frozen=True, slots=True)
class Seen:
    """An outage.

    Attributes:
        after_h: Hours until it was found; None: not within the time given.
        off_h: By how much the beginning of the window that was named lies after the true one.
    """

    after_h: int | None
    off_h: float


def calm(nature: Nature, seed: int) -> Calm:
    """Live through a year without any outage."""
    drawn = year(nature, seed)
    hours = range(HISTORY_DAYS * HOURS, (HISTORY_DAYS + nature.days) * HOURS - 1, _STEP_H)
    freezes, frozen_h, rule, quiet_until = 0, 0, 0, 0
    frozen_at: np.datetime64 | None = None
    since: np.datetime64 | None = None
    begun = 0
    for hour, due in looked_at(drawn, hours, reported=drawn.reported):
        if due is None:
            continue
        if hour >= quiet_until and _rule(due.spans):
            rule, quiet_until = rule + 1, hour + HOURS
        now = due.spans.until[-1]
        if frozen_at is not None:
            if returned(due.spans.after(frozen_at)) or hour - begun > _PATIENCE_H:
                frozen_h, frozen_at, since = frozen_h + hour - begun, None, now
            continue
        if missing(due.spans if since is None else due.spans.after(since), due.spread) is not None:
            freezes, frozen_at, begun = freezes + 1, now, hour
    return Calm(freezes, frozen_h, rule)


def seen(nature: Nature, seed: int, share: float, patience_days: int) -> Seen:
    """Break the tracking at an hour drawn by chance, so that this share is still counted."""
    rng = np.random.default_rng([seed, 77])
    begins = (HISTORY_DAYS + _WARM_DAYS) * HOURS + int(rng.integers(10 * HOURS))
    drawn: Year = year(nature, 1000 + seed)
    hours = range(begins - 2 * HOURS, begins + patience_days * HOURS)
    for hour, due in looked_at(drawn, hours, Outage(begins, share), reported=drawn.reported):
        found: Missing | None = None if due is None else missing(due.spans, due.spread)
        if found is not None:
            return Seen(hour + 1 - begins, _hour_of(found.begins) - begins)
    return Seen(None, 0.0)


def _rule(spans: Spans) -> bool:
    """Whether the last day's count is less likely than the rule allows."""
    due, came = float(spans.due[-HOURS:].sum()), float(spans.came[-HOURS:].sum())
    return bool(stats.poisson.cdf(came, max(due, 1e-9)) < RULE_P)


def _hour_of(moment: np.datetime64) -> float:
    return float((moment - np.datetime64("2024-01-01")) / np.timedelta64(1, "h"))
