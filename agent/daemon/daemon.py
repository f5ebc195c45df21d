"""The daemon: APScheduler as a metronome and nothing more, with a watchdog in the main thread."""

import logging
import os
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import structlog
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler

from agent import settling
from agent.daemon.leader import FileLeases
from agent.daemon.orders import Orders
from agent.daemon.pauses import Pauses
from agent.daemon.rounds import Post
from agent.daemon.taking_up import take_up
from agent.daemon.visits import visit
from agent.domain.errors import Deposed, LedgerError
from agent.domain.points import Point
from agent.domain.record import Heartbeat
from agent.domain.ref import AccountId
from agent.emergency import Emergency
from agent.ports.clock import Clock
from agent.ports.leases import Leases
from agent.ports.ledger import Ledger

_log = structlog.get_logger()

TICK_S = 60.0
HUNG_AFTER_S = 900.0
LEDGER_FAILURES = 5


class Daemon:
    """Ticks for all accounts until it is told to end.

    One tick at a time: APScheduler skips a tick while the one before still runs. The state
    is all in the ledger; a daemon that was killed goes on where it stood. Of several daemons
    each works on the accounts that it holds the lease of; the others wait for theirs.
    """

    def __init__(
        self,
        posts: Sequence[Post],
        ledger: Ledger,
        clock: Clock,
        state: Path,
        *,
        leases: Leases | None = None,
        orders: Orders | None = None,
        tick_s: float = TICK_S,
        hung_after_s: float = HUNG_AFTER_S,
        before_tick: Callable[[], None] = lambda: None,
        machine: str | None = None,
    ) -> None:
        """Call nothing yet.

        Args:
            machine: What the ledger calls where we work; None: the host's name.
        """
        self._leases = FileLeases(state) if leases is None else leases
        self._orders = Orders(state) if orders is None else orders
        self._posts = [self._guarded(post) for post in posts]
        self._ledger = ledger
        self._clock = clock
        self._state = state
        self._machine = socket.gethostname() if machine is None else machine
        self._pauses: Pauses | None = None
        self._tick_s = tick_s
        self._hung_after_s = tick_s + hung_after_s  # a tick is silent until the next one begins
        self._before_tick = before_tick
        self._failed = ""
        self._ledger_failures = 0
        self._alive_at = self._beat_at = time.monotonic()
        self._epochs: dict[AccountId, int] = {}
        self._waits = False

    def run(self) -> int:
        """Run until SIGTERM, SIGINT or a failure. Returns: the exit status, 0 when told to end."""
        self._orders.listen()
        try:
            Emergency(self._state).set_apart()
        except (OSError, ValueError) as error:
            _log.warning("emergency.no_room", error=str(error))
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
        while not self._orders.wait(min(self._tick_s, 1.0)):
            if time.monotonic() - self._alive_at > self._hung_after_s:
                _log.error("daemon.hung", silent_s=round(time.monotonic() - self._alive_at))
                os._exit(3)  # the hung thread would keep a clean exit waiting for ever
        scheduler.pause()
        scheduler.shutdown(wait=True)
        self._part()
        _log.info("daemon.ended", because=self._failed or "told to end")
        return 1 if self._failed else 0

    def tick(self) -> None:
        """One tick: lead or wait, go round the accounts that are ours, leave a sign of life.

        Raises:
            LedgerError: The memory failed, or what keeps the leases.
        """
        self._lead()
        self._beat()
        if self._epochs:
            self._before_tick()
        for post in self._posts:
            if self._orders.ended:
                break
            self._visit(post)
            self._alive_at = time.monotonic()
            if self._alive_at - self._beat_at > TICK_S:
                self._beat()
        self._beat()

    def _beat(self) -> None:
        """Leave a sign of life: a machine that joins must see it, however long a round takes."""
        accounts = tuple(sorted(self._epochs))
        self._ledger.beat(Heartbeat(self._clock.now(), self._machine, os.getpid(), accounts))
        self._beat_at = time.monotonic()

    def _guarded(self, post: Post) -> Post:
        """The post, at which nothing is sent without the lease or against an order."""
        parts = post.parts

        def check_stop() -> None:
            self._orders.check()
            parts.check_stop()
            if not self._leases.holds(parts.account):
                raise Deposed(f"{parts.account}: the lease was lost; nothing was sent")

        return replace(post, parts=replace(parts, check_stop=check_stop))

    def _lead(self) -> None:
        """Take the lead of what is ours; a new leader first takes up what a dead one left behind."""
        try:
            held = self._leases.hold([post.parts.account for post in self._posts])
        except LedgerError:
            self._epochs.clear()
            raise
        for account in sorted(self._epochs.keys() - held):
            del self._epochs[account]
            _log.info("account.given_up", account=str(account))
        if held and not self._epochs:
            self._beat()  # a machine that joins now must not find decisions and nobody who lives
        if held and self._pauses is None:
            self._before_tick()
            self._pauses = Pauses(self._state, self._clock.now())
        for post in self._posts:
            if post.parts.account in held and post.parts.account not in self._epochs:
                self._take(post)
        if not held and not self._waits and self._posts:
            _log.info("daemon.waits", because="another gebot leads")
        self._waits = not held

    def _take(self, post: Post) -> None:
        """Fence out whoever led before; a ledger that fails here is asked again at the next tick."""
        parts = post.parts
        epoch = self._ledger.take_lead(parts.account, self._machine, os.getpid(), self._clock.now())
        parts.reached(Point.LED)
        take_up(parts, Emergency(self._state), epoch=epoch)
        adrift = settling.recover(parts, epoch=epoch)
        self._epochs[parts.account] = epoch
        _log.info("daemon.leads", account=str(parts.account), epoch=epoch, adrift=adrift)

    def _visit(self, post: Post) -> None:
        account = post.parts.account
        if account not in self._epochs:
            return
        assert self._pauses is not None, "who leads an account has read the pauses"
        try:
            visit(post, self._epochs[account], self._pauses, self._clock)
        except Deposed as deposed:
            del self._epochs[account]
            _log.warning("account.taken_over", account=str(account), because=str(deposed))
        except LedgerError:
            del self._epochs[account]  # what was broken off is taken up when it is led anew
            raise

    def _part(self) -> None:
        """Leave nothing behind that looks like life."""
        self._leases.release()
        try:
            self._ledger.leave(self._machine, os.getpid())
        except LedgerError as error:
            _log.warning("ledger.failed", error=str(error))

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
        self._orders.end()
