"""Page: the process that serves the page, a child of the daemon: started again when it dies, gone with us."""

import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

import structlog

_log = structlog.get_logger()

_FIRST_WAIT_S = 1.0
_LONGEST_WAIT_S = 60.0
_WELL_AFTER_S = 120.0
"""Who lived so long is started again at once."""

_FAREWELL_S = 8.0


class PageProcess:
    """Keeps a child process alive while the block runs; nothing that it does holds the daemon up.

    The child holds the reading end of a pipe that nobody writes to: it closes however we end,
    and the child ends itself then. It is in a session of its own, so that Ctrl-C on the terminal
    ends us first.
    """

    def __init__(self, command: Sequence[str]) -> None:
        self._command = tuple(command)
        self._ends = threading.Event()
        self._child: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._watch = threading.Thread(target=self._keep_alive, name="page", daemon=True)

    def __enter__(self) -> "PageProcess":
        self._watch.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._ends.set()
            child = self._child
        if child is not None:
            _end(child)
        self._watch.join(_FAREWELL_S)

    @property
    def pid(self) -> int | None:
        """Of the child that serves right now; None while there is none."""
        child = self._child
        return None if child is None or child.poll() is not None else child.pid

    def _keep_alive(self) -> None:
        wait_s = _FIRST_WAIT_S
        while (child := self._started()) is not None:
            began_s = time.monotonic()
            status = child.wait()
            _close(child)
            if self._ends.is_set():
                return
            lived_s = time.monotonic() - began_s
            wait_s = _FIRST_WAIT_S if lived_s >= _WELL_AFTER_S else wait_s
            _log.warning("page.ended", status=status, lived_s=round(lived_s), again_in_s=wait_s)
            if self._ends.wait(wait_s):
                return
            wait_s = min(2 * wait_s, _LONGEST_WAIT_S)

    def _started(self) -> subprocess.Popen[bytes] | None:
        """A new child; None when we end, or when none can be started at all."""
        with self._lock:
            if self._ends.is_set():
                return None
            try:
                self._child = subprocess.Popen(  # noqa: S603  # our own command
                    self._command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, start_new_session=True
                )
            except OSError as error:
                _log.error("page.not_started", error=str(error))
                return None
            return self._child


def page_command(config: Path) -> tuple[str, ...]:
    """How the page of this configuration is served."""
    return (sys.executable, "-m", "agent.cli.main", "web", "--config", str(config), "--with-parent")


def _end(child: subprocess.Popen[bytes]) -> None:
    _close(child)  # it ends by itself, as if we were gone
    child.terminate()
    try:
        child.wait(_FAREWELL_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _close(child: subprocess.Popen[bytes]) -> None:
    """Close the pipe; nothing was ever written to it."""
    if child.stdin is not None:
        child.stdin.close()
