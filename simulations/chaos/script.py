"""Script: one line of an exhaustive list: what befalls whom at which point, with nothing left to luck."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from agent.domain.points import Point
from simulations.chaos.calm import FOR_EVER, Calm
from simulations.chaos.chance import EditTo, Event, Freeze, PersonEdits
from simulations.chaos.fates import Fate

POINTS = 40
"""Points of a day's decision that may be struck: a little more than there are."""


class Strike(StrEnum):
    """What befalls the first process at its point."""

    CRASH = "it dies"
    REPLACED = "it sleeps, another one takes over, it wakes"
    ASLEEP = "it sleeps, and a person edits what is open"
    EDIT_TO_TARGET = "a person sets what is asked for"
    EDIT_TO_ANYTHING = "a person sets something else"


_NAP = timedelta(minutes=13)
_STRIKES: Mapping[Strike, Event] = {
    Strike.REPLACED: Freeze(_NAP, replaced=True, meanwhile=None),
    Strike.ASLEEP: Freeze(_NAP, replaced=False, meanwhile=PersonEdits(EditTo.BASE)),
    Strike.EDIT_TO_TARGET: PersonEdits(EditTo.TARGET),
    Strike.EDIT_TO_ANYTHING: PersonEdits(EditTo.ANYTHING),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list.

    Attributes:
        first: The point at which the first process is struck, counted from 1.
        second: The point at which the process after it dies, counted likewise; 0: it lives.
        fate: Of the first request that may change something.
    """

    strike: Strike
    first: int
    second: int
    fate: Fate

    @classmethod
    def of(cls, number: int) -> "Line":
        """The line of this number, from 0 to `LINES` - 1."""
        number, second = divmod(number, POINTS)
        number, first = divmod(number, POINTS)
        strike, fate = divmod(number, len(Fate))
        return cls(tuple(Strike)[strike], first + 1, second, tuple(Fate)[fate])


LINES = len(Strike) * len(Fate) * POINTS * POINTS


class Script(Calm):
    """Plays a line; all that may last longer or shorter lasts as long as it can."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._lives = 0
        self._points = 0
        self._sends = 0

    def lifetime(self) -> int:
        self._lives += 1
        if self._lives == 1:
            return self._line.first if self._line.strike is Strike.CRASH else FOR_EVER
        return self._line.second or FOR_EVER if self._lives == 2 else FOR_EVER

    def at(self, point: Point) -> Event | None:
        self._points += 1
        struck = self._lives == 1 and self._points == self._line.first
        return _STRIKES.get(self._line.strike) if struck else None

    def fate(self) -> Fate:
        self._sends += 1
        return self._line.fate if self._sends == 1 else Fate.WELL

    def between(self, low: timedelta, high: timedelta) -> timedelta:
        return high
