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


Event: TypeAlias = Freeze | PersonEdits | Stop


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

    def fate(self) -> Fate: ...

    def read_fault(self) -> ReadFault | None: ...

    def ledger_fault(self) -> LedgerFault | None: ...

    def between(self, low: timedelta, high: timedelta) -> timedelta: ...

    def pick(self, n: int) -> int:
        """A number from 0 to n - 1."""
        ...


_FATES = (
    (Fate.WELL, 0.80),
    (Fate.REQUEST_LOST, 0.02),
    (Fate.REPLY_LOST, 0.04),
    (Fate.LATE, 0.02),
    (Fate.LATE_BUT_ACCEPTED, 0.02),
    (Fate.HOLLOW, 0.01),
    (Fate.HALF, 0.01),
    (Fate.REFUSED, 0.01),
    (Fate.CUT_SHORT, 0.01),
    (Fate.MIXED, 0.02),
    (Fate.RATE_LIMITED, 0.01),
    (Fate.DENIED, 0.01),
    (Fate.UNREACHED, 0.01),
    (Fate.MISUNDERSTOOD, 0.01),
)
_SPANS = (3.0, 45.0, 90.0, 300.0, 660.0, 1_500.0, 4_000.0)
_CRASH_LOOP = 0.75
_SHORT_LIFE, _LONG_LIFE = 4, 26
_EVENT = 0.012
"""Share of points at which something other than a crash happens."""


class Luck:
    """By a generator of its own; the same seed brings the same."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311  # luck that can be had again, no secret

    def lifetime(self) -> int:
        """Most processes die soon after their start, as in a crash loop."""
        draw = self._random.random
        if draw() < _CRASH_LOOP:
            return 1 + int(draw() * _SHORT_LIFE)
        return 1 + int(self._random.expovariate(1 / _LONG_LIFE))

    def at(self, point: Point) -> Event | None:
        return self._event() if self._random.random() < _EVENT else None

    def fate(self) -> Fate:
        drawn = self._random.random()
        for fate, share in _FATES:
            drawn -= share
            if drawn < 0:
                return fate
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
        if draw() < 0.5:
            span = timedelta(seconds=self._random.choice(_SPANS) * (0.5 + draw()))
            return Freeze(span, draw() < 0.6, self._outside() if draw() < 0.3 else None)
        return self._outside()

    def _outside(self) -> PersonEdits | Stop:
        """Somebody does something."""
        if self._random.random() < 0.8:
            return PersonEdits(self._random.choice(tuple(EditTo)))
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
