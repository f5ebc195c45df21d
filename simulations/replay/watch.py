"""Watch: notices when a decider, while it is asked, opens what the account's past is kept in.

A snapshot is all that a decider may look at. Whoever opens the ledger's file or the export itself
sees the later days whatever it is handed, and no comparison of plans can tell. Files that are
opened by Python (`sys.audit`) and connections to the outside are noticed; a library that opens
files by itself, in C or Rust, is not.
"""

import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from numpy.random import Generator

from agent.domain.proposal import Proposal
from agent.domain.snapshot import Snapshot
from agent.ports.deciding import Strategy

_EVENTS = ("open", "sqlite3.connect", "socket.connect")


@dataclass(frozen=True, slots=True)
class Peek:
    """A decider opened `path`, which holds the account's past or leads outside."""

    day: str
    decider: str
    path: str


class Watch:
    """Keeps watch over deciders; it hears of nothing while none of them is asked."""

    def __init__(self, files: Iterable[str]) -> None:
        self.peeks: list[Peek] = []
        self._files = frozenset(os.path.realpath(file) for file in files)

    def hear(self, asked: "Watched", day: str, event: str, arguments: tuple[object, ...]) -> None:
        """Take note of an event if it is about one of the files, or about a connection."""
        if event == "socket.connect":
            self.peeks.append(Peek(day, asked.name, str(arguments[1:])))
            return
        path = arguments[0]
        if not isinstance(path, str | bytes | os.PathLike):
            return
        plain = os.fsdecode(path).removeprefix("file:").partition("?")[0]
        if os.path.realpath(plain) in self._files:
            self.peeks.append(Peek(day, asked.name, plain))


@dataclass(frozen=True, slots=True)
class Watched:
    """A decider under watch; it proposes what it would propose anyway."""

    name: str
    strategy: Strategy
    watch: Watch

    def propose(self, snapshot: Snapshot, rng: Generator) -> Iterable[Proposal]:
        ear = _ear()
        ear.asked = (self, snapshot.today.isoformat())
        try:
            return list(self.strategy.propose(snapshot, rng))
        finally:
            ear.asked = None


class _Ear:
    """The one audit hook of the process: Python offers no way to take a hook away."""

    def __init__(self) -> None:
        self.asked: tuple[Watched, str] | None = None
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple[object, ...]) -> None:
        if self.asked is None or event not in _EVENTS:
            return
        (watched, day), self.asked = self.asked, None  # what is done here is not heard of
        try:
            watched.watch.hear(watched, day, event, arguments)
        finally:
            self.asked = (watched, day)


@cache
def _ear() -> _Ear:
    return _Ear()
