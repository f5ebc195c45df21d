"""The daemon: APScheduler as a metronome and nothing more, with a watchdog in the main thread."""

import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import structlog
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler

from agent import cycle
from agent.daemon.leader import LeaderLock
from agent.daemon.pauses import Pauses
from agent.daemon.rounds import Post
from agent.daemon.visits import visit
from agent.domain.errors import LedgerError
from agent.domain.points import Point
from agent.domain.record import Heartbeat
from agent.domain.ref import AccountId
from agent.ports import Clock, Ledger

_log = structlog.get_logger()

TICK_S = 60.0
HUNG_AFTER_S = 900.0
LEDGER_FAILURES = 5


class Daemon:
    """Ticks for all accounts until it is told to end.

    One tick at a time: APScheduler skips a tick while the one before still runs. The state
    is all in the ledger; a daemon that was killed goes on where it stood.
    """

    def __init__(
        self,
        posts: Sequence[Post],
        ledger: Ledger,
        clock: Clock,
        state: Path,
        *,
        tick_s: float = TICK_S,
        hung_after_s: float = HUNG_AFTER_S,
        before_tick: Callable[[], None] = lambda: None,
    ) -> None:
        self._posts = posts
        self._ledger = ledger
        self._clock = clock
        self._lock = LeaderLock(state)
        self._state = state
        self._pauses: Pauses | None = None
        self._tick_s = tick_s
        self._hung_after_s = tick_s + hung_after_s  # a tick is silent until the next one begins
        self._before_tick = before_tick
        self._end = threading.Event()
        self._failed = ""
        self._ledger_failures = 0
        self._alive_at = time.monotonic()
        self._epochs: dict[AccountId, int] = {}
        self._waits = False

    def run(self) -> int:
        """Run until SIGTERM, SIGINT or a failure. Returns: the exit status, 0 when told to end."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._end.set())
        scheduler = BackgroundScheduler(
            timezone=UTC,
            jobstores={"default": MemoryJobStore()},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        # A tick that is skipped while the one before still runs is as it should be.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        scheduler.start()
        scheduler.add_job(
            self._tick_safely, "interval", seconds=self._tick_s, next_run_time=datetime.now(UTC)
        )
        _log.info("daemon.started", accounts=len(self._posts), tick_s=self._tick_s)
        while not self._end.wait(timeout=min(self._tick_s, 1.0)):
            if time.monotonic() - self._alive_at > self._hung_after_s:
                _log.error("daemon.hung", silent_s=round(time.monotonic() - self._alive_at))
                os._exit(3)  # the hung thread would keep a clean exit waiting for ever
        scheduler.pause()
        scheduler.shutdown(wait=True)
        self._lock.release()
        _log.info("daemon.ended", because=self._failed or "told to end")
        return 1 if self._failed else 0

    def tick(self) -> None:
        """One tick: lead or wait, go round all accounts, leave a sign of life.

        Raises:
            LedgerError: The memory failed.
        """
        if not self._leads():
            return
        assert self._pauses is not None
        self._before_tick()
        for post in self._posts:
            if self._end.is_set():
                break
            visit(post, self._epochs[post.parts.account], self._pauses, self._clock)
            self._alive_at = time.monotonic()
        host, pid = socket.gethostname(), os.getpid()
        self._ledger.beat(Heartbeat(self._clock.now(), host, pid, tuple(sorted(self._epochs))))

    def _leads(self) -> bool:
        """Take the lead if it is free; a new leader first takes up what a dead one left behind."""
        if self._epochs and self._lock.held:
            return True
        if not self._lock.take():
            if not self._waits:
                _log.info("daemon.waits", because="another gebot leads")
            self._waits = True
            return False
        self._waits = False
        self._before_tick()
        self._epochs = {}  # until all is taken up, so that a ledger that fails here is asked again
        epochs = {post.parts.account: self._take(post) for post in self._posts}
        adrift = sum(cycle.recover(post.parts, epoch=epochs[post.parts.account]) for post in self._posts)
        self._pauses = Pauses(self._state, self._clock.now())
        self._epochs = epochs
        _log.info("daemon.leads", accounts=len(epochs), adrift=adrift)
        return True

    def _take(self, post: Post) -> int:
        parts = post.parts
        epoch = self._ledger.take_lead(parts.account, socket.gethostname(), os.getpid(), self._clock.now())
        parts.reached(Point.LED)
        return epoch

    def _tick_safely(self) -> None:
        """A tick that outlives a ledger that fails for a while, and ends the daemon when it stays so."""
        try:
            self.tick()
            self._ledger_failures = 0
        except LedgerError as error:
            self._ledger_failures += 1
            _log.error("ledger.failed", error=str(error), times=self._ledger_failures)
            if self._ledger_failures >= LEDGER_FAILURES:
                self._fail(f"the ledger failed {self._ledger_failures} times: {error}")
        except BaseException as error:  # noqa: BLE001  # APScheduler would swallow it, a Rust panic too
            _log.exception("daemon.failed")
            self._fail(repr(error))
        finally:
            self._alive_at = time.monotonic()

    def _fail(self, because: str) -> None:
        self._failed = because
        self._end.set()
