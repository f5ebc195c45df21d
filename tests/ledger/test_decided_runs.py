"""Runs happen once, one leads, and a stop is a stop."""

import pytest
import sample
from seen import at

from agent.domain.errors import LedgerError
from agent.domain.record import Halt, Heartbeat, RunKind
from agent.domain.ref import AccountId
from agent.ports import Ledger

ACCOUNT = sample.ACCOUNT.id


def test_a_slot_is_claimed_once_whether_it_ended_or_not(ledger: Ledger) -> None:
    """A restart must not decide twice for one day."""
    first = ledger.begin_run(ACCOUNT, RunKind.DECIDE, "2026-11-02", at(0))
    again = ledger.begin_run(ACCOUNT, RunKind.DECIDE, "2026-11-02", at(0.1))
    ledger.finish_run(ACCOUNT, RunKind.DECIDE, "2026-11-02", at(0.2), "it died")
    after = ledger.begin_run(ACCOUNT, RunKind.DECIDE, "2026-11-02", at(0.3))
    other_kind = ledger.begin_run(ACCOUNT, RunKind.OBSERVE, "2026-11-02", at(0.4))
    other_account = ledger.begin_run(AccountId("simulated", "b"), RunKind.DECIDE, "2026-11-02", at(0.4))

    assert (first, again, after, other_kind, other_account) == (True, False, False, True, True)


def test_runs_are_told_newest_first(ledger: Ledger) -> None:
    """The daemon sees what it did last."""
    for day in range(3):
        ledger.begin_run(ACCOUNT, RunKind.DECIDE, f"2026-11-0{day + 2}", at(day))
    ledger.finish_run(ACCOUNT, RunKind.DECIDE, "2026-11-03", at(1.5))

    found = ledger.runs(ACCOUNT, RunKind.DECIDE, limit=2)

    assert [(run.slot, run.started_at, run.finished_at, run.error) for run in found] == [
        ("2026-11-04", at(2), None, ""),
        ("2026-11-03", at(1), at(1.5), ""),
    ]
    assert list(ledger.runs(ACCOUNT, RunKind.OBSERVE)) == []


def test_a_run_that_was_never_begun_cannot_end(ledger: Ledger) -> None:
    """It would hide a slot that nobody claimed."""
    with pytest.raises(LedgerError, match="never begun"):
        ledger.finish_run(ACCOUNT, RunKind.DECIDE, "2026-11-02", at(0))


def test_each_leader_has_a_higher_epoch(ledger: Ledger) -> None:
    """So that the former can be told from the present one."""
    assert [ledger.take_lead("here", pid, at(pid)) for pid in range(3)] == [1, 2, 3]


def test_the_heartbeat_is_the_leaders(ledger: Ledger) -> None:
    """A deposed leader that still beats must not hide that the new one died."""
    assert ledger.heartbeat() is None
    new = Heartbeat(at(2), "there", 2, epoch=2)

    ledger.beat(Heartbeat(at(1), "here", 1, epoch=1))
    ledger.beat(new)
    ledger.beat(Heartbeat(at(3), "here", 1, epoch=1))

    assert ledger.heartbeat() == new


def test_a_halt_stands_until_a_person_resumes(ledger: Ledger) -> None:
    """And a second halt, after that, stands again."""
    assert ledger.halted() is None
    first, second = Halt("ada", at(0), "odd"), Halt("gebot", at(2), "odder")

    ledger.halt(first)
    assert ledger.halted() == first
    ledger.resume("ada", at(1))
    assert ledger.halted() is None
    ledger.halt(second)

    assert ledger.halted() == second
