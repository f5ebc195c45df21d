"""Budget edits: a count that outlives the process, because Meta allows four an hour of each object.

Meta blocks the budget of an ad set for an hour after the fourth change within an hour, whoever made
them and whether they succeeded. Each attempt is written down before it is sent, in one line of a
file that processes share; who finds four lines of an object waits.
"""

import fcntl
import os
import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

PER_HOUR = 4
_MARGIN = timedelta(minutes=1)  # between our clock and Meta's
WINDOW = timedelta(hours=1) + _MARGIN
_BLOCKED = "blocked"
_LONG = 1 << 20  # bytes; a longer file is cut down to the last hour


@dataclass(slots=True)
class BudgetEdits:
    """Attempts to change budgets, by the key of each object ("ad_set/123").

    Attributes:
        path: Of the file; None: in memory, for as long as the process lives.
    """

    path: Path | None
    per_hour: int = PER_HOUR
    _lines: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def reserve(self, keys: Sequence[str], now: datetime) -> list[datetime | None]:
        """Write down an attempt for each key that may go; for the others, when they may (UTC).

        Raises:
            OSError: The file cannot be written; nothing may be sent.
        """
        with self._locked() as lines:
            answers: list[datetime | None] = []
            fresh: list[str] = []
            seen = _seen(lines, set(keys))
            for key in keys:
                told = seen.setdefault(key, _Seen([], []))
                until = told.free_at(self.per_hour)
                if until is not None and until > now:
                    answers.append(until)
                    continue
                answers.append(None)
                told.edits.append(now)
                fresh.append(f"{now.isoformat()} edit {key}")
            self._append(fresh, now)
        return answers

    def block(self, key: str, now: datetime) -> None:
        """Write down that Meta has blocked the budget of this object, from now for an hour."""
        with self._locked():
            self._append([f"{now.isoformat()} {_BLOCKED} {key}"], now)

    @contextmanager
    def _locked(self) -> Iterator[list[str]]:
        """The lines so far, while no other thread or process may add any."""
        with self._lock:
            if self.path is None:
                yield self._lines
                return
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.with_suffix(".lock").open("ab") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                text = self.path.read_text(errors="replace") if self.path.exists() else ""
                yield text.splitlines()

    def _append(self, fresh: Sequence[str], now: datetime) -> None:
        if not fresh:
            return
        if self.path is None:
            self._lines += fresh
            return
        with self.path.open("ab") as file:
            # A process that was killed may have left half a line, which must not swallow this one.
            file.write(("\n" + "".join(f"{line}\n" for line in fresh)).encode())
            _to_disk(file)
        if self.path.stat().st_size > _LONG:
            self._cut_down(now)

    def _cut_down(self, now: datetime) -> None:
        assert self.path is not None
        lines = self.path.read_text(errors="replace").splitlines()
        recent = [line for line in lines if (at := _at(line)) is not None and at > now - 2 * WINDOW]
        shorter = self.path.with_suffix(".new")
        with shorter.open("wb") as file:
            file.write("".join(f"{line}\n" for line in recent).encode())
            _to_disk(file)
        shorter.replace(self.path)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the file says of one object."""

    edits: list[datetime]
    blocks: list[datetime]

    def free_at(self, per_hour: int) -> datetime | None:
        """When the next change may go; None: at any time."""
        free = [at + WINDOW for at in self.blocks]
        if len(self.edits) >= per_hour:
            free.append(sorted(self.edits)[-per_hour] + WINDOW)
        return max(free, default=None)


def _seen(lines: Sequence[str], keys: Collection[str]) -> dict[str, _Seen]:
    """What the lines say of these objects, in one pass."""
    found: dict[str, _Seen] = {}
    for line in lines:
        key = line.rpartition(" ")[2]
        at = _at(line) if key in keys else None
        if at is not None:
            told = found.setdefault(key, _Seen([], []))
            (told.blocks if line.split(" ")[1] == _BLOCKED else told.edits).append(at)
    return found


def _at(line: str) -> datetime | None:
    """When a line was written; None for half a line."""
    words = line.split(" ")
    if len(words) != 3:
        return None
    try:
        at = datetime.fromisoformat(words[0])
    except ValueError:
        return None
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)


def _to_disk(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())
