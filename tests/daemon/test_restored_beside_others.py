"""A ledger that others work on too, or whose take-up is held up: nothing is taken from under anybody."""

import shutil
import socket
import stat
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from agency import Agency
from live import states

from agent import cycle
from agent.daemon.leader import FileLeases
from agent.domain.errors import LedgerError, Unreachable
from agent.domain.outcome import State
from agent.domain.record import Halt, Heartbeat
from agent.folder import folder_of
from agent.ledger.anchor import Anchor
from agent.steps.approve import Nobody


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
