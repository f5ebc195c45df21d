"""Leader: a lock on a file, held for life, so that one daemon works and the others wait."""

import fcntl
import os
from pathlib import Path

LOCK_FILE = "leader.lock"


class LeaderLock:
    """The right to lead. The operating system takes it back when the process ends, however it ends."""

    def __init__(self, state: Path) -> None:
        self._path = state / LOCK_FILE
        self._fd: int | None = None

    def take(self) -> bool:
        """Try to take the lead; True when it is ours now."""
        if self.held:
            return True
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fd = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(fd)
            return False
        self._fd = fd
        return self.held

    @property
    def held(self) -> bool:
        """True while the lock is ours and still is the file that others would lock."""
        if self._fd is None:
            return False
        try:
            return os.fstat(self._fd).st_ino == self._path.stat().st_ino
        except FileNotFoundError:
            return False

    def release(self) -> None:
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None


def somebody_leads(state: Path) -> bool:
    """Whether any process holds the lead right now."""
    lock = LeaderLock(state)
    taken = lock.take()
    lock.release()
    return not taken
