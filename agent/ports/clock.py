"""Clock: what the agent asks for the time."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Nothing else is asked for the time."""

    def now(self) -> datetime:
        """The moment, UTC, with time zone."""
        ...
