"""Journal: the edits of a simulated account, in memory or in a file that processes share."""

import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, Protocol

from agent.domain.errors import Mistake
from agent.domain.ref import Kind

_LONGEST_LINE = 65_536


class Field(StrEnum):
    """What of a resource was edited."""

    AMOUNT = "amount_micros"
    LIFETIME_AMOUNT = "lifetime_amount_micros"
    STATUS = "status"  # 1 enabled, 0 paused
    CPC_BID = "cpc_bid_micros"
    BID_CAP = "bid_cap_micros"
    TARGET_CPA = "target_cpa_micros"
    TARGET_ROAS = "target_roas_millionths"
    EXCLUSION = "exclusion"  # of a data exclusion: 1 in force, 0 not
    MODIFIER = "modifier_millionths"  # of a seasonality adjustment: 1_000_000 is none


@dataclass(frozen=True, slots=True)
class PlatformEdit:
    """One change that took effect.

    Attributes:
        at: UTC.
        kind, id: What was edited; the amount of a campaign's budget is that of a campaign budget.
        by: Who, as the platform names people and programs.
        client: Through what it was made ("api", "web").
    """

    at: datetime
    kind: Kind
    id: str
    field: Field
    before: int
    after: int
    by: str
    client: str


class Journal(Protocol):
    """Append-only; what was appended is read back in the same order."""

    def unread(self) -> Sequence[PlatformEdit]:
        """Edits since the last call, whoever made them."""
        ...

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Keep every other writer out."""
        ...

    def append(self, edit: PlatformEdit) -> None:
        """Make the edit last. Only inside `exclusive`."""
        ...


class MemoryJournal:
    """For one process; nothing outlives it."""

    def __init__(self) -> None:
        self._unread: list[PlatformEdit] = []

    def unread(self) -> Sequence[PlatformEdit]:
        edits, self._unread = self._unread, []
        return edits

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        yield

    def append(self, edit: PlatformEdit) -> None:
        self._unread.append(edit)


class FileJournal:
    """A file of JSON lines: a headline that says whose it is, then one line for each edit.

    Writers take an exclusive lock on the file and sync it before they let go. The file is
    open only while it is used, so a journal needs no closing.
    """

    def __init__(self, path: Path, headline: str) -> None:
        """Open the journal, or begin it.

        Args:
            headline: One line of JSON; the file must begin with the same.

        Raises:
            Mistake: The file cannot be opened, or is the journal of another account or
                market. It is untouched.
        """
        self._path = path
        self._written_to: int | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with self.exclusive():
                if path.stat().st_size == 0:
                    self._write(headline)
        except OSError as error:
            raise Mistake(str(path), f"the journal cannot be opened: {error.strerror}") from error
        found = headline_of(path)
        if found != headline:
            raise Mistake(str(path), f"the journal is of {found}", f"{headline}, or another path")
        self._offset = len(headline.encode()) + 1

    def unread(self) -> Sequence[PlatformEdit]:
        if self._path.stat().st_size <= self._offset:
            return ()
        with self._path.open("rb") as file:
            file.seek(self._offset)
            text = file.read()
        # A line that is still being written has no end yet; it is read the next time.
        whole = text[: text.rfind(b"\n") + 1]
        edits = [self._parse(line) for line in whole.splitlines()]
        self._offset += len(whole)
        return edits

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Keep every other writer out; inside of itself it does nothing more."""
        if self._written_to is not None:
            yield
            return
        with self._path.open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            _cut_half_line(file)
            size = file.seek(0, os.SEEK_END)
            self._written_to = file.fileno()
            try:
                yield
            finally:
                self._written_to = None
                if os.fstat(file.fileno()).st_size != size:
                    os.fsync(file.fileno())

    def append(self, edit: PlatformEdit) -> None:
        self._write(
            json.dumps(
                {
                    "at": edit.at.isoformat(),
                    "kind": edit.kind,
                    "id": edit.id,
                    "field": edit.field,
                    "before": edit.before,
                    "after": edit.after,
                    "by": edit.by,
                    "client": edit.client,
                }
            )
        )

    def _write(self, line: str) -> None:
        if self._written_to is None:
            raise RuntimeError("the journal was written to outside of exclusive()")
        os.write(self._written_to, line.encode() + b"\n")

    def _parse(self, line: bytes) -> PlatformEdit:
        try:
            entry = json.loads(line)
            return PlatformEdit(
                at=datetime.fromisoformat(entry["at"]).astimezone(UTC),
                kind=Kind(entry["kind"]),
                id=str(entry["id"]),
                field=Field(entry["field"]),
                before=int(entry["before"]),
                after=int(entry["after"]),
                by=str(entry["by"]),
                client=str(entry["client"]),
            )
        except (ValueError, KeyError, TypeError) as error:
            found = f"a line is not an edit: {line[:80]!r}"
            raise Mistake(str(self._path), found, "restore the file or begin a new one") from error


def _cut_half_line(file: BinaryIO) -> None:
    """Drop what a writer left that died within a line; nobody was told that it stands."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(size - _LONGEST_LINE, 0))
    tail = file.read()
    if tail and not tail.endswith(b"\n"):
        file.truncate(size - len(tail) + tail.rfind(b"\n") + 1)


def headline_of(path: Path) -> str | None:
    """The headline of an existing journal; None when there is none yet."""
    if not path.exists():
        return None
    with path.open("rb") as file:
        return file.readline(_LONGEST_LINE).decode().rstrip("\n") or None
