"""Chance: what happens next, by luck alone. A schedule is one seed."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from random import Random
from typing import Protocol, TypeAlias

from agent.domain.points import Point
from simulations.chaos.fates import CLOCKS, HISTORY_LAG, PROCESSING, Fate, ReadFault


class EditTo(StrEnum):
    """What a person sets a budget to."""

    ANYTHING = "anything"
    BASE = "where an open change started from"
    TARGET = "what an open change asks for"
    ELSEWHERE = "elsewhere, where a change is open"


@dataclass(frozen=True, slots=True)
class Freeze:
    """The process stands still, then it wakes.

    Attributes:
        replaced: Another one takes the lead after a minute.
        meanwhile: What else happens before it wakes.
    """

    span: timedelta
    replaced: bool
    meanwhile: "PersonEdits | Stop | None"


@dataclass(frozen=True, slots=True)
class PersonEdits:
    """Somebody sets a budget at the platform's own page."""

    to: EditTo


@dataclass(frozen=True, slots=True)
class Stop:
    """Somebody stops gebot, by the file or in the ledger, and allows it again after so long."""

    span: timedelta
    by_file: bool


@dataclass(frozen=True, slots=True)
class PersonAsks:
    """Somebody wishes budgets elsewhere by gebot's own way, and approves the plan."""


Outside: TypeAlias = PersonEdits | PersonAsks | Stop
Event: TypeAlias = Freeze | Outside


class LedgerFault(StrEnum):
    """What befalls a write to the ledger."""

    REFUSED = "not written"
    UNTOLD = "written, and an error told"


class Chance(Protocol):
    """Whoever says what happens next."""

    def lifetime(self) -> int:
        """How many points a process that starts now will reach; it dies at the last of them."""
        ...

    def at(self, point: Point) -> Event | None:
        """What else happens when the process that works reaches this point."""
        ...

    def idle(self) -> Outside | None:
        """What happens between two rounds of the process that leads."""
        ...

    def fate(self) -> Fate: ...

    def read_fault(self) -> ReadFault | None: ...

    def ledger_fault(self) -> LedgerFault | None: ...

    def between(self, low: timedelta, high: timedelta) -> timedelta: ...

    def pick(self, n: int) -> int:
        """A number from 0 to n - 1."""
        ...


_TROUBLES = tuple(fate for fate in Fate if fate is not Fate.WELL)
_TROUBLE, _FAVOURED_TROUBLE = 0.035, 0.045
"""Shares of requests that meet with any trouble, and with the one that this schedule favours."""
_SPANS = (3.0, 45.0, 90.0, 300.0, 660.0, 1_500.0, 6_000.0)
_CRASH_LOOP = 0.75
_SHORT_LIFE, _LONG_LIFE = 4, 26
_EVENT, _EVENT_AT_THE_WIRE, _EVENT_AMID_DOUBT = 0.006, 0.025, 0.03
"""Share of points at which something other than a crash happens."""
_EVENT_BETWEEN_ROUNDS = 0.06
_AT_THE_WIRE = frozenset(
    {
        Point.COMPARED,
        Point.WORD_WRITTEN,
        Point.BEFORE_WIRE,
        Point.REPLIED,
        Point.OUTCOME_RECORDED,
        Point.CONFLICTS_RECORDED,
        Point.READ_BACK,
    }
)


class Luck:
    """By a generator of its own; the same seed brings the same.

    Each schedule favours one trouble of requests and one kind of edits: two rare things that must
    meet do so in some schedules often, instead of in all of them hardly ever (swarm testing:
    Groce, Zhang, Eide, Chen, Regehr, 2012).
    """

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311  # luck that can be had again, no secret
        self._trouble = self._random.choice(_TROUBLES)
        self._edit = self._random.choice(tuple(EditTo))

    def lifetime(self) -> int:
        """Most processes die soon after their start, as in a crash loop."""
        draw = self._random.random
        if draw() < _CRASH_LOOP:
            return 1 + int(draw() * _SHORT_LIFE)
        return 1 + int(self._random.expovariate(1 / _LONG_LIFE))

    def at(self, point: Point) -> Event | None:
        share = _EVENT_AT_THE_WIRE if point in _AT_THE_WIRE else _EVENT
        if point is Point.LOOKED_UP:
            share = _EVENT_AMID_DOUBT
        return self._event() if self._random.random() < share else None

    def idle(self) -> Outside | None:
        if self._random.random() >= _EVENT_BETWEEN_ROUNDS:
            return None
        return PersonAsks() if self._random.random() < 0.4 else self._outside()

    def fate(self) -> Fate:
        drawn = self._random.random()
        if drawn < _FAVOURED_TROUBLE:
            return self._trouble
        if drawn < _FAVOURED_TROUBLE + _TROUBLE:
            return self._random.choice(_TROUBLES)
        return Fate.WELL

    def read_fault(self) -> ReadFault | None:
        if self._random.random() >= 0.008:
            return None
        return self._random.choice(tuple(ReadFault))

    def ledger_fault(self) -> LedgerFault | None:
        if self._random.random() >= 0.004:
            return None
        return self._random.choice(tuple(LedgerFault))

    def between(self, low: timedelta, high: timedelta) -> timedelta:
        return low + (high - low) * self._random.random()

    def pick(self, n: int) -> int:
        return int(self._random.random() * n)

    def _event(self) -> Event:
        draw = self._random.random
        kind = draw()
        if kind < 0.40:
            span = timedelta(seconds=self._random.choice(_SPANS) * (0.5 + draw()))
            return Freeze(span, draw() < 0.5, self._outside() if draw() < 0.5 else None)
        return PersonAsks() if kind < 0.70 else self._outside()

    def _outside(self) -> PersonEdits | Stop:
        """Somebody does something."""
        if self._random.random() < 0.8:
            favoured = self._random.random() < 0.5
            return PersonEdits(self._edit if favoured else self._random.choice(tuple(EditTo)))
        span = timedelta(minutes=1 + 90 * self._random.random())
        return Stop(span, by_file=self._random.random() < 0.5)


def lateness(chance: Chance) -> timedelta:
    """How long a platform takes over a late write."""
    return chance.between(timedelta(seconds=1), PROCESSING)


def lag(chance: Chance) -> timedelta:
    """How much later the history shows an edit."""
    return chance.between(timedelta(0), HISTORY_LAG)


def skew(chance: Chance) -> timedelta:
    """How far a machine's clock is ahead of the platform's."""
    return chance.between(-CLOCKS, CLOCKS)
