"""Quota: how many operations a Cloud project has used in 24 hours, and how many it may still use.

Google counts by project, not by account, in a window of 24 hours that slides. A query is one
operation whatever its size, and so is each resource of a mutate request.
"""

from collections.abc import Mapping
from datetime import datetime

from adapters.google_ads.memory import Memory, Numbers
from agent.domain.errors import RateLimited
from agent.ports.clock import Clock

_HOUR_S = 3600
_COUNTED_S = 25 * _HOUR_S  # an operation counts until 24 hours after the end of its hour
_KEPT_BACK = 5  # one in five is kept for writes and for reading them back
_PAUSE = "pause"


class Quota:
    """Counts operations before they go on the wire. Safe to share between threads and processes."""

    def __init__(self, memory: Memory, clock: Clock, per_day: int) -> None:
        """Count in this memory, which all accounts of the project share.

        Args:
            per_day: What Google allows in 24 hours; 0: no limit.
        """
        self._memory = memory
        self._clock = clock
        self._per_day = per_day

    def take(self, account: str, operations: int = 1, *, urgent: bool) -> None:
        """Count these operations of an account, which go now.

        Args:
            urgent: They write, or say what became of a write: they may use what is kept back.

        Raises:
            RateLimited: There is no room for them, or Google has said to wait. None were counted.
        """
        now = self._clock.now()
        allowed = self._per_day - (0 if urgent else self._per_day // _KEPT_BACK)

        def count(page: Numbers) -> float:
            wait_s = _paused_s(page, account, now) or (
                _wait_s(page, operations, allowed, now) if self._per_day else 0.0
            )
            if not wait_s:
                hour = f"{int(now.timestamp()) // _HOUR_S * _HOUR_S}"
                page[hour] = page.get(hour, 0) + operations
                _forget(page, now)
            return wait_s

        wait_s = self._memory.change(count)
        if wait_s:
            raise RateLimited(f"google_ads:{account}", self._words(now, urgent=urgent), wait_s)

    def room(self, operations: int) -> int:
        """How many of these operations may still be written now."""
        if not self._per_day:
            return operations
        return max(0, min(operations, self._per_day - self.used()))

    def used(self) -> int:
        """Operations of the last 24 hours."""
        return int(_used(self._memory.read(), self._clock.now()))

    def told(self) -> str:
        """How much of the limit is used, for people."""
        if not self._per_day:
            return f"{self.used():,} operations in 24 hours, without a limit"
        return f"{self.used():,} of the project's {self._per_day:,} operations in 24 hours are used"

    def pause(self, account: str, seconds: float) -> None:
        """Send nothing for so long, because Google said so.

        Args:
            account: "" where Google spoke of the whole project.
        """
        # Whatever Google asks for, it is asked again once a day.
        until = self._clock.now().timestamp() + min(max(seconds, 0.0), 24.0 * _HOUR_S)

        def write(page: Numbers) -> None:
            page[f"{_PAUSE} {account}"] = max(until, page.get(f"{_PAUSE} {account}", 0.0))

        self._memory.change(write)

    def _words(self, now: datetime, *, urgent: bool) -> str:
        used = int(_used(self._memory.read(), now))
        words = f"{used} of {self._per_day} operations of 24 hours are used" if self._per_day else "paused"
        kept = "" if urgent or not self._per_day else f", {self._per_day // _KEPT_BACK} are kept for writes"
        return f"Google's quota must not be asked for more now ({words}{kept})"


def _paused_s(page: Mapping[str, float], account: str, now: datetime) -> float:
    until = max(page.get(f"{_PAUSE} {who}", 0.0) for who in ("", account))
    return max(0.0, until - now.timestamp())


def _used(page: Mapping[str, float], now: datetime) -> float:
    oldest = now.timestamp() - _COUNTED_S
    return sum(n for name, n in page.items() if _is_hour(name) and int(name) > oldest)


def _wait_s(page: Mapping[str, float], operations: int, allowed: int, now: datetime) -> float:
    """Seconds until so many more may go; a whole day where they never may."""
    surplus = _used(page, now) + operations - allowed
    if surplus <= 0:
        return 0.0
    oldest = now.timestamp() - _COUNTED_S
    for hour in sorted(int(each) for each in page if _is_hour(each) and int(each) > oldest):
        surplus -= page[str(hour)]
        if surplus <= 0:
            return hour + _COUNTED_S - now.timestamp()
    return 24.0 * _HOUR_S


def _forget(page: Numbers, now: datetime) -> None:
    """Drop hours that no longer count and pauses that are over."""
    oldest = now.timestamp() - _COUNTED_S
    for name, number in list(page.items()):
        is_old = int(name) <= oldest if _is_hour(name) else number <= now.timestamp()
        if is_old:
            del page[name]


def _is_hour(name: str) -> bool:
    """True for seconds since 1970; pauses are called otherwise."""
    return name.isascii() and name.isdigit() and len(name) <= 12
