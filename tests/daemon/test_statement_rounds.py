"""The daily statement in the daemon's rounds."""

from datetime import timedelta
from pathlib import Path

from live import live
from test_rounds import Watch

from agent.domain.lever import Lever
from agent.domain.money import Money
from agent.domain.plan import Change
from agent.domain.record import Halt, RunKind
from agent.reckoning import hold_against
from agent.steps.statement import Span


def test_the_daemon_asks_once_a_day_and_stands_still_over_a_difference(tmp_path: Path) -> None:
    """From four in the morning, for the day before; only a person ends the halt."""
    watch = Watch(live(("1.1", "0.8", None)), tmp_path)
    account = watch.account
    watch.tick()
    for _ in range(3):
        watch.tick(hours=10)
    assert watch.runs(RunKind.STATEMENT) == ["2026-11-21", "2026-11-22"]
    ref = account.adapter.entities().ref(2)
    stands = account.adapter.read([(ref, Lever.DAILY_BUDGET)])[ref, Lever.DAILY_BUDGET]
    assert isinstance(stands, Money)
    account.adapter.apply([Change(ref, Lever.DAILY_BUDGET, stands, stands + Money.of(1, "EUR"))])

    watch.tick(hours=20)
    halt = account.parts.ledger.halted(account.parts.account)
    assert halt is not None and "2026-11-22 differs" in halt.because
    account.parts.ledger.resume("ada", account.clock.now(), account.parts.account)
    watch.tick(minutes=1)

    assert account.parts.ledger.halted(account.parts.account) is None


def test_days_without_an_agent_are_stated_when_it_is_back(tmp_path: Path) -> None:
    """What was sent on the last day before would never be held against the platform."""
    watch = Watch(live(("1.1", "0.8", None)), tmp_path)
    watch.tick()

    watch.tick(days=4)
    for _ in range(6):
        watch.tick(minutes=1)

    days = ["2026-11-21", "2026-11-22", "2026-11-23", "2026-11-24", "2026-11-25"]
    assert watch.runs(RunKind.STATEMENT) == days


def test_a_year_without_an_agent_is_not_stated_day_by_day(tmp_path: Path) -> None:
    """Platforms do not tell of days long past."""
    watch = Watch(live((None, None, None)), tmp_path)
    watch.tick()

    watch.tick(days=100)
    for _ in range(20):
        watch.tick(minutes=1)

    assert watch.runs(RunKind.STATEMENT)[1] == "2027-02-15"


def test_a_difference_is_no_second_halt_behind_one_of_everything() -> None:
    """The account's own halt stands as a person said it; without one, it gets one of its own."""
    account = live(("1.1", "0.8", None))
    account.plan()
    ledger, now = account.parts.ledger, account.clock.now()
    ref = account.adapter.entities().ref(2)
    stands = account.adapter.read([(ref, Lever.DAILY_BUDGET)])[ref, Lever.DAILY_BUDGET]
    assert isinstance(stands, Money)
    account.step(hours=3)
    account.adapter.apply([Change(ref, Lever.DAILY_BUDGET, stands, stands + Money.of(1, "EUR"))])
    ledger.halt(Halt("ada", now, "a holiday"))
    span = Span(now.date(), now, account.clock.now() + timedelta(hours=1))

    hold_against(account.parts, span)
    hold_against(account.parts, span)

    halts = [one.halt for one in ledger.haltings(account.parts.account)]
    assert [halt.account for halt in halts] == [None, account.parts.account]
