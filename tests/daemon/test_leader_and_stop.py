"""One leads, the others wait; and a stop that cannot be read is a stop."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from agent import stop
from agent.daemon.leader import LeaderLock, somebody_leads
from agent.domain.errors import Halted


def test_only_one_process_leads_and_its_end_frees_the_lead(tmp_path: Path) -> None:
    """However the leader ends."""
    code = (
        "import sys, pathlib; from agent.daemon.leader import LeaderLock;"
        "lock = LeaderLock(pathlib.Path(sys.argv[1])); print(lock.take(), flush=True); sys.stdin.read()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout is not None and other.stdin is not None
    assert other.stdout.readline() == "True\n"
    lock = LeaderLock(tmp_path)

    assert not lock.take()
    assert somebody_leads(tmp_path)
    other.kill()
    other.communicate()

    assert lock.take() and lock.held


def test_a_leader_whose_lock_file_was_replaced_leads_no_more(tmp_path: Path) -> None:
    """Somebody who cleans up the folder must not make two leaders."""
    lock = LeaderLock(tmp_path)
    assert lock.take()

    (tmp_path / "leader.lock").unlink()
    (tmp_path / "leader.lock").touch()

    assert not lock.held
    lock.release()


def test_a_stop_file_stops_and_its_removal_resumes(tmp_path: Path) -> None:
    """The reason that a person gave is told."""
    assert stop.reason_to_stop(tmp_path) == ""

    stop.put_up(tmp_path, "halted by anna: black friday")

    assert "black friday" in stop.reason_to_stop(tmp_path)
    stop.take_down(tmp_path)
    assert stop.reason_to_stop(tmp_path) == ""


def test_a_stop_file_that_cannot_be_read_stops(tmp_path: Path) -> None:
    """A folder in its place, bytes that are no text, a state folder that is gone."""
    (tmp_path / "STOP").mkdir()
    assert stop.reason_to_stop(tmp_path)
    (tmp_path / "STOP").rmdir()
    (tmp_path / "STOP").write_bytes(b"\xff\xfe\x00")
    assert stop.reason_to_stop(tmp_path)
    assert stop.reason_to_stop(tmp_path / "gone")


class _NoHalt:
    """A ledger that only knows of no halt."""

    def halted(self, account: None) -> None:
        return None


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_stop_file_without_the_right_to_read_stops(tmp_path: Path) -> None:
    """Unreadable means stopped."""
    stop.put_up(tmp_path, "x")
    (tmp_path / "STOP").chmod(0)

    with pytest.raises(Halted):
        stop.check(tmp_path, _NoHalt())  # type: ignore[arg-type]  # the part of the protocol that is used
