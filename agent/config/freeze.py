"""Freeze settings: windows of the calendar in which nothing is changed."""

import re
from datetime import date, datetime, time, timedelta
from typing import Annotated

from pydantic import Field, PlainSerializer, PlainValidator, ValidationInfo, field_validator

from agent.config.faults import fault
from agent.config.names import Name, NotEmpty, Table
from agent.domain.freeze_window import Bound, FreezeWindow, WeekTime
from agent.domain.lever import Lever

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_EXPECTED = (
    "a date such as '2026-11-26', with '18:00' behind it, or a time of the week, 'fri 18:00', is right"
)
_DATED = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[ T]([01]\d|2[0-3]):([0-5]\d))?", re.ASCII)
_WEEKLY = re.compile(r"([a-z]+)(?: ([01]?\d|2[0-3]):([0-5]\d))?", re.ASCII | re.IGNORECASE)


def _bound(value: object, *, ends: bool) -> Bound:
    """A bound; a day without a time is meant whole, so a window ends when it is over."""
    if isinstance(value, WeekTime):
        return value
    if isinstance(value, datetime):
        if value.tzinfo is not None or value.second or value.microsecond:
            raise fault("the account's local time to the minute, without a zone, is right")
        return value
    if isinstance(value, date):
        return _day(value, ends=ends)
    return _written(value if isinstance(value, str) else "", ends=ends)


def _written(text: str, *, ends: bool) -> Bound:
    if match := _DATED.fullmatch(text):
        year, month, day, hour, minute = match.groups()
        try:
            found = date(int(year), int(month), int(day))
        except ValueError:
            raise fault("a day that exists is right") from None
        return (
            _day(found, ends=ends) if hour is None else datetime.combine(found, time(int(hour), int(minute)))
        )
    match = _WEEKLY.fullmatch(text)
    weekday = None if match is None else _weekday(match[1].lower())
    if match is None or weekday is None:
        raise fault(_EXPECTED)
    if match[2] is None:
        return WeekTime((weekday + 1) % 7 if ends else weekday, time())
    return WeekTime(weekday, time(int(match[2]), int(match[3])))


def _weekday(word: str) -> int | None:
    """Its number, Monday is 0; None where it is no weekday."""
    found = [n for n, name in enumerate(_WEEKDAYS) if word in (name, name[:3])]
    return found[0] if found else None


def _day(day: date, *, ends: bool) -> datetime:
    if not date(2000, 1, 1) <= day < date(2200, 1, 1):
        raise fault("a day of this or the next century is right")
    return datetime.combine(day + timedelta(days=1) if ends else day, time())


def _text(bound: Bound) -> str:
    if isinstance(bound, WeekTime):
        return f"{_WEEKDAYS[bound.weekday][:3]} {bound.at:%H:%M}"
    return f"{bound:%Y-%m-%d %H:%M}"


Begins = Annotated[Bound, PlainValidator(lambda value: _bound(value, ends=False)), PlainSerializer(_text)]
Ends = Annotated[Bound, PlainValidator(lambda value: _bound(value, ends=True)), PlainSerializer(_text)]


class FreezeSettings(Table):
    """One window: in it nothing is changed, neither raised nor cut nor paused.

    Attributes:
        begins, ends: Local times of the account. Both are dates, or both times of the week.
        levers: Those that rest; None: all.
    """

    name: Name
    begins: Annotated[Begins, Field(alias="from")]
    ends: Annotated[Ends, Field(alias="until")]
    levers: Annotated[tuple[Lever, ...], NotEmpty] | None = None

    @field_validator("ends")
    @classmethod
    def _after_its_begin(cls, ends: Bound, info: ValidationInfo) -> Bound:
        begins = info.data.get("begins")
        if begins is None:
            return ends
        if isinstance(begins, WeekTime) is not isinstance(ends, WeekTime):
            kind = "a time of the week such as 'mon 06:00'" if isinstance(begins, WeekTime) else "a date"
            raise fault(f"{kind}, as in from, is right")
        if begins == ends or (isinstance(begins, datetime) and isinstance(ends, datetime) and ends < begins):
            raise fault(f"a moment after from, {_text(begins)}, is right")
        return ends

    @property
    def window(self) -> FreezeWindow:
        levers = None if self.levers is None else frozenset(self.levers)
        return FreezeWindow(self.name, self.begins, self.ends, levers)
