"""Quota: how many operations an account may do, by the day and by the minute."""

import threading
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from simulations.sandbox.google_ads.refusal import Refusal

TEST_ACCOUNTS_PER_DAY = 15_000
EXPLORER_PER_DAY = 2_880
"""Operations on one day that Google lets a Cloud project do at its two lowest levels of access."""

_DAYS_ZONE = ZoneInfo("America/Los_Angeles")  # where Google's quota days begin, not documented


@dataclass(frozen=True, slots=True)
class Allowance:
    """Operations that may be done; None: as many as one likes."""

    per_day: int | None = None
    per_minute: int | None = None


class Quota:
    """Counts operations: one for each query, one for each mutated resource. Safe between threads."""

    def __init__(self, allowance: Allowance) -> None:
        self._allowance = allowance
        self._lock = threading.Lock()
        self._day: date | None = None
        self._done = 0
        self._left = float(allowance.per_minute or 0)
        self._filled: datetime | None = None

    @property
    def done_today(self) -> int:
        """Operations on the day of the last call."""
        with self._lock:
            return self._done

    def take(self, operations: int, now: datetime) -> None:
        """Count a call.

        Raises:
            Refusal: There is no more for it; it is not counted.
        """
        with self._lock:
            today = now.astimezone(_DAYS_ZONE).date()
            if today != self._day:
                self._day, self._done = today, 0
            per_day = self._allowance.per_day
            if per_day is not None and self._done + operations > per_day:
                raise Refusal(
                    "quota_error.RESOURCE_EXHAUSTED",
                    f"Too many operations today: {self._done} of {per_day} were done.",
                    of_project=True,
                )
            self._take_of_minute(operations, now)
            self._done += operations

    def _take_of_minute(self, operations: int, now: datetime) -> None:
        """Take from a bucket that fills up within a minute; a call larger than it needs it full."""
        per_minute = self._allowance.per_minute
        if per_minute is None:
            return
        if self._filled is not None:
            gained = per_minute * ((now - self._filled) / timedelta(minutes=1))
            self._left = min(float(per_minute), self._left + max(gained, 0.0))
        self._filled = now
        missing = min(operations, per_minute) - self._left
        if missing > 0.0:
            delay_s = 60.0 * missing / per_minute
            raise Refusal(
                "quota_error.RESOURCE_TEMPORARILY_EXHAUSTED",
                f"Too many requests. Retry in {delay_s:.0f} seconds.",
                retry_delay_s=max(delay_s, 1.0),
            )
        self._left -= operations
