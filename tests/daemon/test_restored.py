"""A ledger that was put back from a backup, or came to another machine, is not believed at once."""

from agency import Agency
from live import states

from agent import cycle
from agent.domain.outcome import State
from agent.ledger.anchor import Anchor
from agent.steps.approve import Nobody


def test_a_start_after_which_nothing_was_lost_says_nothing(agency: Agency) -> None:
    """The first one, one after work, and one of which the anchor missed the last entry."""
    assert agency.start() == []
    agency.account.carry_out()
    assert agency.start() == []
    lines = agency.anchor.path.read_text().splitlines(keepends=True)
    agency.anchor.path.write_text("".join(lines[:-1]) + lines[-1][:20])
    assert agency.start() == []

    assert not agency.halted()


def test_a_backup_of_before_a_send_halts_the_account(agency: Agency) -> None:
    """The platform shows edits of ours that the ledger has forgotten."""
    agency.start()
    agency.account.plan()
    agency.ledger.take_lead(agency.account.parts.account, "here", 1, agency.account.clock.now())
    agency.back_up()
    epoch = agency.ledger.epoch(agency.account.parts.account)
    agency.account.step(minutes=5)
    plan = agency.account.plan()
    cycle.put_forward(agency.account.parts, plan, epoch=epoch)
    assert set(states(cycle.carry_out(agency.account.parts, plan.fingerprint, epoch=epoch))) == {
        State.APPLIED
    }
    agency.account.step(hours=2)

    agency.put_back()
    told = agency.start()

    assert "restored from a backup" in told[0] and "was anchored" in told[0]
    assert "stays halted" in told[1] and "not in the ledger" in told[1]
    assert agency.halted()
    assert agency.ledger.epoch(agency.account.parts.account) > epoch
    assert [entry.what for entry in agency.ledger.entries()].count("restored") == 1
    assert agency.ledger.faults() == []
    assert agency.start() == []  # told once; the halt stays until a person ends it
    assert agency.halted()


def test_what_was_open_in_a_backup_is_void_and_the_account_goes_on_if_nothing_was_sent(
    agency: Agency,
) -> None:
    """Approvals may have been taken back since; the platform agrees with the ledger."""
    agency.start()
    agency.account.give(approver=Nobody())
    plan = agency.account.plan()
    cycle.put_forward(agency.account.parts, plan, epoch=0)
    agency.back_up()
    agency.account.step(hours=1)
    agency.ledger.take_lead(agency.account.parts.account, "here", 1, agency.account.clock.now())
    agency.put_back()

    told = agency.start()

    record = agency.ledger.plan(plan.fingerprint)
    assert record is not None
    assert set(states(record)) == {State.EXPIRED}
    assert "goes on" in told[1]
    assert not agency.halted()


def test_what_was_being_sent_in_a_backup_is_unknown(agency: Agency) -> None:
    """Only reading tells."""
    agency.start()
    plan = agency.account.plan()
    cycle.put_forward(agency.account.parts, plan, epoch=0)
    sending = [cycle.Step(plan.id, change.id, State.SENDING) for change in plan.changes]
    agency.ledger.advance(sending, agency.account.clock.now(), epoch=0)
    agency.back_up()
    agency.ledger.take_lead(agency.account.parts.account, "here", 1, agency.account.clock.now())
    agency.put_back()

    agency.start()

    record = agency.ledger.plan(plan.fingerprint)
    assert record is not None
    assert set(states(record)) == {State.UNKNOWN}


def test_a_ledger_that_was_put_back_and_went_on_elsewhere_is_found(agency: Agency) -> None:
    """It has as many entries, and other ones."""
    agency.start()
    at = agency.account.clock.now()
    agency.ledger.take_lead(agency.account.parts.account, "here", 1, at)
    agency.back_up()
    agency.ledger.take_lead(agency.account.parts.account, "here", 1, at)
    agency.ledger.close()
    anchor, agency.anchor = agency.anchor, Anchor(agency.folder / "elsewhere")
    agency.put_back()
    agency.ledger.take_lead(agency.account.parts.account, "there", 2, at)
    agency.ledger.close()
    agency.anchor = anchor
    agency.open()

    told = agency.start()

    assert "is not the one that was anchored" in told[0]


def test_an_empty_ledger_beside_an_anchor_is_one_that_was_lost(agency: Agency) -> None:
    """Somebody removed the file."""
    agency.start()
    agency.account.carry_out()
    agency.account.step(hours=2)
    agency.ledger.close()
    for path in agency.folder.glob("ledger.db*"):
        path.unlink()
    agency.open()

    told = agency.start()

    assert "is empty" in told[0]
    assert "stays halted: the ledger knows nothing of it" in told[1]
    assert agency.halted()
    assert agency.ledger.faults() == []


def test_a_ledger_with_a_history_and_no_anchor_is_on_another_machine(agency: Agency) -> None:
    """What was approved on the old one is not sent from here, perhaps a second time."""
    agency.start()
    agency.account.give(approver=Nobody())
    plan = agency.account.plan()
    cycle.put_forward(agency.account.parts, plan, epoch=0)
    agency.anchor.path.unlink()

    told = agency.start()

    assert "another machine" in told[0]
    record = agency.ledger.plan(plan.fingerprint)
    assert record is not None
    assert set(states(record)) == {State.EXPIRED}
    assert agency.start() == []
