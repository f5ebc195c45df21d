"""The daily statement: approved = sent = the platform's history, and a difference halts the account."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from live import START, Live, live

from agent import settling
from agent.domain.approval import Approval
from agent.domain.lever import Lever
from agent.domain.money import Money
from agent.domain.outcome import Edit, State
from agent.domain.plan import Change
from agent.domain.record import Halt
from agent.domain.ref import Kind, Ref
from agent.domain.seal import Seal
from agent.domain.statement import Statement
from agent.ledger.open import open_ledger
from agent.reckoning import hold_against
from agent.steps.statement import Span
from simulations.faults import Befalls, Faulty
from simulations.journal import Field

DAY = START.date()


class Told:
    """The account's reader with another history."""

    def __init__(self, reader: object, edits: list[Edit]) -> None:
        self._reader = reader
        self._edits = edits

    def __getattr__(self, name: str) -> object:
        return getattr(self._reader, name)

    def history(self, since: datetime) -> list[Edit]:
        return [edit for edit in self._edits if edit.at >= since]


def held(account: Live, day: date = DAY) -> Statement:
    return hold_against(account.parts, Span.of_day(day, "UTC"))


def carried_out() -> Live:
    """Two changes were applied this morning; the day is over."""
    account = live(("1.1", "0.8", None))
    account.carry_out()
    account.step(hours=24)
    return account


def raised_by_ourselves(account: Live) -> Ref:
    """A budget is raised with gebot's own credentials, and not by gebot."""
    ref = account.adapter.entities().ref(2)
    stands = account.adapter.read([(ref, Lever.DAILY_BUDGET)])[ref, Lever.DAILY_BUDGET]
    assert isinstance(stands, Money)
    account.adapter.apply([Change(ref, Lever.DAILY_BUDGET, stands, stands + Money.of(1, "EUR"))])
    return ref


def history(account: Live) -> list[Edit]:
    return list(account.adapter.history(START - timedelta(days=1)))


def test_a_day_on_which_all_went_well_agrees() -> None:
    """Two approved, two applied, two found; nobody is halted."""
    account = carried_out()

    found = held(account)

    assert (found.approved, found.sent, found.found) == (2, 2, 2)
    assert found.agrees and not found.remarks
    assert account.parts.ledger.halted(account.parts.account) is None


def test_a_day_without_changes_agrees() -> None:
    """Most days of most accounts."""
    account = live((None, None, None))
    account.carry_out()
    account.step(hours=24)

    assert held(account) == Statement(account.parts.account, DAY, 0, 0, 0)


def test_what_people_set_is_no_difference() -> None:
    """The statement is about gebot's own edits."""
    account = carried_out()
    budget = account.adapter._platform.campaign(account.adapter.entities().ids[2]).budget_id
    account.adapter._platform.set(
        Kind.CAMPAIGN_BUDGET, budget, Field.AMOUNT, 77_000_000, by="anna@example.com", client="web"
    )

    assert held(account, DAY + timedelta(days=1)).agrees


def test_an_edit_of_ours_that_the_ledger_does_not_know_halts_the_account() -> None:
    """Somebody sent with gebot's credentials, or the ledger has lost what it sent."""
    account = carried_out()
    ref = raised_by_ourselves(account)

    found = held(account, DAY + timedelta(days=1))

    assert len(found.differences) == 1
    assert "not in the ledger" in found.differences[0] and str(ref) in found.differences[0]
    halt = account.parts.ledger.halted(account.parts.account)
    assert halt is not None
    assert halt.account == account.parts.account and halt.by == "gebot"


def test_where_gebot_cannot_be_told_from_others_such_an_edit_is_a_remark() -> None:
    """A user or app that people share with gebot must not stop it each day."""
    account = carried_out()
    account.give(knows_itself=False)
    raised_by_ourselves(account)

    found = held(account, DAY + timedelta(days=1))

    assert found.agrees
    assert "1 edits came by gebot's own way in" in found.remarks[0]


def test_an_applied_change_that_the_history_lacks_is_a_difference() -> None:
    """It was read back once; the platform knows nothing of it."""
    account = carried_out()
    account.give(reader=Told(account.adapter, history(account)[:1]))

    found = held(account)

    assert (found.sent, found.found) == (2, 1)
    assert "the platform's history lacks it" in found.differences[0]


def test_a_platform_without_a_history_is_no_difference() -> None:
    """What cannot be compared is said, and nobody stands still for it."""
    account = carried_out()
    account.give(reader=Told(account.adapter, []))

    found = held(account)

    assert found.agrees
    assert "history is empty" in found.remarks[0]


@pytest.mark.parametrize("shift_s", [-90, 90, 1800])
def test_a_clock_that_differs_a_little_and_a_slow_platform_are_no_difference(shift_s: int) -> None:
    """Histories have their own clock."""
    account = carried_out()
    shifted = [replace(edit, at=edit.at + timedelta(seconds=shift_s)) for edit in history(account)]
    account.give(reader=Told(account.adapter, shifted))

    assert held(account).agrees


def test_a_second_edit_of_the_same_change_is_a_difference() -> None:
    """Sent once is once; a value that stood already and is noted again moved nothing."""
    account = carried_out()
    first = history(account)[0]
    again = replace(first, at=first.at + timedelta(minutes=3))
    account.give(reader=Told(account.adapter, [*history(account), again]))
    assert len(held(account).differences) == 1

    same = replace(again, before=again.after)
    account.give(reader=Told(account.adapter, [*history(account), same]))
    assert held(account).agrees


def test_a_value_that_was_set_on_two_days_belongs_to_two_changes() -> None:
    """Up, down and up again: each edit has its own change."""
    account = carried_out()
    before = held(account)

    assert held(account, DAY + timedelta(days=1)).sent == 0
    assert before.agrees


def test_a_late_write_that_the_ledger_takes_for_none_is_found() -> None:
    """The ledger said NOT_APPLIED; the platform carried it out after all."""
    account = live((None, "0.8", None))
    account.give(writer=Faulty(account.adapter, writes=[Befalls.LOST_REQUEST]))
    record = account.carry_out()
    account.step(minutes=11)
    settling.settle(account.parts, epoch=0)
    (change,) = record.plan.changes
    account.adapter.apply([change])
    account.step(hours=24)

    found = held(account)

    assert "calls change" in found.differences[0] and State.NOT_APPLIED.value in found.differences[0]


def test_a_change_that_was_lost_and_made_again_the_same_morning_is_no_difference() -> None:
    """Of two equal changes the edit belongs to the one that the ledger calls applied (chaos, seed 100573)."""
    account = live((None, "0.8", None))
    account.give(writer=Faulty(account.adapter, writes=[Befalls.LOST_REQUEST]))
    account.carry_out()
    account.step(minutes=11)
    settling.settle(account.parts, epoch=0)
    again = account.carry_out()
    account.step(hours=24)

    found = held(account)

    assert [item.state for item in again.changes.values()] == [State.APPLIED]
    assert found.agrees, found.differences


def test_what_was_applied_without_a_signed_approval_is_a_difference() -> None:
    """The ledger's own word is not enough."""
    account = carried_out()
    (record,) = account.parts.ledger.plans(account.parts.account)
    word = record.approvals[0]
    unsigned = [replace(word, signature="")]

    class Unsigned(type(account.parts.ledger)):  # type: ignore[misc]  # the ledger at hand
        def plans(self, *args: object, **options: object) -> list[object]:
            return [replace(one, approvals=tuple(unsigned)) for one in super().plans(*args, **options)]

    account.parts.ledger.__class__ = Unsigned

    found = held(account)

    assert (found.approved, found.sent) == (0, 2)
    assert len(found.differences) == 2
    assert isinstance(word, Approval)


def test_edits_of_before_gebot_knew_the_account_are_not_its_to_explain() -> None:
    """Another program used the same user until yesterday."""
    account = live((None, None, None))
    raised_by_ourselves(account)
    account.step(minutes=1)
    account.carry_out()
    account.step(hours=24)

    assert held(account).agrees


def test_what_an_older_gebot_sent_on_unsigned_approvals_is_no_difference(tmp_path: Path) -> None:
    """It signed none; the first statement after an upgrade is about its last day."""
    url, seal = f"sqlite:///{tmp_path / 'ledger.db'}", Seal(b"a key that was made with the upgrade")
    account = live(("1.1", "0.8", None))
    old = open_ledger(url)
    account.give(ledger=old)
    record = account.carry_out()
    old.close()
    with closing(sqlite3.connect(tmp_path / "ledger.db")) as connection, connection:
        connection.execute("UPDATE approval SET signature = ''")
    account.step(hours=6)
    ledger = open_ledger(url, seal=seal)
    account.give(ledger=ledger, seal=seal)
    ledger.take_lead(account.parts.account, "here", 1, account.clock.now())
    account.step(hours=18)

    agreed = held(account)
    later = [replace(item, sent_at=START + timedelta(hours=7)) for item in record.changes.values()]
    forged = replace(record, changes={item.change.id: item for item in later}, approvals=())
    ledger.plans = lambda *_, **__: [forged]  # type: ignore[method-assign]  # a row that nobody sealed

    assert agreed.agrees, agreed.differences
    assert "without a valid approval" in held(account).differences[0]
    ledger.close()


def test_a_difference_outlives_the_halt_of_everything() -> None:
    """Whoever stopped everything for another reason does not know of it."""
    account = carried_out()
    account.parts.ledger.halt(Halt("ada", account.clock.now(), "a holiday"))
    raised_by_ourselves(account)
    held(account, DAY + timedelta(days=1))

    account.parts.ledger.resume("ada", account.clock.now())

    halt = account.parts.ledger.halted(account.parts.account)
    assert halt is not None and halt.account == account.parts.account


def test_what_another_machine_sent_under_its_own_name_is_no_difference() -> None:
    """Each machine may sign in as a user of its own, and a user may be replaced by another."""
    account = carried_out()
    others = [replace(edit, ours=False, by="the other machine") for edit in history(account)]
    account.give(reader=Told(account.adapter, others))

    found = held(account)

    assert found.agrees, found.differences
    assert found.found == 2
    assert "2 changes" in found.remarks[0] and "the other machine" in found.remarks[0]
