"""Bad days: what a daemon outlives without losing a day or an outcome, and what ends it."""

import signal
import subprocess
import sys
from datetime import time
from pathlib import Path
from typing import Any

import pytest
from live import Live, live
from polars.exceptions import PanicException

from agent.config.accounts import Schedule
from agent.daemon.daemon import Daemon
from agent.daemon.rounds import Post
from agent.domain.errors import LedgerError, PlatformError, Unreachable
from agent.domain.outcome import State
from agent.domain.record import PlanRecord, RunKind
from agent.steps.approve import Nobody
from simulations.faults import Faulty


class Failing:
    """A ledger whose method fails the first time."""

    def __init__(self, ledger: Any, method: str) -> None:
        self._ledger = ledger
        self._method = method

    def __getattr__(self, name: str) -> Any:
        if name == self._method:
            self._method = ""
            return self._fail
        return getattr(self._ledger, name)

    def _fail(self, *_: object, **__: object) -> None:
        raise LedgerError("database is locked")


class Watch:
    """A daemon on one account, and what it told of its plans."""

    def __init__(self, account: Live, state: Path) -> None:
        self.account = account
        self.told: list[tuple[str, PlanRecord]] = []
        post = Post(
            account.parts,
            Schedule(decide_at=time(6, 0)),
            True,
            lambda what, record: self.told.append((what, record)),
        )
        self.daemon = Daemon([post], account.parts.ledger, account.clock, state)

    def tick(self, **span: float) -> None:
        self.account.step(**span)
        self.daemon.tick()


def test_a_database_that_is_locked_for_a_moment_costs_no_day(tmp_path: Path) -> None:
    """The decision that it broke is made at the next tick."""
    account = live()
    account.give(ledger=Failing(account.parts.ledger, "record_plan"), approver=Nobody())
    watch = Watch(account, tmp_path)
    with pytest.raises(LedgerError):
        watch.tick()

    watch.tick(minutes=1)
    watch.tick(minutes=1)

    assert [what for what, _ in watch.told] == ["drawn up"]


def test_a_decision_that_failed_yesterday_brings_none_forward(tmp_path: Path) -> None:
    """Yesterday's is made up for at night, today's waits for its hour."""
    account = live()
    account.give(approver=Nobody())
    ledger, id_ = account.parts.ledger, account.parts.account
    for slot, error in (("2026-11-20", ""), ("2026-11-21", "the platform did not answer")):
        ledger.begin_run(id_, RunKind.DECIDE, slot, account.clock.now())
        ledger.finish_run(id_, RunKind.DECIDE, slot, account.clock.now(), error)
        account.step(minutes=1)
    watch = Watch(account, tmp_path)

    watch.tick(hours=20)

    runs = ledger.runs(id_, RunKind.DECIDE)
    assert {run.slot: run.error for run in runs} == {"2026-11-20": "", "2026-11-21": ""}


def test_an_account_that_can_only_be_read_does_not_end_the_daemon(tmp_path: Path) -> None:
    """Somebody approved a plan for an export: nobody can carry it out, and it expires."""
    account = live(("1.1", "0.8", None))
    account.give(writer=None)
    watch = Watch(account, tmp_path)

    watch.tick()
    watch.tick(hours=25)

    first = watch.told[0][1].plan.fingerprint
    record = account.parts.ledger.plan(first)
    assert record is not None
    assert {item.state for item in record.changes.values()} == {State.EXPIRED}


def test_a_new_leader_that_could_not_take_up_what_was_left_tries_again(tmp_path: Path) -> None:
    """It leads only when nothing of its predecessor is left in SENDING."""
    account = live((None, "0.8", None))

    class Killed(SystemExit):
        """What kill -9 looks like from inside, as far as anything can."""

    class Dying(Faulty):
        def apply(self, changes: Any) -> Any:
            raise Killed

    account.give(writer=Dying(account.adapter))
    killed = Watch(account, tmp_path)
    with pytest.raises(Killed):
        killed.tick()
    killed.daemon._leases.release()
    account.give(writer=account.adapter, ledger=Failing(account.parts.ledger, "advance"))
    watch = Watch(account, tmp_path)
    with pytest.raises(LedgerError):
        watch.tick()

    watch.tick(minutes=1)

    (record,) = account.parts.ledger.plans(account.parts.account, only_open=True)
    assert {item.state for item in record.changes.values()} == {State.UNKNOWN}


def test_what_was_carried_out_is_told_though_the_platform_fell_silent_after_it(tmp_path: Path) -> None:
    """The log of plans must not end with a plan that waits, when it was applied."""
    account = live((None, "0.8", None))

    class SilentAfterwards(Faulty):
        silent = False

        def apply(self, changes: Any) -> Any:
            receipts = super().apply(changes)
            self.silent = True
            return receipts

        def account(self) -> Any:
            if self.silent:
                raise Unreachable("simulated:demo", "the connection was reset")
            return super().account()

    platform = SilentAfterwards(account.adapter)
    account.give(reader=platform, writer=platform)
    watch = Watch(account, tmp_path)

    watch.tick()

    what, record = watch.told[-1]
    assert what == "carried out"
    assert [item.state for item in record.changes.values()] == [State.APPLIED]


def test_one_account_that_fails_holds_up_no_other(tmp_path: Path) -> None:
    """Two accounts in one daemon: the platform of the first is down."""
    down, up = live(), live()

    class Down(Faulty):
        def account(self) -> Any:
            raise PlatformError("simulated:demo", "down")

    down.give(reader=Down(down.adapter))
    told: list[str] = []
    posts = [
        Post(one.parts, Schedule(), True, lambda what, _, name=name: told.append(f"{name}: {what}"))
        for name, one in (("down", down), ("up", up))
    ]
    daemon = Daemon(posts, up.parts.ledger, up.clock, tmp_path)

    daemon.tick()

    assert told == ["up: drawn up", "up: carried out"]


def test_a_panic_outside_of_all_accounts_ends_the_daemon_instead_of_silencing_it(tmp_path: Path) -> None:
    """Not even what is no Exception may leave a daemon that ticks and does nothing."""

    def panic() -> None:
        raise PanicException("index out of bounds")

    account = live()
    post = Post(account.parts, Schedule(), True, lambda _what, _record: None)
    daemon = Daemon([post], account.parts.ledger, account.clock, tmp_path, before_tick=panic)
    ordered = (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1)
    handlers = {number: signal.getsignal(number) for number in ordered}

    status = daemon.run()

    for number, handler in handlers.items():
        signal.signal(number, handler)
    assert status == 1


def test_ticks_that_are_rarer_than_the_watchdog_looks_do_not_end_the_daemon(tmp_path: Path) -> None:
    """It waits for a tick longer than a hung one may take."""
    code = (
        "import pathlib, sys; from agent.clock import SystemClock; from agent.daemon.daemon import Daemon;"
        "from agent.ledger.memory.ledger import MemoryLedger;"
        "state = pathlib.Path(sys.argv[1]);"
        "daemon = Daemon([], MemoryLedger(), SystemClock(), state, tick_s=30, hung_after_s=0.2);"
        "print('ready', flush=True); sys.exit(daemon.run())"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=2.5)
        process.send_signal(signal.SIGTERM)

        assert process.wait(timeout=10) == 0
