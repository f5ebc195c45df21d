"""Emergency: what became of changes and the ledger could not be told, kept in a file until it can.

A line for each change, fsynced, in room that was set apart while there was some. While a line
stands in it nothing is sent; a daemon tells the ledger when it leads again, and blanks the line.
"""

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from agent.domain.outcome import State, Step

EMERGENCY_FILE = "unrecorded.jsonl"

_ROOM = 64 * 1024  # bytes: hundreds of outcomes; one call sends 50 changes at most


@dataclass(frozen=True, slots=True)
class Unrecorded:
    """A step that the ledger could not be told; `at` is when it was seen (UTC)."""

    step: Step
    at: datetime


class Emergency:
    """The file of one state folder."""

    def __init__(self, state: Path) -> None:
        self._path = state / EMERGENCY_FILE

    def set_apart(self) -> None:
        """Make room, so that a full disk does not swallow what is to be kept.

        Raises:
            OSError: There is none.
        """
        if not self._path.exists() or self._path.stat().st_size < _ROOM:
            self._write(self.kept())

    def kept(self) -> list[Unrecorded]:
        """What the ledger was not told yet, oldest first.

        Raises:
            OSError, ValueError: It cannot be read.
        """
        try:
            lines = self._path.read_text(encoding="utf-8").split()
        except FileNotFoundError:
            return []
        return [_unrecorded(json.loads(line)) for line in lines]

    def keep(self, steps: Sequence[Step], at: datetime) -> None:
        """Put these behind what is kept; on the disk when this returns.

        Raises:
            OSError, ValueError: It could not be done.
        """
        self._write([*self.kept(), *(Unrecorded(step, at) for step in steps)])

    def forget(self, told: Iterable[Unrecorded]) -> None:
        """Blank what the ledger knows by now.

        Raises:
            OSError, ValueError: It could not be done.
        """
        gone = list(told)
        self._write([one for one in self.kept() if one not in gone])

    def reason_to_stop(self) -> str:
        """Why nothing may be sent; "" when nothing speaks against it."""
        try:
            n = len(self.kept())
        except (OSError, ValueError, KeyError, TypeError) as error:
            return f"{self._path.name} in the state folder cannot be read: {error}"
        if not n:
            return ""
        return (
            f"the ledger could not be told what became of {n} changes, which is kept in {self._path.name}; "
            "`gebot run` tells it when the ledger can be written"
        )

    def _write(self, unrecorded: Sequence[Unrecorded]) -> None:
        """In place: a file that is made anew may find no room."""
        lines = "".join(_line(one) for one in unrecorded).encode()
        fd = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            os.pwrite(fd, lines + b"\n" * max(0, _ROOM - len(lines)), 0)
            os.fsync(fd)
        finally:
            os.close(fd)


def _line(one: Unrecorded) -> str:
    step = one.step
    found = {"plan": step.plan_id, "change": step.change_id, "state": step.state, "at": one.at.isoformat()}
    return (
        json.dumps({**found, "because": step.because}, separators=(",", ":")).replace(" ", "\\u0020") + "\n"
    )


def _unrecorded(found: dict[str, str]) -> Unrecorded:
    step = Step(found["plan"], found["change"], State(found["state"]), found["because"])
    return Unrecorded(step, datetime.fromisoformat(found["at"]))
