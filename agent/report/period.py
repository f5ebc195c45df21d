"""Period: the days that a report is about, and those that they are held against."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from agent.domain.entity import Days, Flags

_DAY = timedelta(days=1)
_MONTHS = tuple(calendar.month_name)


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `first` to `last`, both included; of none, `last` is the day before `first`."""

    first: date
    last: date
    name: str

    @property
    def n_days(self) -> int:
        return (self.last - self.first).days + 1

    def among(self, days: Days) -> Flags:
        """Which of these days are in it."""
        inside: Flags = (days >= np.datetime64(self.first)) & (days <= np.datetime64(self.last))
        return inside


@dataclass(frozen=True, slots=True)
class Period:
    """A day or a month in an account's time zone.

    Attributes:
        span: The days that are over.
        before: What they are held against: of a day the week before it, of a month as many days of the
            month before.
        ends: The last day, over or not.
        is_month: A month, and not a day.
    """

    span: Span
    before: Span
    ends: date
    is_month: bool

    @property
    def name(self) -> str:
        return self.span.name

    @classmethod
    def day(cls, day: date) -> "Period":
        week = Span(day - 7 * _DAY, day - _DAY, "the 7 days before")
        return cls(Span(day, day, _name_of(day)), week, day, is_month=False)

    @classmethod
    def month(cls, first: date, today: date) -> "Period":
        """The month that begins on `first`, up to the day before `today`."""
        ends = first.replace(day=calendar.monthrange(first.year, first.month)[1])
        last = min(ends, today - _DAY)
        name = f"{_MONTHS[first.month]} {first.year}"
        before_ends = first - _DAY
        before_first = before_ends.replace(day=1)
        before_last = before_ends if last == ends else before_first + (last - first)
        before_last = min(before_last, before_ends)
        whole = before_last == before_ends
        before_name = f"{_MONTHS[before_first.month]} {before_first.year}"
        if not whole:
            before_name = f"1 to {before_last.day} {before_name}"
        return cls(Span(first, last, name), Span(before_first, before_last, before_name), ends, is_month=True)


def _name_of(day: date) -> str:
    return f"{calendar.day_name[day.weekday()]}, {day.day} {_MONTHS[day.month]} {day.year}"
