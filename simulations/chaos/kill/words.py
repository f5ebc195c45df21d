"""Words: what a process of gebot and the one that watches it say to each other."""

import pickle
import select
import socket
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Self, TypeAlias

from agent.domain.outcome import Step
from agent.domain.plan import Change
from agent.domain.points import Point

_LONGEST = 1 << 20


@dataclass(frozen=True, slots=True)
class Reached:
    """The process is at a point, and waits for an `Order`.

    Attributes:
        cpu_s: What it has computed since it was forked.
    """

    point: Point
    cpu_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Asks:
    """A call to the platform, which is answered with `Answer` or `Raised`."""

    call: str
    arguments: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Writes:
    """What is about to be committed; waits for an `Order`.

    Attributes:
        steps: New states of changes.
        approved: Changes that may go from now on, by id.
        plan_id: Of those; "" where the lead is taken.
    """

    steps: tuple[Step, ...] = ()
    at: datetime | None = None
    plan_id: str = ""
    approved: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Wrote:
    """The commit returned; of a lead that was taken, with its epoch. Nobody answers."""

    epoch: int | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """The commit raised; it may stand all the same. Nobody answers."""


@dataclass(frozen=True, slots=True)
class TickOver:
    """A tick is done; waits for an `Order`.

    Attributes:
        leads: Whether the account is this process's.
        failed: What the ledger raised; "" when nothing.
        rss_kib, descriptors: What the process holds; 0: not told.
    """

    leads: bool
    failed: str = ""
    rss_kib: int = 0
    descriptors: int = 0


@dataclass(frozen=True, slots=True)
class Broke:
    """The process ends by an error of its own."""

    words: str


Word: TypeAlias = Reached | Asks | Writes | Wrote | Refused | TickOver | Broke


class Order(StrEnum):
    """What the process is to do now."""

    GO_ON = "go on"
    DIE = "die"
    STAND_STILL = "stand still"
    END = "end"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the platform replied."""

    value: Any


@dataclass(frozen=True, slots=True)
class Raised:
    """What the adapter raises; these errors cannot be pickled whole."""

    kind: type[Exception]
    words: str
    fields: dict[str, Any]

    @classmethod
    def of(cls, error: Exception) -> Self:
        return cls(type(error), str(error), vars(error))

    @property
    def error(self) -> Exception:
        found = self.kind.__new__(self.kind, self.words)
        found.__dict__.update(self.fields)
        return found


@dataclass(frozen=True, slots=True)
class Line:
    """One end of the line between the two. Whatever was said before a death still arrives."""

    socket: socket.socket

    @classmethod
    def pair(cls) -> "tuple[Line, Line]":
        """Both ends."""
        one, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        return cls(one), cls(other)

    def say(self, said: object) -> None:
        """Say it; to nobody, when the other one is dead."""
        try:
            self.socket.send(pickle.dumps((time.monotonic_ns(), said)))
        except (BrokenPipeError, ConnectionResetError):
            return

    def hear(self) -> "Heard | None":
        """The next that was said, waited for; None: the other one is dead, and said no more."""
        try:
            found = self.socket.recv(_LONGEST)
        except ConnectionResetError:
            found = b""
        if not found:
            return None
        at_ns, said = pickle.loads(found)  # noqa: S301  # of our own child
        return Heard(at_ns, said)

    def ask(self, said: object) -> Any:
        """Say it and wait for the answer; a process that nobody watches any more ends."""
        self.say(said)
        heard = self.hear()
        if heard is None:
            raise SystemExit
        return heard.said


@dataclass(frozen=True, slots=True, order=True)
class Heard:
    """What was said, and when: nanoseconds of a clock that all processes share."""

    at_ns: int
    said: Any = field(compare=False)


def waiting(lines: Sequence[Line], seconds: float | None) -> Iterator[Line]:
    """The lines on which something was said, or that are dead; none after so many seconds."""
    poll = select.poll()
    by_number = {line.socket.fileno(): line for line in lines}
    for number in by_number:
        poll.register(number, select.POLLIN)
    for number, _ in poll.poll(None if seconds is None else max(0.0, seconds) * 1000):
        yield by_number[number]
