"""Orders: what a person told the process by signal: to end, or to halt."""

import signal
import threading
from pathlib import Path
from types import FrameType

import structlog

from agent import stop
from agent.domain.errors import Halted

_log = structlog.get_logger()

BY_SIGNAL = "halted by signal SIGUSR1"


class Orders:
    """SIGTERM and SIGINT end the process after the call that is under way; SIGUSR1 is `gebot halt`.

    A halt that cannot be written down holds in this process all the same, until it is.
    """

    def __init__(self, state: Path) -> None:
        self._state = state
        self._folder = _identity(state)
        self._end = threading.Event()
        self._unwritten_halt = False

    def listen(self) -> None:
        """Take signals from now on; to be called in the main thread."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.end())
        signal.signal(signal.SIGUSR1, self._halt)

    def end(self) -> None:
        """Order the end."""
        self._end.set()

    @property
    def ended(self) -> bool:
        return self._end.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait so long at most; True as soon as the end is ordered."""
        self.write_down()
        return self._end.wait(timeout=seconds)

    def hurry(self) -> bool:
        """Whether waiting for anything has lost its sense."""
        return self.ended or self._unwritten_halt or bool(stop.reason_to_stop(self._state))

    def check(self) -> None:
        """Stand still if so ordered.

        Raises:
            Halted: A signal said so.
        """
        if self._unwritten_halt:
            raise Halted(BY_SIGNAL)
        if self.ended:
            raise Halted("gebot was told to end")
        if _identity(self._state) != self._folder:
            # A stop file may have gone with it, and whatever makes the folder anew makes none.
            raise Halted(
                f"the state folder {self._state} was replaced; see that nothing is lost, and restart"
            )

    def write_down(self) -> None:
        """Write a halt down that could not be written when it was ordered, if there is one."""
        if not self._unwritten_halt:
            return
        try:
            stop.put_up(self._state, BY_SIGNAL)
        except OSError:
            return
        self._unwritten_halt = False
        _log.warning("daemon.halted", because=BY_SIGNAL)

    def _halt(self, _number: int, _frame: FrameType | None) -> None:
        """In the handler itself nothing is done but to remember; the waiting main thread writes it down."""
        self._unwritten_halt = True


def _identity(folder: Path) -> int | None:
    """What tells a folder from another one in its place; None when there is none."""
    try:
        return folder.stat().st_ino
    except OSError:
        return None
