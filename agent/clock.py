"""Clocks: the system's, an embedded account's faster one, and a stepped one for simulation."""

import json
import time
import urllib.request
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The time of this machine."""

    @property
    def speed(self) -> float:
        return 1.0

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class _Wound:
    """How far the embedded time was at a moment of real time, in seconds since 1970."""

    real_s: float
    embedded: datetime

    def after(self, gone_s: float, speed: float) -> datetime:
        """The embedded time so many real seconds later; a machine's clock that was set back stops it."""
        return self.embedded + timedelta(seconds=max(0.0, gone_s) * speed)


class EmbeddedClock:
    """Runs `speed` times as fast as real time, but only while the agent runs.

    The agent calls `wind` at each tick, which writes down how far it came. Other processes
    read that and go on from there for `slack_s` real seconds at most: when the agent does
    not run, the embedded account's time stands still. Before the first `wind` it is the real
    time. It never goes back: an agent begins at what others may have seen, and a file that cannot
    be read raises a `ValueError` rather than begin anew.
    """

    def __init__(self, path: Path, speed: float, slack_s: float = 10.0) -> None:
        self._path = path
        self.speed = speed
        self._slack_s = slack_s
        self._taken_over: _Wound | None = None

    def now(self) -> datetime:
        if self._taken_over is not None:
            return self._taken_over.after(time.time() - self._taken_over.real_s, self.speed)
        wound = self._read()
        if wound is None:
            return datetime.fromtimestamp(time.time(), UTC)
        return wound.after(min(time.time() - wound.real_s, self._slack_s), self.speed)

    def wind(self) -> None:
        """Write down how far the embedded time came; the first call takes it over."""
        now = self.now()
        if self._taken_over is None:
            self._taken_over = _Wound(time.time(), now)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"real": time.time(), "embedded": now.isoformat()})
        part = self._path.with_suffix(".part")
        part.write_text(text, encoding="utf-8")
        part.replace(self._path)

    def _read(self) -> _Wound | None:
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))
            wound = _Wound(float(found["real"]), datetime.fromisoformat(found["embedded"]))
            wound.after(self._slack_s, self.speed).astimezone(UTC)
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
            raise ValueError(f"{self._path} does not tell a time ({type(error).__name__})") from error
        return wound


class FollowedClock:
    """The time of a sandbox, asked of its control port at most four times a second and carried on between.

    A sandbox that does not answer is taken to go on as before. It never goes back.
    """

    def __init__(self, control: str, ask_every_s: float = 0.25) -> None:
        """Follow the sandbox at this address.

        Raises:
            OSError: It does not answer; nothing is known of its time yet.
        """
        self._url = f"{control.rstrip('/')}/clock"
        self._ask_every_s = ask_every_s
        self._asked_at = time.monotonic()
        self._moment, self.speed = self._ask()
        self._told = self._moment

    def now(self) -> datetime:
        gone_s = time.monotonic() - self._asked_at
        if gone_s > self._ask_every_s:
            try:
                moment, self.speed = self._ask()
                self._asked_at, self._moment, gone_s = time.monotonic(), moment, 0.0
            except OSError:
                pass  # it is busy or has ended; what needs it will say so
        self._told = max(self._told, self._moment + timedelta(seconds=gone_s * self.speed))
        return self._told

    def _ask(self) -> tuple[datetime, float]:
        with urllib.request.urlopen(self._url, timeout=5.0) as reply:  # noqa: S310  # config lets http on loopback through alone
            found = json.load(reply)
        return datetime.fromisoformat(found["time"]), float(found["speed"])


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
