"""A stop holds whatever else is broken: after it nothing leaves but the call that is under way."""

import os
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import time
from pathlib import Path
from typing import Any

import pytest
from live import Live, live

from adapters.wrappers.retrying import Patience, retrying, sleep_unless
from agent import stop
from agent.config.accounts import Schedule
from agent.daemon.daemon import Daemon
from agent.daemon.orders import Orders
from agent.daemon.rounds import Post
from agent.domain.errors import GebotError, LedgerError, Unreachable
from agent.domain.outcome import Receipt
from agent.domain.plan import Change
from agent.domain.record import Halt
from agent.emergency import Emergency
from simulations.faults import Faulty


class Broken:
    """A ledger that can be broken: no call of it is answered then."""

    def __init__(self, ledger: Any) -> None:
        self._ledger = ledger
        self.broken = ""

    def __getattr__(self, name: str) -> Any:
        if self.broken:
            return self._fail
        return getattr(self._ledger, name)

    def _fail(self, *_: object, **__: object) -> None:
        raise LedgerError(self.broken)


class Journal(Faulty):
    """A platform that writes down what reaches it, and lets a test act while a call is under way."""

    def __init__(self, adapter: Any) -> None:
        super().__init__(adapter)
        self.sent: list[str] = []
        self.during: Callable[[], None] = lambda: None
        self.gone = False

    def apply(self, changes: Sequence[Change]) -> Sequence[Receipt]:
        self.sent += [change.id for change in changes]
        receipts = super().apply(changes)
        self.during()
        return receipts

    def account(self) -> Any:
        if self.gone:
            raise Unreachable("simulated:demo", "no route to host")
        return super().account()


class Scene:
    """A daemon with cuts and raises to send, which it does in two calls."""

    def __init__(self, folder: Path) -> None:
        self.state = folder / "var"
        self.state.mkdir()
        self.account: Live = live(("1.1", "0.8", None))
        self.ledger = Broken(self.account.parts.ledger)
        self.platform = Journal(self.account.adapter)
        self.orders = Orders(self.state)
        self.account.give(
            ledger=self.ledger,
            reader=self.platform,
            writer=self.platform,
            check_stop=lambda: stop.check(self.state, self.ledger, self.account.parts.account),  # type: ignore[arg-type]
            unrecorded=Emergency(self.state).keep,
        )
        post = Post(self.account.parts, Schedule(decide_at=time(6, 0)), True, lambda _what, _record: None)
        self.daemon = Daemon(
            [post], self.account.parts.ledger, self.account.clock, self.state, orders=self.orders
        )

    def ticks(self, n: int = 3) -> None:
        for _ in range(n):
            self.account.step(minutes=1)
            with suppress(GebotError):  # the daemon's own loop outlives it, too
                self.daemon.tick()


def by_file(scene: Scene) -> None:
    stop.put_up(scene.state, "halted by anna: no")


def by_ledger(scene: Scene) -> None:
    scene.account.parts.ledger.halt(Halt("anna", scene.account.clock.now(), "no"))


def by_account(scene: Scene) -> None:
    account = scene.account.parts.account
    scene.account.parts.ledger.halt(Halt("anna", scene.account.clock.now(), "no", account))


def by_signal(scene: Scene) -> None:
    scene.orders._halt(10, None)


def by_the_end(scene: Scene) -> None:
    scene.orders.end()


STOPS = [by_file, by_ledger, by_account, by_signal, by_the_end]


@pytest.mark.parametrize("order", STOPS)
def test_after_a_stop_only_the_call_under_way_reaches_the_platform(
    tmp_path: Path, order: Callable[[Scene], None]
) -> None:
    """By file, by ledger, for one account, by signal: the raises that wait their turn stay where they are."""
    scene = Scene(tmp_path)
    scene.platform.during = lambda: order(scene)

    scene.ticks()

    assert len(scene.platform.sent) == 1


def locked(scene: Scene) -> None:
    scene.ledger.broken = "database is locked"


def full(scene: Scene) -> None:
    scene.ledger.broken = "database or disk is full"


def unreachable(scene: Scene) -> None:
    scene.platform.gone = True


def gone(scene: Scene) -> None:
    scene.state.rename(scene.state.with_name("elsewhere"))


def unreadable(scene: Scene) -> None:
    (scene.state / "STOP").unlink(missing_ok=True)
    (scene.state / "STOP").mkdir()


BREAKS = [locked, full, unreachable, gone, unreadable]


@pytest.mark.parametrize("breaks", BREAKS)
@pytest.mark.parametrize("order", [by_file, by_signal])
def test_a_stop_holds_with_any_dependency_broken(
    tmp_path: Path, order: Callable[[Scene], None], breaks: Callable[[Scene], None]
) -> None:
    """Ledger locked or full, platform or state folder gone, stop file unreadable: the journal is silent."""
    scene = Scene(tmp_path)

    def happen() -> None:
        order(scene)
        breaks(scene)

    scene.platform.during = happen

    scene.ticks()
    scene.ledger.broken = ""
    scene.platform.gone = False
    scene.ticks()

    assert len(scene.platform.sent) == 1


@pytest.mark.parametrize("breaks", [unreadable, gone])
def test_what_cannot_be_read_is_a_stop(tmp_path: Path, breaks: Callable[[Scene], None]) -> None:
    """Nobody said stop, but nobody can tell that nobody did."""
    scene = Scene(tmp_path)
    breaks(scene)

    scene.ticks()

    assert scene.platform.sent == []


def test_a_stop_is_not_swallowed_by_a_loop_that_goes_on_after_errors_hummingbot_2534(tmp_path: Path) -> None:
    """There a stop was raised inside a loop that caught everything, and the next order went out.

    Here the platform fails in the very call in which the stop arrives.
    """
    scene = Scene(tmp_path)

    def fail() -> None:
        by_file(scene)
        raise RuntimeError("an error of the platform's client that nobody foresaw")

    scene.platform.during = fail

    scene.ticks(5)

    assert len(scene.platform.sent) == 1


def test_a_stop_outlives_a_restart(tmp_path: Path) -> None:
    """Only a person takes it down."""
    scene = Scene(tmp_path)
    by_signal(scene)
    scene.orders.write_down()
    post = Post(scene.account.parts, Schedule(decide_at=time(6, 0)), True, lambda _what, _record: None)
    scene.daemon._leases.release()
    scene.daemon = Daemon([post], scene.account.parts.ledger, scene.account.clock, scene.state)

    scene.ticks()
    assert scene.platform.sent == []
    stop.take_down(scene.state)
    scene.ticks()

    assert scene.platform.sent != []


def test_a_halt_by_signal_holds_until_it_can_be_written_down(tmp_path: Path) -> None:
    """A state folder that cannot be written at that moment is no way around it."""
    scene = Scene(tmp_path)
    elsewhere = scene.state.with_name("elsewhere")
    scene.state.rename(elsewhere)
    scene.state.touch()  # a file is in the folder's place
    by_signal(scene)
    scene.orders.write_down()
    scene.state.unlink()
    elsewhere.rename(scene.state)

    scene.ticks()
    assert scene.platform.sent == []
    scene.orders.write_down()

    assert stop.reason_to_stop(scene.state) == "halted by signal SIGUSR1"


def test_a_full_disk_stops_before_the_send_not_after(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What could not be written down is not sent."""
    scene = Scene(tmp_path)
    free = os.statvfs(tmp_path)
    monkeypatch.setattr(stop, "LEAST_FREE_BYTES", free.f_bavail * free.f_frsize * 2)

    scene.ticks()

    assert scene.platform.sent == []
    assert "are free in" in stop.reason_to_stop(scene.state)


def test_the_end_is_not_held_up_by_a_read_that_waits(tmp_path: Path) -> None:
    """A read that is to be tried again in a minute is given up as soon as the end is ordered."""
    scene = Scene(tmp_path)
    hurry = scene.orders.hurry
    patience = Patience(first_s=60.0, longest_s=60.0, hurry=hurry, sleep=sleep_unless(hurry))
    scene.platform.gone = True
    reading = threading.Thread(target=lambda: _reads(scene, patience), daemon=True)

    reading.start()
    scene.orders.end()
    reading.join(timeout=20)

    assert not reading.is_alive()


def _reads(scene: Scene, patience: Any) -> None:
    with suppress(Unreachable):
        retrying(scene.platform, patience).account()
