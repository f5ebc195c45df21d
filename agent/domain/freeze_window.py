"""FreezeWindow: hours of a calendar in which nothing is changed, once or every week."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

from agent.domain.lever import Lever

_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, order=True)
class WeekTime:
    """A moment of each week; Monday is 0."""

    weekday: int
    at: time

    @property
    def since_monday(self) -> timedelta:
        return timedelta(days=self.weekday, hours=self.at.hour, minutes=self.at.minute)


Bound: TypeAlias = datetime | WeekTime
"""Local time of the account, without a zone."""


@dataclass(frozen=True, slots=True)
class FreezeWindow:
    """From `begins`, included, until `ends`, not included; both dates, or both times of the week.

    Attributes:
        levers: Those that rest; None: all but marked hours, which move no money.
    """

    name: str
    begins: Bound
    ends: Bound
    levers: frozenset[Lever] | None = None

    def __post_init__(self) -> None:
        weekly = isinstance(self.begins, WeekTime)
        if weekly is not isinstance(self.ends, WeekTime):
            raise ValueError(
                f"{self.name}: it begins {self.begins} and ends {self.ends}, one of a kind is right"
            )
        if self.begins == self.ends or (not weekly and self.begins > self.ends):  # type: ignore[operator]  # both are dates
            raise ValueError(f"{self.name}: it ends {self.ends}, a moment after its begin is right")

    def holds(self, lever: Lever) -> bool:
        """Whether the lever rests while it is open."""
        return not lever.is_of_hours if self.levers is None else lever in self.levers

    def open_until(self, moment: datetime, zone: ZoneInfo) -> datetime | None:
        """When it closes (UTC), if it is open at that moment; None: it is not.

        Where clocks are changed, a local time that comes twice or never is taken so that the
        window is the longer one.
        """
        if isinstance(self.begins, WeekTime):
            return self._this_week(moment, zone)
        assert isinstance(self.ends, datetime)
        return _within(moment, self.begins, self.ends, zone)

    def _this_week(self, moment: datetime, zone: ZoneInfo) -> datetime | None:
        assert isinstance(self.begins, WeekTime)
        assert isinstance(self.ends, WeekTime)
        lasts = (self.ends.since_monday - self.begins.since_monday) % _WEEK
        today = moment.astimezone(zone).date()
        monday = today - timedelta(days=today.weekday())
        # Last week's may still be open; where a night is lost, tomorrow's may be the next week's.
        found = [
            until
            for week in (-1, 0, 1)
            if (until := self._of_week(monday + week * _WEEK, lasts, moment, zone)) is not None
        ]
        return max(found, default=None)

    def _of_week(self, monday: date, lasts: timedelta, moment: datetime, zone: ZoneInfo) -> datetime | None:
        assert isinstance(self.begins, WeekTime)
        begins = datetime.combine(monday, time()) + self.begins.since_monday
        return _within(moment, begins, begins + lasts, zone)


def _within(moment: datetime, begins: datetime, ends: datetime, zone: ZoneInfo) -> datetime | None:
    first = min(_both(begins, zone))
    last = max(_both(ends, zone))
    return last if first <= moment < last else None


def _both(local: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The moments that a local time may mean (UTC); twice the same but where clocks are changed."""
    early, late = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return early, late
