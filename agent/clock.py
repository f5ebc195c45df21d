"""Clocks: the system's, a faster one for embedded accounts, and a stepped one for simulation."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The time of this machine."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class FastClock:
    """Runs `speed` times as fast as the system's clock since `origin`.

    Every process that is given the same origin and speed sees the same time.
    """

    origin: datetime
    speed: float

    def now(self) -> datetime:
        real = time.time() - self.origin.timestamp()
        return self.origin + timedelta(seconds=real * self.speed)


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
