"""The page as a child of the daemon: started again when it dies, gone when its parent is, however it ends."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from agent.daemon.page import PageProcess

_LIVES_WITH_PARENT = (
    "import os, sys, pathlib;"
    "pathlib.Path(sys.argv[1]).open('a').write(f'{os.getpid()}\\n');"
    "sys.stdin.buffer.read()"
)


def child_of(folder: Path, code: str = _LIVES_WITH_PARENT) -> tuple[str, ...]:
    """A child that writes down its process id and lives until standard input ends."""
    return (sys.executable, "-c", code, str(folder / "pids"))


def until(happened: Callable[[], object]) -> None:
    """Wait for what comes for sure; a slow machine may take long over it."""
    for _ in range(1000):
        if happened():
            return
        time.sleep(0.05)
    raise AssertionError("did not happen within 50 s")


def pids(folder: Path) -> list[int]:
    path = folder / "pids"
    return [int(line) for line in path.read_text().split()] if path.exists() else []


def lives(pid: int) -> bool:
    """Whether the process does anything still; one that only waits to be buried does not."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def test_a_page_that_dies_is_started_again(tmp_path: Path) -> None:
    """And the one that lives at the end goes with us."""
    with PageProcess(child_of(tmp_path)):
        until(lambda: pids(tmp_path))
        os.kill(pids(tmp_path)[0], signal.SIGKILL)
        until(lambda: len(pids(tmp_path)) == 2)

    assert not any(map(lives, pids(tmp_path)))


def test_a_page_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    """SIGKILL lets nobody say goodbye; the pipe closes all the same."""
    parent = (
        "import sys, time; from agent.daemon.page import PageProcess\n"
        "with PageProcess(sys.argv[1:]): time.sleep(600)"
    )
    running = subprocess.Popen([sys.executable, "-c", parent, *child_of(tmp_path)])
    until(lambda: pids(tmp_path))

    running.kill()
    running.wait()

    until(lambda: not lives(pids(tmp_path)[0]))


def test_a_command_that_is_not_there_does_not_hold_us_up(tmp_path: Path) -> None:
    """The agent works without its page."""
    with PageProcess([str(tmp_path / "nothing")]) as page:
        assert page.pid is None
