"""Faults: an adapter that fails on a plan, for tests of crash and recovery."""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum

from numpy.random import Generator

from agent.domain.advice import Advice
from agent.domain.entity import Account, EntityTable
from agent.domain.errors import RateLimited, Unreachable
from agent.domain.hours import HourlyMetrics
from agent.domain.lever import Lever, Value
from agent.domain.metrics import MetricsTable
from agent.domain.outcome import Ambiguous, Edit, Receipt, Refused
from agent.domain.plan import Change
from agent.domain.ref import Ref
from agent.ports.platform import Adapter


class Befalls(StrEnum):
    """What befalls one call."""

    NOTHING = "nothing"
    UNREACHABLE = "unreachable"  # raised, nothing was applied
    RATE_LIMITED = "rate_limited"  # raised, nothing was applied
    LOST_REQUEST = "lost_request"  # every receipt is Ambiguous, nothing was applied
    LOST_REPLY = "lost_reply"  # every receipt is Ambiguous, everything was applied
    HALF_REFUSED = "half_refused"  # every second change is refused, the others are applied
    HALF_LOST = "half_lost"  # everything was applied, every second receipt is Ambiguous


FAULTS_OF_READS = (Befalls.UNREACHABLE, Befalls.RATE_LIMITED)
FAULTS_OF_WRITES = tuple(each for each in Befalls if each is not Befalls.NOTHING)


def drawn(rng: Generator, n: int, chance: float, faults: Sequence[Befalls]) -> list[Befalls]:
    """A plan of `n` calls, each of which meets one of the faults with this chance."""
    hit = rng.random(n) < chance
    which = rng.integers(len(faults), size=n)
    return [
        faults[index] if struck else Befalls.NOTHING
        for struck, index in zip(hit.tolist(), which.tolist(), strict=True)
    ]


class Faulty:
    """Passes every call on to another adapter, unless its plan says otherwise.

    Reads and writes each use up their own plan, one entry a call; after its end nothing
    more befalls them.
    """

    def __init__(
        self, adapter: Adapter, *, writes: Iterable[Befalls] = (), reads: Iterable[Befalls] = ()
    ) -> None:
        self._adapter = adapter
        self._writes = deque(writes)
        self._reads = deque(reads)

    def account(self) -> Account:
        self._read()
        return self._adapter.account()

    def entities(self) -> EntityTable:
        self._read()
        return self._adapter.entities()

    def metrics(self, since: date, until: date) -> MetricsTable:
        self._read()
        return self._adapter.metrics(since, until)

    def hours(self, since: date, until: date) -> HourlyMetrics:
        self._read()
        return self._adapter.hours(since, until)

    def advice(self) -> Advice:
        self._read()
        return self._adapter.advice()

    def read(self, levers: Sequence[tuple[Ref, Lever]]) -> Mapping[tuple[Ref, Lever], Value]:
        self._read()
        return self._adapter.read(levers)

    def rehearse(self, changes: Sequence[Change]) -> Sequence[Receipt]:
        self._read()
        return self._adapter.rehearse(changes)

    def history(self, since: datetime) -> Sequence[Edit]:
        self._read()
        return self._adapter.history(since)

    def apply(self, changes: Sequence[Change]) -> Sequence[Receipt]:
        fault = self._writes.popleft() if self._writes else Befalls.NOTHING
        self._raise(fault)
        lost = Ambiguous("the reply was lost")
        match fault:
            case Befalls.LOST_REQUEST:
                return [lost for _ in changes]
            case Befalls.LOST_REPLY:
                self._adapter.apply(changes)
                return [lost for _ in changes]
            case Befalls.HALF_LOST:
                receipts = self._adapter.apply(changes)
                return [lost if place % 2 else receipt for place, receipt in enumerate(receipts)]
            case Befalls.HALF_REFUSED:
                applied = iter(self._adapter.apply(changes[::2]))
                refused = Refused("refused by plan")
                return [refused if place % 2 else next(applied) for place in range(len(changes))]
            case _:
                return self._adapter.apply(changes)

    def _read(self) -> None:
        self._raise(self._reads.popleft() if self._reads else Befalls.NOTHING)

    def _raise(self, fault: Befalls) -> None:
        # The wrapped adapter is not asked for its name: that would be a call of its own.
        if fault is Befalls.UNREACHABLE:
            raise Unreachable("faulty", "the connection was reset")
        if fault is Befalls.RATE_LIMITED:
            raise RateLimited("faulty", "too many calls", retry_after_s=30.0)
