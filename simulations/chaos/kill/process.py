"""Process: a gebot that can be killed: the product's daemon on a ledger of its own opening."""

import mmap
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from agent import cycle, stop
from agent.daemon.daemon import Daemon
from agent.daemon.rounds import Post
from agent.domain.approval import Approval
from agent.domain.errors import LedgerError
from agent.domain.outcome import Step
from agent.domain.ref import AccountId
from agent.ports.leases import Leases
from agent.ports.ledger import Ledger
from simulations.chaos.account import SCHEDULE, parts
from simulations.chaos.kill.words import (
    Answer,
    Asks,
    Broke,
    Line,
    Order,
    Raised,
    Reached,
    Refused,
    TickOver,
    Writes,
    Wrote,
)
from simulations.chaos.platform import ACCOUNT, START
from simulations.chaos.shape import Shape

_MICROSECOND = timedelta(microseconds=1)
_PAGE_KIB = os.sysconf("SC_PAGE_SIZE") // 1024


class SharedTime:
    """The time of the platform, in memory that all processes share."""

    def __init__(self) -> None:
        self._micros = mmap.mmap(-1, 8)

    def put(self, now: datetime) -> None:
        """It is now so late."""
        self._micros[:8] = ((now - START) // _MICROSECOND).to_bytes(8, "little")

    def now(self) -> datetime:
        return START + int.from_bytes(self._micros[:8], "little") * _MICROSECOND


@dataclass(frozen=True, slots=True)
class Machine:
    """Where a process runs.

    Attributes:
        state: The folder with its stop file and, of a file, its lock.
        skew: How far its clock is ahead of the platform's.
        leases: Of a database; None: a lock in the state folder.
    """

    state: Path
    skew: timedelta
    open_ledger: Callable[[], Ledger]
    leases: Callable[[], Leases] | None


def fork(
    machine: Machine, shared: SharedTime, seed: int, *, shape: Shape, others: Sequence[Line]
) -> "tuple[int, Line]":
    """Start a process. Returns: its number, and the line to it.

    Args:
        others: Lines of this process that the new one must not hold open.
    """
    ours, theirs = Line.pair()
    pid = os.fork()
    if pid:
        theirs.socket.close()
        return pid, ours
    status = 1
    try:
        for line in (ours, *others):
            line.socket.close()
        _live(machine, shared, seed, shape, theirs)
        status = 0
    except SystemExit:
        status = 0
    except BaseException:  # noqa: BLE001  # told to the one who watches; nothing of the parent may run here
        theirs.say(Broke(traceback.format_exc()))
    finally:
        sys.stderr.flush()
        os._exit(status)


def _live(machine: Machine, shared: SharedTime, seed: int, shape: Shape, line: Line) -> None:
    """Tick for as long as the one who watches says so, then look once more."""
    opened = machine.open_ledger()
    ledger: Any = Witness(opened, line)
    clock = _Clock(shared, machine.skew)
    post = Post(
        parts(
            Remote(line),
            ledger,
            clock,
            seed=seed,
            check_stop=lambda: stop.check(machine.state, ledger, ACCOUNT.id),
            reached=lambda point: _obey(line.ask(Reached(point, time.process_time()))),
            shape=shape,
        ),
        SCHEDULE,
        carries_out=True,
        announce=lambda _what, _record: None,
    )
    leases = machine.leases() if machine.leases is not None else None
    daemon = Daemon([post], ledger, clock, machine.state, leases=leases)
    while True:
        failed = ""
        try:
            daemon.tick()
        except LedgerError as error:
            failed = str(error)
        if line.ask(TickOver(bool(daemon._epochs), failed, *_held())) is Order.END:
            break
    cycle.look(post.parts)
    opened.close()


def _obey(order: Order) -> None:
    match order:
        case Order.DIE:
            os.kill(os.getpid(), signal.SIGKILL)
        case Order.STAND_STILL:
            os.kill(os.getpid(), signal.SIGSTOP)


def _held() -> "tuple[int, int]":
    """Memory that is resident, in KiB, and open descriptors; nought where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return pages * _PAGE_KIB, len(os.listdir("/proc/self/fd"))  # noqa: PTH208  # names alone
    except OSError:
        return 0, 0


@dataclass(frozen=True, slots=True)
class _Clock:
    time: SharedTime
    skew: timedelta

    def now(self) -> datetime:
        return self.time.now() + self.skew


@dataclass(frozen=True, slots=True)
class Remote:
    """An `Adapter` whose every call goes over the line."""

    line: Line

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            match self.line.ask(Asks(name, arguments)):
                case Answer(value):
                    return value
                case Raised() as raised:
                    raise raised.error

        return call


class Witness:
    """The ledger; each commit that decides something is told before and after."""

    def __init__(self, ledger: Ledger, line: Line) -> None:
        self._ledger = ledger
        self._line = line

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)

    def take_lead(self, account: AccountId, host: str, pid: int, at: datetime) -> int:
        epoch: int = self._told(Writes(), self._ledger.take_lead, account, host, pid, at)
        self._line.say(Wrote(epoch))
        return epoch

    def advance(self, steps: Sequence[Step], at: datetime, *, epoch: int) -> None:
        if not steps:
            self._ledger.advance(steps, at, epoch=epoch)
            return
        self._told(Writes(tuple(steps), at), lambda: self._ledger.advance(steps, at, epoch=epoch))
        self._line.say(Wrote())

    def record_approval(self, approval: Approval, steps: Sequence[Step], *, known: int | None = None) -> bool:
        record = self._ledger.plan(approval.fingerprint)
        assert record is not None, "an approval of an unknown plan is refused"
        changes = tuple(record.changes[id_].change for id_ in sorted(approval.approved))
        about = Writes(tuple(steps), approval.at, approval.plan_id, changes)
        stored: bool = self._told(about, lambda: self._ledger.record_approval(approval, steps, known=known))
        self._line.say(Wrote())
        return stored

    def _told(self, about: Writes, write: Callable[..., Any], *arguments: Any) -> Any:
        self._line.ask(about)
        try:
            return write(*arguments)
        except Exception:
            self._line.say(Refused())
            raise
