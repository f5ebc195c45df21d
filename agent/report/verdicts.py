"""Verdicts: whether a change did good, or why nobody can tell yet. Pure.

A comparison of weeks and no experiment (see `agent.report.gains` for how). What chance explains is
"not yet known", and so is all that could not be measured, with the reason.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

import numpy as np

from agent.domain.entity import Flags, Numbers
from agent.domain.proposal import Interval
from agent.domain.snapshot import Snapshot
from agent.report.gains import gains_of
from agent.report.made import Made
from agent.report.unsettled import Reason, Why, reasons


class Verdict(StrEnum):
    """What can honestly be said of a change."""

    IMPROVED = "improved"
    WORSE = "worse"
    UNKNOWN = "not yet known"


@dataclass(frozen=True, slots=True)
class Judged:
    """A change with what came of it.

    Attributes:
        reason: Why nothing is known; None where it is.
        gain: Of the goal a day (currency units of conversion value, or conversions), with the range
            that is 90 % sure; None where it was not measured.
        by_value: Whether the goal is value, and not conversions.
        said, came: The goal a day as the model had said it for this change (80 %), and as it came;
            None where no model spoke, or its forecast could not be held against anything.
        held: Whether what came lies within what was said, noise of the week included.
    """

    made: Made
    verdict: Verdict
    reason: Reason | None
    by_value: bool
    gain: Interval | None = None
    said: Interval | None = None
    came: float | None = None
    held: bool | None = None


def judged(changes: Sequence[Made], snapshot: Snapshot, by_value: Flags) -> list[Judged]:
    """Judge each change, in the order given.

    Args:
        snapshot: The whole account, as known now, with the weeks before and after the changes.
        by_value: Shape (n_changes,), whether the goal of its portfolio is value.
    """
    if not changes:
        return []
    rows, first = _rows(changes, snapshot), _first_days(changes, snapshot)
    why = reasons(changes, snapshot, rows, first)
    measured = np.array([one is None for one in why], dtype=bool)
    gains: list[Interval | None] = [None] * len(changes)
    for value in (True, False):
        mine = np.flatnonzero(measured & (by_value == value))
        if len(mine):
            gained = gains_of(snapshot, rows[mine], first[mine], by_value=value)
            for n, one_gain in zip(mine.tolist(), gained, strict=True):
                gains[n] = one_gain
    found = []
    for n, one in enumerate(changes):
        gain = gains[n]
        if gain is None:
            found.append(Judged(one, Verdict.UNKNOWN, why[n], bool(by_value[n])))
            continue
        verdict = _verdict(gain)
        reason = _CHANCE if verdict is Verdict.UNKNOWN else None
        found.append(Judged(one, verdict, reason, bool(by_value[n]), gain))
    return found


def _verdict(gain: Interval) -> Verdict:
    if gain.low > 0:
        return Verdict.IMPROVED
    return Verdict.WORSE if gain.high < 0 else Verdict.UNKNOWN


_CHANCE = Reason(Why.CHANCE, "the difference is no larger than chance makes it")


def pooled(found: Sequence[Judged], *, by_value: bool) -> Interval | None:
    """The gain a day of all measured changes together; None where none was measured."""
    gains = [one.gain for one in found if one.gain is not None and one.by_value is by_value]
    if not gains:
        return None
    mean = sum(gain.mean for gain in gains)
    reach = float(np.sqrt(sum((gain.high - gain.mean) ** 2 for gain in gains)))
    return Interval(mean, mean - reach, mean + reach)


def _rows(changes: Sequence[Made], snapshot: Snapshot) -> Numbers:
    rows = (snapshot.entities.row(one.change.ref) for one in changes)
    return np.array([-1 if row is None else row for row in rows], dtype=np.int64)


def _first_days(changes: Sequence[Made], snapshot: Snapshot) -> Numbers:
    """Column of the day after each change; may lie outside."""
    zone = ZoneInfo(snapshot.entities.account.time_zone)
    begin = snapshot.days[0].item() if len(snapshot.days) else snapshot.today
    days = [(one.at.astimezone(zone).date() - begin).days + 1 for one in changes]
    return np.array(days, dtype=np.int64)
