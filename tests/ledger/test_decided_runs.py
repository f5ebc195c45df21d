"""Runs happen once, one leads, and a stop is a stop."""

from dataclasses import replace

import pytest
import sample
from seen import at

from agent.domain.errors import LedgerError
from agent.domain.record import Freeze, Halt, Heartbeat, RunKind
from agent.domain.ref import AccountId
from agent.ports.ledger import Ledger

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
    assert [ledger.take_lead(sample.ACCOUNT.id, "here", pid, at(pid)) for pid in range(3)] == [1, 2, 3]


def test_each_account_has_its_own_epoch(ledger: Ledger) -> None:
    """Another daemon may lead another account."""
    other = AccountId("simulated", "b")
    assert ledger.epoch(ACCOUNT) == 0

    ledger.take_lead(ACCOUNT, "here", 1, at(0))
    ledger.take_lead(ACCOUNT, "here", 1, at(0))
    ledger.take_lead(other, "there", 2, at(0))

    assert (ledger.epoch(ACCOUNT), ledger.epoch(other)) == (2, 1)


def test_the_last_sign_of_life_of_each_daemon_is_kept(ledger: Ledger) -> None:
    """One that still beats must not hide that another one died."""
    assert list(ledger.heartbeats()) == []
    dead = Heartbeat(at(2), "there", 2, (ACCOUNT,))
    alive = Heartbeat(at(3), "here", 1)

    ledger.beat(Heartbeat(at(1), "here", 1, (ACCOUNT,)))
    ledger.beat(dead)
    ledger.beat(alive)

    assert list(ledger.heartbeats()) == [alive, dead]


def test_one_account_may_be_halted(ledger: Ledger) -> None:
    """The others go on; what stops everything stops it too."""
    other = AccountId("simulated", "b")
    one, all_ = Halt("gebot", at(0), "odd", ACCOUNT), Halt("ada", at(1), "odder")

    ledger.halt(one)
    assert (ledger.halted(ACCOUNT), ledger.halted(other), ledger.halted()) == (one, None, None)

    ledger.halt(all_)
    assert (ledger.halted(ACCOUNT), ledger.halted(other), ledger.halted()) == (all_, all_, all_)
    assert list(ledger.halts()) == [all_, one], "the account's own is not hidden"

    ledger.resume("ada", at(2))
    assert (ledger.halted(ACCOUNT), ledger.halted(other)) == (one, None)
    assert list(ledger.halts()) == [one]
    ledger.resume("ada", at(3), ACCOUNT)
    assert ledger.halted(ACCOUNT) is None and list(ledger.halts()) == []


def test_a_freeze_is_known_from_when_it_was_found(ledger: Ledger) -> None:
    """What was decided before must come out the same when it is recomputed."""
    freeze = Freeze(ACCOUNT, at(0), at(1), "20 conversions are missing")

    ledger.freeze(freeze)
    ledger.freeze(Freeze(ACCOUNT, at(0.5), at(1.5), "again"))
    ledger.thaw(ACCOUNT, "ada", at(3))
    ledger.thaw(ACCOUNT, "bob", at(4))

    assert list(ledger.freezes(ACCOUNT, at(0.9))) == []
    assert list(ledger.freezes(ACCOUNT, at(2))) == [freeze]
    assert list(ledger.freezes(ACCOUNT, at(5))) == [replace(freeze, ended=at(3), by="ada")]
    assert list(ledger.freezes(AccountId("simulated", "b"), at(5))) == []


def test_a_policy_is_kept_once(ledger: Ledger) -> None:
    """An old plan can be drawn up again."""
    assert ledger.policy("abc") is None

    ledger.record_policy("abc", b"one")
    ledger.record_policy("abc", b"two")

    assert ledger.policy("abc") == b"one"


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
