"""Clocks: the system's, an embedded account's faster one, and a stepped one for simulation."""

import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The time of this machine."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class EmbeddedClock:
    """Runs `speed` times as fast as real time, but only while the agent runs.

    The agent calls `wind` at each tick, which writes down how far it came. Other processes
    read that and go on from there for `slack_s` real seconds at most: when the agent does
    not run, the embedded account's time stands still.
    """

    def __init__(self, path: Path, speed: float, slack_s: float = 10.0) -> None:
        self._path = path
        self._speed = speed
        self._slack_s = slack_s
        self._leads = False
        self._real = time.time()
        self._embedded = datetime.now(UTC)

    def now(self) -> datetime:
        if not self._leads:
            self._read()
        gone_s = max(0.0, time.time() - self._real)
        if not self._leads:
            gone_s = min(gone_s, self._slack_s)
        return self._embedded + timedelta(seconds=gone_s * self._speed)

    def wind(self) -> None:
        """Write down how far the embedded time came; the first call takes it over."""
        if not self._leads:
            self._read()
            self._real = time.time()
            self._leads = True
        now = self.now()
        self._path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"real": time.time(), "embedded": now.isoformat()})
        part = self._path.with_suffix(".part")
        part.write_text(text, encoding="utf-8")
        part.replace(self._path)

    def _read(self) -> None:
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return
        self._real = float(found["real"])
        self._embedded = datetime.fromisoformat(found["embedded"])


class SteppedClock:
    """Stands still until it is told to move."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def move_to(self, moment: datetime) -> None:
        """Move forward; going back is a mistake of the caller."""
        if moment < self._now:
            raise ValueError(f"clock was at {self._now}, cannot move back to {moment}")
        self._now = moment
