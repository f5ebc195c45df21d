"""A ledger that was put back from a backup, or came to another machine, is not believed at once."""

import shutil
import socket
import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import canaries
import pytest
from live import Live, live, states

from agent import cycle
from agent.daemon.leader import FileLeases
from agent.daemon.restored import take_up_restored
from agent.domain.errors import Halted, LedgerError, Unreachable
from agent.domain.outcome import State
from agent.domain.record import Halt, Heartbeat
from agent.domain.seal import Seal
from agent.folder import folder_of
from agent.ledger.anchor import Anchor
from agent.ledger.open import open_ledger
from agent.ports.ledger import Ledger
from agent.steps.approve import Nobody

SEAL = Seal(canaries.of("audit key in memory").encode())


class Agency:
    """An account with a ledger on disk that can be backed up and put back."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "ledger.db"
        self.anchor = Anchor(folder / "anchor")
        self.account: Live = live(("1.1", "0.8", None))
        self.ledger = self.open()

    def open(self) -> Ledger:
        ledger = open_ledger(f"sqlite:///{self.path}", seal=SEAL, anchor=self.anchor)
        self.account.give(ledger=ledger, seal=SEAL, check_stop=self.check_stop)
        self.ledger = ledger
        return ledger

    def check_stop(self) -> None:
        halt = self.ledger.halted(self.account.parts.account)
        if halt is not None:
            raise Halted(halt.because)

    def back_up(self) -> None:
        self.ledger.close()
        shutil.copy(self.path, self.folder / "backup.db")
        self.open()

    def put_back(self) -> None:
        self.ledger.close()
        for path in self.folder.glob("ledger.db*"):
            path.unlink()
        shutil.copy(self.folder / "backup.db", self.path)
        self.open()

    def start(self) -> list[str]:
        leases = FileLeases(self.folder)
        folder = folder_of(self.folder / "folder.id")
        try:
            return take_up_restored(self.ledger, [self.account.parts], self.account.clock, folder, leases)
        finally:
            leases.release()

    def halted(self) -> bool:
        return self.ledger.halted(self.account.parts.account) is not None


@pytest.fixture
def agency(tmp_path: Path) -> Iterator[Agency]:
    made = Agency(tmp_path)
    yield made
    made.ledger.close()


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


def test_a_machine_that_joins_others_voids_nothing(agency: Agency) -> None:
    """Another one works on the ledger right now, and its approvals are good."""
    agency.start()
    agency.account.give(approver=Nobody())
    plan = agency.account.plan()
    cycle.put_forward(agency.account.parts, plan, epoch=0)
    agency.anchor.path.unlink()
    other = Heartbeat(agency.account.clock.now(), f"not {socket.gethostname()}", 1)
    agency.ledger.beat(other)

    assert agency.start() == []
    record = agency.ledger.plan(plan.fingerprint)
    assert record is not None
    assert set(states(record)) == {State.PROPOSED}
    agency.ledger.beat(replace(other, at=other.at - timedelta(hours=1)))


def test_a_machine_of_the_same_host_name_is_told_by_its_folder(agency: Agency) -> None:
    """As containers are called alike, and two configurations on one host have two folders."""
    agency.start()
    agency.account.give(approver=Nobody())
    plan = agency.account.plan()
    cycle.put_forward(agency.account.parts, plan, epoch=0)
    agency.anchor.path.unlink()
    other = folder_of(agency.folder / "elsewhere" / "folder.id")
    agency.ledger.beat(
        Heartbeat(agency.account.clock.now(), other.machine, 4_194_304)
    )  # no such process here

    assert agency.start() == []
    assert not agency.halted()


def test_nothing_is_taken_up_from_under_another_agent(agency: Agency) -> None:
    """Whoever has not got the lease raises no epoch and voids no approval."""
    agency.start()
    agency.account.give(approver=Nobody())
    plan = agency.account.plan()
    cycle.put_forward(agency.account.parts, plan, epoch=0)
    agency.anchor.path.unlink()
    leads = FileLeases(agency.folder)
    assert leads.hold([agency.account.parts.account])

    with pytest.raises(LedgerError, match="another gebot leads simulated:demo: end it"):
        agency.start()

    record = agency.ledger.plan(plan.fingerprint)
    assert record is not None
    assert set(states(record)) == {State.PROPOSED}
    assert agency.ledger.epoch(agency.account.parts.account) == 0 and not agency.halted()
    leads.release()
    assert "another machine" in agency.start()[0]


def test_our_own_sign_of_life_is_nobody_else(agency: Agency) -> None:
    """The process of before the restart had the same folder, and another number."""
    agency.start()
    cycle.look(agency.account.parts)
    own = folder_of(agency.folder / "folder.id")
    agency.ledger.take_lead(agency.account.parts.account, own.machine, 1, agency.account.clock.now())
    agency.ledger.beat(Heartbeat(agency.account.clock.now(), own.machine, 1))
    agency.anchor.path.unlink()

    told = agency.start()

    assert "another machine, or its anchor was lost" in told[0]


def test_a_copied_state_folder_is_taken_up_with_care(agency: Agency, tmp_path: Path) -> None:
    """Ledger and anchor agree in it, also where both are of last week; much may have been sent since."""
    agency.start()
    agency.account.give(approver=Nobody())
    plan = agency.account.plan()
    cycle.put_forward(agency.account.parts, plan, epoch=0)
    own = folder_of(agency.folder / "folder.id")
    agency.ledger.beat(Heartbeat(agency.account.clock.now(), own.machine, 1))  # seconds before it was copied
    agency.ledger.close()
    copy = Agency.__new__(Agency)
    copy.folder = Path(shutil.copytree(agency.folder, tmp_path.with_name(f"{tmp_path.name}-copy")))
    copy.path, copy.anchor, copy.account = (
        copy.folder / "ledger.db",
        Anchor(copy.folder / "anchor"),
        agency.account,
    )
    copy.open()

    told = copy.start()

    assert "is a copy of another one" in told[0]
    record = copy.ledger.plan(plan.fingerprint)
    assert record is not None
    assert set(states(record)) == {State.EXPIRED}
    assert copy.start() == [], "it has an id of its own now"
    assert folder_of(copy.folder / "folder.id").id != own.id
    assert stat.S_IMODE((copy.folder / "folder.id").stat().st_mode) == 0o600
    copy.ledger.close()
    agency.open()
    assert agency.start() == [], "and the original is what it was"


def test_an_account_whose_history_cannot_be_read_stays_halted(agency: Agency) -> None:
    """Reconcile first, else refuse."""

    class Silent:
        """The account's reader without a history."""

        def __init__(self, reader: object) -> None:
            self._reader = reader

        def __getattr__(self, name: str) -> object:
            return getattr(self._reader, name)

        def history(self, since: object) -> list[object]:
            raise Unreachable("simulated:demo", "no answer")

    agency.start()
    cycle.look(agency.account.parts)
    agency.ledger.take_lead(agency.account.parts.account, "here", 1, agency.account.clock.now())
    agency.anchor.path.unlink()
    agency.account.give(reader=Silent(agency.account.adapter))

    told = agency.start()

    assert "stays halted: its history could not be read" in told[1] and "gebot resume --account" in told[1]
    assert agency.halted()


def test_an_account_that_is_restored_during_a_halt_of_everything_is_halted_by_itself(agency: Agency) -> None:
    """Whoever ends the halt of everything has not looked at this account."""
    agency.start()
    agency.ledger.halt(Halt("ada", agency.account.clock.now(), "a holiday"))
    agency.anchor.path.unlink()

    agency.start()
    agency.ledger.resume("ada", agency.account.clock.now())

    assert agency.halted()


def test_a_start_that_breaks_off_in_the_middle_begins_again(agency: Agency) -> None:
    """It had raised the epoch, and voided nothing yet."""
    agency.start()
    agency.account.give(approver=Nobody())
    plan = agency.account.plan()
    cycle.put_forward(agency.account.parts, plan, epoch=0)
    agency.anchor.path.unlink()
    agency.ledger.take_lead(agency.account.parts.account, "here", 1, agency.account.clock.now())

    told = agency.start()

    assert "another machine" in told[0]
    record = agency.ledger.plan(plan.fingerprint)
    assert record is not None
    assert set(states(record)) == {State.EXPIRED}


def test_a_halt_of_its_own_behind_one_of_everything_is_not_written_twice(agency: Agency) -> None:
    """It stands as a person said it."""
    agency.start()
    now = agency.account.clock.now()
    agency.ledger.halt(Halt("ada", now, "odd spend", agency.account.parts.account))
    agency.ledger.halt(Halt("ada", now, "a holiday"))
    agency.back_up()
    agency.ledger.take_lead(agency.account.parts.account, "here", 1, now)
    agency.put_back()

    agency.start()

    assert [halt.because for halt in agency.ledger.halts()] == ["a holiday", "odd spend"]
