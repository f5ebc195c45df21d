"""A tracking break lived through by the daemon: found, kept over a restart, told, and ended by itself."""

from dataclasses import dataclass
from datetime import time, timedelta
from pathlib import Path

import pytest
from live import Live, live

from agent import cycle
from agent.config.accounts import Schedule
from agent.daemon.daemon import Daemon
from agent.daemon.leader import FileLeases
from agent.daemon.rounds import Post
from agent.domain.advice import Advice
from agent.domain.lever import Lever
from agent.domain.outcome import State
from agent.domain.record import Freeze
from agent.domain.tracking_break import BREAK, in_force
from agent.ledger.open import open_ledger
from agent.ports.ledger import Ledger
from simulations.tracking.mute import Mute

CAMPAIGNS = 12


@dataclass
class Lived:
    """An account of some campaigns whose conversions can be muted."""

    account: Live
    mute: Mute
    state: Path

    def hours(self, n: int, *, each: int = 3) -> None:
        """A daemon that begins anew, ticks every so many hours, and is gone without a word."""
        parts, leases = self.account.parts, FileLeases(self.state)
        post = Post(parts, Schedule(decide_at=time(6, 0)), True, lambda what, record: None)
        daemon = Daemon([post], parts.ledger, self.account.clock, self.state, leases=leases)
        for _ in range(0, n, each):
            self.account.step(hours=each)
            daemon.tick()
        leases.release()

    def frozen(self) -> Freeze | None:
        return in_force(
            self.account.parts.ledger.freezes(self.account.parts.account, self.account.clock.now())
        )

    def first_freeze(self) -> Freeze:
        """The hours until the account is frozen, four days at the most."""
        self.mute.muted = True
        for _ in range(32):
            self.hours(3)
            found = self.frozen()
            if found is not None:
                return found
        raise AssertionError("never frozen")


def lived(tmp_path: Path, ledger: Ledger | None = None) -> Lived:
    factors = ("1.01", "0.99") * (CAMPAIGNS // 2)
    account = live(factors, campaigns=CAMPAIGNS)
    mute = Mute(account.adapter)
    account.give(reader=mute, writer=mute)
    if ledger is not None:
        account.give(ledger=ledger)
    return Lived(account, mute, tmp_path)


@pytest.fixture
def broken(tmp_path: Path) -> Lived:
    """Two days as usual, then the break until it was found."""
    found = lived(tmp_path)
    found.hours(48)
    assert found.frozen() is None
    found.first_freeze()
    return found


def test_a_frozen_account_is_left_alone_and_says_why(broken: Lived) -> None:
    """Every wish is denied with the words of the freeze, and no budget moves for two days."""
    before = broken.account.budgets()

    broken.hours(48)
    plan = broken.account.plan()

    assert broken.account.budgets() == before
    assert plan.decisions and not plan.changes
    (word,) = {decision.words[-1] for decision in plan.decisions}
    assert word.guardrail == "tracking_break"
    assert any("tracking looks broken since" in note and "nothing is changed" in note for note in plan.notes)


def test_what_was_approved_before_is_not_sent(tmp_path: Path) -> None:
    """A plan of this morning that waited for its approval meets the freeze of this noon."""
    found = lived(tmp_path)
    found.hours(48)
    found.account.step(hours=21)
    parts, plan = found.account.parts, found.account.plan()
    epoch = parts.ledger.epoch(plan.account)
    cycle.put_forward(parts, plan, epoch=epoch)
    before, now = found.account.budgets(), found.account.clock.now()
    assert plan.changes

    parts.ledger.freeze(Freeze(plan.account, now, now, "20 conversions were expected and none came"))
    record = cycle.carry_out(parts, plan.fingerprint, epoch=epoch)

    assert found.account.budgets() == before
    assert {item.state for item in record.changes.values()} == {State.CAPPED}
    assert all("tracking_break: tracking looks broken" in item.because for item in record.changes.values())


def test_a_freeze_survives_a_restart(tmp_path: Path) -> None:
    """It is in the ledger's file and not in anybody's head."""
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    first = lived(tmp_path, open_ledger(url))
    first.hours(24, each=24)
    first.mute.muted = True
    first.hours(24, each=24)
    freeze, before = first.frozen(), first.account.budgets()
    assert freeze is not None

    first.account.give(ledger=open_ledger(url))
    first.hours(24, each=24)

    assert first.frozen() == freeze
    assert first.account.budgets() == before


def test_it_thaws_by_itself_when_conversions_are_back(broken: Lived) -> None:
    """The window stays in the record, and decisions of before are recalled as they were."""
    parts, noon = broken.account.parts, broken.account.clock.now()
    before = broken.account.budgets()
    broken.hours(12)
    broken.mute.muted = False

    broken.hours(72)

    (freeze,) = parts.ledger.freezes(parts.account, broken.account.clock.now())
    assert freeze.ended is not None and freeze.by == "conversions came back"
    (then,) = parts.ledger.freezes(parts.account, noon)
    assert then.ended is None
    assert broken.account.budgets() != before


def test_the_broken_window_teaches_nothing(broken: Lived) -> None:
    """As a data exclusion at the platform would; nothing is written to the platform for it."""
    broken.hours(24)
    snapshot = cycle.known(broken.account.parts)
    freeze = broken.frozen()
    assert snapshot is not None and freeze is not None

    first = snapshot.days.astype(object).tolist().index(freeze.begins.date())
    assert not snapshot.learnable[:, first:].any() and snapshot.learnable[:, :first].all()
    assert [window.name for window in snapshot.advice.windows] == [BREAK]
    assert broken.account.adapter.advice() == Advice()


def test_after_a_freeze_the_first_steps_are_small(broken: Lived) -> None:
    """The snapshot knows since when the account is steered again."""
    broken.account.parts.ledger.thaw(broken.account.parts.account, "anna", broken.account.clock.now())

    snapshot = cycle.known(broken.account.parts)

    assert snapshot is not None
    assert snapshot.freeze is None and snapshot.resumed_at == broken.account.clock.now()
    assert snapshot.value(snapshot.entities.ref(0), Lever.DAILY_BUDGET) is not None


def test_an_account_that_nobody_read_for_days_resumes_with_care(tmp_path: Path) -> None:
    """A daemon that was dead from Friday to Monday."""
    account = lived(tmp_path)
    account.hours(6)
    account.account.step(days=3)
    account.hours(3)
    resumed = account.account.clock.now()
    account.hours(6)

    snapshot = cycle.known(account.account.parts)

    assert snapshot is not None and snapshot.resumed_at == resumed
    assert snapshot.as_of - resumed == timedelta(hours=6)
