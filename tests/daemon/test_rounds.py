"""Rounds of the daemon on a stepped clock: what happens at each tick, and what does not."""

from dataclasses import dataclass, field, replace
from datetime import time, timedelta
from pathlib import Path

from live import Live, live
from structlog.testing import capture_logs

from agent import cycle
from agent.clock import SteppedClock
from agent.config.accounts import Schedule
from agent.daemon.daemon import Daemon
from agent.daemon.rounds import Post
from agent.domain.outcome import State
from agent.domain.record import Halt, PlanRecord, RunKind
from agent.steps.approve import Nobody
from simulations.faults import Befalls, Faulty


@dataclass
class Watch:
    """A daemon on an account, driven tick by tick."""

    account: Live
    state: Path
    carries_out: bool = True
    told: list[tuple[str, PlanRecord]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.daemon = self.start()

    def start(self) -> Daemon:
        post = Post(
            self.account.parts,
            Schedule(decide_at=time(6, 0)),
            self.carries_out,
            lambda what, record: self.told.append((what, record)),
        )
        return Daemon([post], self.account.parts.ledger, self.account.clock, self.state)

    def tick(self, **span: float) -> None:
        self.account.step(**span)
        self.daemon.tick()

    def runs(self, kind: RunKind) -> list[str]:
        found = self.account.parts.ledger.runs(self.account.parts.account, kind, limit=100)
        return [run.slot for run in found][::-1]


def test_it_observes_hourly_and_decides_daily(tmp_path: Path) -> None:
    """However often it ticks."""
    watch = Watch(live(("1.01", "0.99", None)), tmp_path)

    for _ in range(3 * 24 * 4):
        watch.tick(minutes=15)

    assert len(watch.runs(RunKind.OBSERVE)) in (72, 73)
    assert watch.runs(RunKind.DECIDE) == ["2026-11-21", "2026-11-22", "2026-11-23", "2026-11-24"]
    assert [what for what, _ in watch.told].count("drawn up") == 4


def test_what_is_approved_is_carried_out_at_the_next_tick(tmp_path: Path) -> None:
    """And only then."""
    watch = Watch(live(("1.1", "0.8", None)), tmp_path)
    before = watch.account.budgets()

    watch.tick()
    assert watch.account.budgets() != before

    what, record = watch.told[-1]
    assert what == "carried out"
    assert {item.state for item in record.changes.values()} == {State.APPLIED}


def test_on_probation_nothing_is_carried_out(tmp_path: Path) -> None:
    """Approved or not."""
    watch = Watch(live(("1.1", "0.8", None)), tmp_path, carries_out=False)
    before = watch.account.budgets()

    for _ in range(10):
        watch.tick(minutes=1)

    assert watch.account.budgets() == before


def test_a_platform_that_is_down_is_asked_again_and_decides_once_it_is_back(tmp_path: Path) -> None:
    """The day is not lost; nothing is decided on what is not known."""
    account = live(("1.1", "0.8", None))
    account.give(reader=Faulty(account.adapter, reads=[Befalls.UNREACHABLE] * 6))
    watch = Watch(account, tmp_path)

    for _ in range(12):
        watch.tick(minutes=1)

    assert [what for what, _ in watch.told].count("drawn up") == 1


def test_a_halt_lets_it_look_but_not_touch(tmp_path: Path) -> None:
    """Plans go on being drawn up; nothing is sent until somebody resumes."""
    account = live(("1.1", "0.8", None))
    before = account.budgets()
    account.stopped.append("halted by anna")
    watch = Watch(account, tmp_path)

    for _ in range(5):
        watch.tick(minutes=1)

    assert account.budgets() == before
    account.stopped.clear()
    watch.tick(minutes=1)
    assert account.budgets() != before


def test_a_run_that_a_dead_daemon_left_unfinished_is_taken_up_once(tmp_path: Path) -> None:
    """kill -9 between the claim and the plan costs nothing but a moment."""
    account = live(("1.1", "0.8", None))
    account.parts.ledger.begin_run(account.parts.account, RunKind.DECIDE, "2026-11-21", account.clock.now())
    watch = Watch(account, tmp_path)

    for _ in range(3):
        watch.tick(minutes=1)

    assert [what for what, _ in watch.told].count("drawn up") == 1


def test_two_daemons_do_not_both_work(tmp_path: Path) -> None:
    """The second waits, and takes over when the first is gone."""
    account = live(("1.1", "0.8", None))
    account.give(approver=Nobody())
    first, second = Watch(account, tmp_path), Watch(account, tmp_path)

    first.tick()
    second.tick()
    assert second.told == []

    first.daemon._leases.release()
    second.tick(days=1)
    assert [what for what, _ in second.told] == ["drawn up"]


def test_it_leaves_a_sign_of_life(tmp_path: Path) -> None:
    """What status reads."""
    watch = Watch(live(), tmp_path)

    watch.tick(minutes=1)

    parts = watch.account.parts
    beat = parts.ledger.heartbeats()[0]
    assert (beat.at, beat.accounts) == (watch.account.clock.now(), (parts.account,))
    assert parts.ledger.epoch(parts.account) == 1


def test_a_halt_in_the_ledger_stops_a_send_that_passed_the_first_check(tmp_path: Path) -> None:
    """The ledger itself refuses the step to SENDING."""
    account = live(("1.1", "0.8", None))
    account.parts.ledger.halt(Halt("anna", account.clock.now(), "no"))
    before = account.budgets()
    watch = Watch(account, tmp_path)

    watch.tick(minutes=1)

    assert account.budgets() == before
    account.parts.ledger.resume("anna", account.clock.now() + timedelta(minutes=1))
    watch.tick(minutes=2)
    assert account.budgets() != before


def test_an_agent_shows_that_it_lives_before_its_first_round_ends(tmp_path: Path) -> None:
    """The first reading of a large account takes long; a machine that joins then must not take over."""
    account = live(("1.1", "0.8", None))
    beats: list[int] = []

    class Slow:
        """The account's reader, which looks who lives while it reads."""

        def __getattr__(self, name: str) -> object:
            beats.append(len(account.parts.ledger.heartbeats()))
            return getattr(account.adapter, name)

    account.give(reader=Slow())

    Watch(account, tmp_path).tick()

    assert beats[0] == 1


def test_who_was_taken_over_while_it_looked_is_deposed_and_nothing_has_failed(tmp_path: Path) -> None:
    """The new leader has recorded a later moment: what the old one saw comes too late."""
    watch = Watch(live(("1.1", "0.8", None)), tmp_path)
    watch.tick()
    parts = watch.account.parts
    later = SteppedClock(parts.clock.now() + timedelta(hours=3))
    parts.ledger.take_lead(parts.account, "there", 2, later.now())
    cycle.look(replace(parts, clock=later))

    with capture_logs() as events:
        watch.account.step(hours=2)
        watch.daemon._visit(watch.daemon._posts[0])

    assert [event["event"] for event in events if event["log_level"] != "debug"] == ["account.taken_over"]
    assert parts.account not in watch.daemon._epochs
