"""Throttle: how often somebody may try to sign in. Kept in memory; a restart forgets it."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

WINDOW = timedelta(minutes=15)

_MOST_KEYS = 10_000

_OF_PAIR = 5
_OF_ADDRESS = 30
_OF_NAME = 50
"""Higher than from one address: or whoever knows a name could shut its owner out."""


@dataclass(slots=True)
class Throttle:
    """Failed attempts within the last quarter of an hour: of a name from an address, of each alone."""

    _failed: dict[tuple[str, str], deque[datetime]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def wait(self, name: str, address: str, now: datetime) -> timedelta | None:
        """How long it takes until another attempt is heard; None when it is heard now."""
        with self._lock:
            waits = [self._wait(key, most, now) for key, most in _limits(name, address)]
        return max((one for one in waits if one is not None), default=None)

    def failed(self, name: str, address: str, now: datetime) -> None:
        """Count a wrong password or an unknown name."""
        with self._lock:
            for key, most in _limits(name, address):
                self._failed.setdefault(key, deque(maxlen=most)).append(now)
            if len(self._failed) > _MOST_KEYS:
                self._forget(now)

    def succeeded(self, name: str, address: str) -> None:
        """The name from this address starts afresh."""
        with self._lock:
            self._failed.pop((name, address), None)

    def _wait(self, key: tuple[str, str], most: int, now: datetime) -> timedelta | None:
        failed = self._failed.get(key)
        if failed is None or len(failed) < most or failed[0] + WINDOW <= now:
            return None
        return failed[0] + WINDOW - now

    def _forget(self, now: datetime) -> None:
        """Keep what still counts, and of that no more than there is room for."""
        alive = {key: times for key, times in self._failed.items() if times[-1] + WINDOW > now}
        self._failed = dict(list(alive.items())[-_MOST_KEYS // 2 :])


def _limits(name: str, address: str) -> tuple[tuple[tuple[str, str], int], ...]:
    return (((name, address), _OF_PAIR), (("", address), _OF_ADDRESS), ((name, ""), _OF_NAME))
