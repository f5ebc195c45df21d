"""Unsettled: why nothing can be said of a change yet, or ever. Pure."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

import numpy as np

from agent.domain.entity import Numbers
from agent.domain.lever import Lever, number_of
from agent.domain.snapshot import UNSEEN, Snapshot
from agent.report.gains import WEEK
from agent.report.made import Made

FARTHEST = 0.25
"""A lever that was farther away than this share on a day of either week disturbs the comparison."""
RIPE = 0.9
"""Least share of the week's conversions that must have been reported."""


class Why(StrEnum):
    """Kinds of reasons, as a sentence about several changes goes on."""

    RUNNING = "the week after them is not over"
    RIPENING = "their conversions are still being reported"
    CHANCE = "the difference is no larger than chance makes it"
    MOVED = "the lever was moved again, or had just been moved"
    TOGETHER = "told together with the change that came before"
    OTHER_LEVER = "another lever of the same campaign was changed within a week"
    NO_DATA = "days or levers around them are not known, or marked"
    NO_MONEY = "they move no money, or are about what is gone"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why nothing is known, with the words for one change."""

    why: Why
    words: str


def reasons(
    changes: Sequence[Made], snapshot: Snapshot, rows: Numbers, first: Numbers
) -> list[Reason | None]:
    """For each change why it cannot be measured; None where it can.

    Args:
        rows: Of the snapshot; -1 where the entity is gone.
        first: Column of the day after each change.
    """
    others = _levers_of(changes)
    free_from: dict[tuple[str, str], int] = {}
    found: list[Reason | None] = []
    for n, one in enumerate(changes):
        row, day = int(rows[n]), int(first[n])
        reason = _reason(one, snapshot, row, day)
        key = (str(one.change.ref), one.change.lever.value)
        if reason is None and any(
            lever != one.change.lever and abs(other - day) <= WEEK
            for lever, other in _days_of(others[str(one.change.ref)], first)
        ):
            reason = Reason(Why.OTHER_LEVER, "another lever of it was changed within a week")
        if reason is None and day < free_from.get(key, day):
            reason = Reason(Why.TOGETHER, "told together with the change that came before it")
        if reason is None:
            free_from[key] = day + WEEK
        found.append(reason)
    return found


def _reason(one: Made, snapshot: Snapshot, row: int, day: int) -> Reason | None:
    if one.change.lever.is_of_hours:
        return Reason(Why.NO_MONEY, "it marks hours and moves no money")
    if row < 0:
        return Reason(Why.NO_MONEY, "it is no longer in the account")
    over = day + WEEK - len(snapshot.days)
    if over > 0:
        end = snapshot.today + timedelta(days=over)
        return Reason(Why.RUNNING, f"the 7 full days after it are over on {end:%d %b}")
    if day - 1 - WEEK < 0:
        return Reason(Why.NO_DATA, "the days before it are further back than the report looks")
    after, before = slice(day, day + WEEK), slice(day - 1 - WEEK, day - 1)
    return _unsound(snapshot, row, before, after) or _moved(one, snapshot, row, before, after)


def _unsound(snapshot: Snapshot, row: int, before: slice, after: slice) -> Reason | None:
    """Why the figures of these days do not tell."""
    if not (snapshot.learnable[row, after].all() and snapshot.learnable[row, before].all()):
        return Reason(Why.NO_DATA, "days of these weeks are missing, or marked as not to be learned from")
    ripe = float(snapshot.reported[row, after].mean())
    if ripe >= RIPE:
        return None
    return Reason(Why.RIPENING, f"only {ripe:.0%} of the conversions of the week after it have been reported")


def _moved(one: Made, snapshot: Snapshot, row: int, before: slice, after: slice) -> Reason | None:
    """Why the lever's own past does not let the weeks be compared."""
    memory = snapshot.memory.get(one.change.lever)
    if memory is None or (memory.stood[row, before.start : after.stop] == UNSEEN).any():
        return Reason(Why.NO_DATA, "where the lever stood on the days around it is not known")
    if not _near(one, snapshot, row, after, number_of(one.change.after)):
        return Reason(Why.MOVED, "the lever was moved on, by more than a quarter, within the week")
    if not _near(one, snapshot, row, before, number_of(one.change.before)):
        return Reason(Why.MOVED, "the lever had been moved, by more than a quarter, in the week before")
    return None


def _near(one: Made, snapshot: Snapshot, row: int, days: slice, number: int) -> bool:
    """Whether the lever stood near this number on all of the days."""
    stood = snapshot.memory[one.change.lever].stood[row, days]
    if one.change.lever.is_switch:
        return bool((stood == number).all())
    return bool((np.abs(stood / max(number, 1) - 1.0) <= FARTHEST).all())


def _levers_of(changes: Sequence[Made]) -> dict[str, list[tuple[Lever, int]]]:
    """The levers that were changed of each entity, with the number of the change."""
    found: defaultdict[str, list[tuple[Lever, int]]] = defaultdict(list)
    for n, one in enumerate(changes):
        found[str(one.change.ref)].append((one.change.lever, n))
    return found


def _days_of(levers: list[tuple[Lever, int]], first: Numbers) -> list[tuple[Lever, int]]:
    return [(lever, int(first[n])) for lever, n in levers]
