"""Script: one line of an exhaustive list: what befalls whom at which point, with nothing left to luck."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from agent.domain.points import Point
from simulations.chaos.calm import FOR_EVER, Calm
from simulations.chaos.chance import EditTo, Event, Freeze, Outside, PersonEdits
from simulations.chaos.fates import Fate

MOST_POINTS = 64
"""More points than a process reaches on a day."""


class Strike(StrEnum):
    """What befalls the first process at its point."""

    CRASH = "it dies"
    REPLACED = "it sleeps, another one takes over, it wakes"
    ASLEEP = "it sleeps, and a person edits what is open"
    EDIT_TO_TARGET = "a person sets what is asked for"
    EDIT_TO_ANYTHING = "a person sets something else"
    ASLEEP_TO_TARGET = "it sleeps, and a person sets what is asked for"
    ASLEEP_ELSEWHERE = "it sleeps, and a person sets what is open to something else"
    OVERSLEPT = "it sleeps until its plan has expired"
    EDIT_WHILE_WAITING = "right before a round a person sets what is asked for"


_NAP, _LONG_SLEEP = timedelta(minutes=13), timedelta(hours=2)
_STRIKES: Mapping[Strike, Event] = {
    Strike.REPLACED: Freeze(_NAP, replaced=True, meanwhile=None),
    Strike.ASLEEP: Freeze(_NAP, replaced=False, meanwhile=PersonEdits(EditTo.BASE)),
    Strike.ASLEEP_TO_TARGET: Freeze(_NAP, replaced=False, meanwhile=PersonEdits(EditTo.TARGET)),
    Strike.ASLEEP_ELSEWHERE: Freeze(_NAP, replaced=False, meanwhile=PersonEdits(EditTo.ELSEWHERE)),
    Strike.OVERSLEPT: Freeze(_LONG_SLEEP, replaced=False, meanwhile=None),
    Strike.EDIT_TO_TARGET: PersonEdits(EditTo.TARGET),
    Strike.EDIT_TO_ANYTHING: PersonEdits(EditTo.ANYTHING),
}
_SUCCEEDED = frozenset({Strike.CRASH, Strike.REPLACED})
"""Strikes after which another process goes on."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list.

    Attributes:
        first: The point, or the wait, at which the first process is struck, counted from 1.
        second: How many points later whoever goes on dies; 0: nobody does.
        fate: Of the first request that may change something.
    """

    strike: Strike
    fate: Fate
    first: int
    second: int = 0

    @property
    def number(self) -> int:
        """A name for the line; `of` finds it again."""
        struck = tuple(Strike).index(self.strike) * len(Fate) + tuple(Fate).index(self.fate)
        return (struck * MOST_POINTS + self.first - 1) * MOST_POINTS + self.second

    @classmethod
    def of(cls, number: int) -> "Line":
        """The line of this number; those beyond the last begin again."""
        number, second = divmod(number, MOST_POINTS)
        number, first = divmod(number, MOST_POINTS)
        strike, fate = divmod(number, len(Fate))
        return cls(tuple(Strike)[strike % len(Strike)], tuple(Fate)[fate], first + 1, second)


class Script(Calm):
    """Plays a line; all that may last longer or shorter lasts as long as it can.

    Attributes:
        struck: Whether the first process came as far as the line says.
        after: How many points whoever went on has reached since.
    """

    def __init__(self, line: Line) -> None:
        self.struck = False
        self.after = 0
        self._line = line
        self._lives = 0
        self._points = 0
        self._waits = 0
        self._sends = 0

    def lifetime(self) -> int:
        line = self._line
        self._lives += 1
        self.struck = self.struck or self._lives > 1
        if self._lives == 1 and line.strike is Strike.CRASH:
            return line.first
        if self._lives == 1 and line.strike not in _SUCCEEDED and line.second:
            return line.first + line.second
        if self._lives == 2 and line.strike in _SUCCEEDED and line.second:
            return line.second
        return FOR_EVER

    def at(self, point: Point) -> Event | None:
        going_on = 2 if self._line.strike in _SUCCEEDED else 1
        self.after += self.struck and self._lives == going_on
        if self._lives > 1 or self.struck:
            return None
        if self._line.strike is Strike.EDIT_WHILE_WAITING:
            return None
        self._points += 1
        self.struck = self._points == self._line.first
        return _STRIKES.get(self._line.strike) if self.struck else None

    def idle(self) -> Outside | None:
        if self._line.strike is not Strike.EDIT_WHILE_WAITING or self._lives > 1 or self.struck:
            return None
        self._waits += 1
        self.struck = self._waits == self._line.first
        return PersonEdits(EditTo.TARGET) if self.struck else None

    def fate(self) -> Fate:
        self._sends += 1
        return self._line.fate if self._sends == 1 else Fate.WELL

    def between(self, low: timedelta, high: timedelta) -> timedelta:
        return high
