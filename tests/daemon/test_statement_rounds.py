"""The daily statement in the daemon's rounds."""

from pathlib import Path

from live import live
from test_rounds import Watch

from agent.domain.lever import Lever
from agent.domain.money import Money
from agent.domain.plan import Change
from agent.domain.record import RunKind


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
