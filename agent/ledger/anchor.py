"""Anchor: the head of the chain in a file of its own, which is only ever appended to.

A chain tells what was altered within it, but not that its end was cut off, nor that the whole
ledger is an older one. That shows against the heads that were written down elsewhere.
"""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

from agent.domain.audit import Head
from agent.domain.errors import LedgerError

_READ_BYTES = 1 << 16  # far more lines than are written between two that lie in order


class Anchor:
    """Heads as lines of JSON; the operating system appends, so that no writer can reach back."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def is_begun(self) -> bool:
        """Whether anything was ever written down here.

        Raises:
            LedgerError: Nobody can tell.
        """
        try:
            return self.path.stat().st_size > 0
        except FileNotFoundError:
            return False
        except OSError as error:
            raise self._trouble(error) from error

    def check(self) -> None:
        """Open it for writing, before anything is decided that would have to be anchored.

        Raises:
            LedgerError: It cannot be written.
        """
        try:
            os.close(self._open())
        except OSError as error:
            raise self._trouble(error) from error

    def append(self, head: Head, *, afresh: bool = False) -> None:
        """Write the head down; it is on the disk when this returns.

        Args:
            afresh: What was anchored before counts no more: the ledger was restored, and a
                person was told.

        Raises:
            LedgerError: It could not be written.
        """
        record = {"number": head.number, "seal": head.seal, "at": head.at.astimezone(UTC).isoformat()}
        if afresh:
            record["afresh"] = True
        try:
            fd = self._open()
            try:
                broken_off = "" if self._ends_whole(fd) else "\n"
                os.write(fd, (broken_off + json.dumps(record) + "\n").encode())
                os.fsync(fd)
            finally:
                os.close(fd)
        except OSError as error:
            raise self._trouble(error) from error

    def last(self) -> Head | None:
        """The furthest head that was written down; None when none was.

        Two processes may write theirs in the other order than they decided.

        Raises:
            LedgerError: It cannot be read.
        """
        heads = self._heads(_READ_BYTES)
        return max(heads, key=lambda head: head.number, default=None)

    def heads(self) -> list[Head]:
        """All that were written down since it was last begun afresh, in the order of the file.

        Raises:
            LedgerError: It cannot be read.
        """
        return self._heads(None)

    def _heads(self, last_bytes: int | None) -> list[Head]:
        try:
            with self.path.open("rb") as file:
                size = file.seek(0, os.SEEK_END)
                file.seek(0 if last_bytes is None else max(0, size - last_bytes))
                lines = file.read().decode(errors="replace").splitlines()
        except FileNotFoundError:
            return []
        except OSError as error:
            raise self._trouble(error) from error
        heads: list[Head] = []
        for line in lines:
            try:
                record = json.loads(line)
                head = Head(int(record["number"]), str(record["seal"]), datetime.fromisoformat(record["at"]))
            except (ValueError, KeyError, TypeError):
                continue  # a line that a dying process left, or the rest of one that was not read whole
            if record.get("afresh"):
                heads.clear()
            heads.append(head)
        return heads

    def _open(self) -> int:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)

    @staticmethod
    def _ends_whole(fd: int) -> bool:
        size = os.fstat(fd).st_size
        return size == 0 or os.pread(fd, 1, size - 1) == b"\n"

    def _trouble(self, error: OSError) -> LedgerError:
        return LedgerError(
            f"the anchor {self.path} cannot be used: {error.strerror}; gebot sends nothing without it"
        )
