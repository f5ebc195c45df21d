"""Leader: a lock on a file, held for life, so that one daemon works and the others wait."""

import fcntl
import os
from collections.abc import Sequence
from pathlib import Path

from agent.domain.ref import AccountId

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
        self.release()  # the file was replaced: what we hold is nobody's lock any more
        try:
            fd = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except (FileNotFoundError, NotADirectoryError):
            return False  # the state folder is gone: whoever made it anew would be a second leader
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
        except OSError:
            return False

    def release(self) -> None:
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None


class FileLeases:
    """All accounts or none: one file of the state folder stands for all of them."""

    def __init__(self, state: Path) -> None:
        self._state = state
        self._lock = LeaderLock(state)

    def hold(self, accounts: Sequence[AccountId]) -> frozenset[AccountId]:
        return frozenset(accounts if self._lock.take() else ())

    def holds(self, account: AccountId) -> bool:
        return self._lock.held

    def taken(self, accounts: Sequence[AccountId]) -> frozenset[AccountId]:
        return frozenset(accounts if self._lock.held or somebody_leads(self._state) else ())

    def release(self) -> None:
        self._lock.release()


def somebody_leads(state: Path) -> bool:
    """Whether any process holds the lead right now."""
    path = state / LOCK_FILE
    try:
        fd = os.open(path, os.O_RDWR)
    except OSError:
        return False
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(fd)
    return False
