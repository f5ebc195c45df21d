"""Tracking: have conversions stopped being counted? Two sequential tests on what came against what was due.

Each is a cumulated sum of log-likelihood ratios (Wald 1945; Page, Biometrika 41, 1954; for counts: Lucas,
Technometrics 27, 1985): it grows while too little comes, falls back to zero while enough does, and what
it has grown to says how much likelier a break is than chance.
"""

from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from agent.domain.entity import Floats, Numbers

Moments = NDArray[np.datetime64]

UNSEEN = 20.0
"""So many conversions must have been due and none come: the figure that everything else follows from."""
LOST = 0.1
"""Share that is still counted when nearly all is lost; above two fifths of what was due this test rests."""
LESS = 0.5
"""Share that is still counted when a part is lost; above seven tenths this test rests."""
SURE_OF_LESS = 12.0
"""How likely a partial loss must be, as a logarithm."""
USUAL = 1.5
"""An account that has been this close to an alarm without cause needs so many times as much."""
MOST_PATIENT = 3.0
"""An account's own past raises a threshold by this factor at most."""
SURE_OF_RETURN = 7.0
"""How likely it must be that conversions are back: 1,100 to one."""

_BIN = 4.0  # conversions due: what comes back is counted in portions of at least so many
_HEAP = 3.6  # what one portion can show at most, however much came: arrears are no return


@dataclass(frozen=True, slots=True)
class Spans:
    """What was due and what came, in spans of time that follow one another; shapes (n,).

    Attributes:
        since, until: UTC, datetime64[us].
        day: Local day (since 1970) in which each span ends.
        due: Conversions that should have been reported for the first time in the span.
        came: Conversions that were; not below zero.
    """

    since: Moments
    until: Moments
    day: Numbers
    due: Floats
    came: Floats

    def __len__(self) -> int:
        return len(self.due)

    def after(self, moment: np.datetime64) -> "Spans":
        """Those that begin then or later."""
        rows = self.since >= moment
        return Spans(self.since[rows], self.until[rows], self.day[rows], self.due[rows], self.came[rows])


@dataclass(frozen=True, slots=True)
class Missing:
    """Conversions that did not come.

    Attributes:
        begins: Start of the broken window (UTC).
        due, came: In that window.
        whose: The channel that misses them; "" for the account.
    """

    begins: np.datetime64
    due: float
    came: float
    whose: str = ""


def missing(spans: Spans, spread: float, *, patience: float = 1.0) -> Missing | None:
    """Whether nearly all, or a clear part, of the conversions have gone missing until now. Pure.

    Args:
        spread: Standard deviation of the day's common factor: how much conversions for each click
            differ from one day to the next beyond chance.
        patience: So many times as much must have gone unseen as usual.

    Returns:
        None while nothing is wrong.
    """
    return _nearly_all(spans, patience) or _a_part(spans, spread, patience)


def nearly_all_missing(spans: Spans, *, patience: float = 1.0) -> Missing | None:
    """The first of the two tests alone."""
    return _nearly_all(spans, patience)


def returned(spans: Spans) -> bool:
    """Whether conversions have come back since the beginning of these spans. Pure.

    The same test in the other direction. One heap of arrears is no return: conversions must
    have come as they were due for a while.
    """
    due, came = _portions(spans)
    gain = np.minimum(came * log(1.0 / LESS) - (1.0 - LESS) * due, _HEAP)
    return bool(_excess(gain).max(initial=0.0) >= SURE_OF_RETURN)


def _nearly_all(spans: Spans, patience: float) -> Missing | None:
    """Poisson counts at `LOST` of what was due against all of it."""
    gain = (1.0 - LOST) * spans.due + log(LOST) * spans.came
    return _found(spans, gain, (1.0 - LOST) * UNSEEN * patience)


def _a_part(spans: Spans, spread: float, patience: float) -> Missing | None:
    """Negative binomial counts of whole days: what a day has in common is no evidence of hours."""
    if not len(spans):
        return None
    starts = np.flatnonzero(np.diff(spans.day, prepend=spans.day[0] - 1))
    ends = np.append(starts[1:], len(spans)) - 1
    due, came = np.add.reduceat(spans.due, starts), np.add.reduceat(spans.came, starts)
    shape = 1.0 / spread**2
    gain = came * log(LESS) + (came + shape) * np.log((shape + due) / (shape + LESS * due))
    days = Spans(spans.since[starts], spans.until[ends], spans.day[ends], due, came)
    return _found(days, gain, SURE_OF_LESS * patience)


def _found(spans: Spans, gain: Floats, threshold: float) -> Missing | None:
    """What is missing since the sum last rose from zero, if it stands above the threshold now."""
    if not len(spans):
        return None
    excess = _excess(gain)
    at_zero = np.flatnonzero(excess <= 0.0)
    first = int(at_zero[-1]) + 1 if len(at_zero) else 0
    if first == len(spans):
        return None
    usual = USUAL * float(excess[:first].max(initial=0.0))
    if excess[-1] < max(threshold, min(usual, MOST_PATIENT * threshold)):
        return None
    due, came = float(spans.due[first:].sum()), float(spans.came[first:].sum())
    return Missing(spans.since[first], due, came)


def _excess(gain: Floats) -> Floats:
    """The cumulated sum, never below zero."""
    total = np.cumsum(gain)
    excess: Floats = total - np.minimum(np.minimum.accumulate(total), 0.0)
    return excess


def _portions(spans: Spans) -> tuple[Floats, Floats]:
    """Due and come in portions of at least `_BIN` due; what is left at the end is left out."""
    total = np.cumsum(spans.due)
    edges = []
    reached = 0.0
    while len(found := np.flatnonzero(total >= reached + _BIN)):
        edges.append(int(found[0]))
        reached = float(total[found[0]])
    if not edges:
        return np.empty(0), np.empty(0)
    ends = np.array(edges)
    due = np.diff(total[ends], prepend=0.0)
    came = np.diff(np.cumsum(spans.came)[ends], prepend=0.0)
    return due, came
