"""Violations: limits of the platform that a client has broken, for those who check."""

import threading
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Violation:
    """Something that a client should never have sent.

    Attributes:
        time: ISO 8601, UTC, by the sandbox's clock.
        what: Which limit, in one word ("too_many_operations").
        resource: What it was about; "" for the whole call.
        because: In words.
    """

    time: str
    what: str
    resource: str
    who: str
    request_id: str
    because: str


class Violations:
    """All since the start, oldest first. Safe between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: list[Violation] = []

    def add(self, violation: Violation) -> None:
        with self._lock:
            self._found.append(violation)

    def found(self) -> tuple[Violation, ...]:
        with self._lock:
            return tuple(self._found)
