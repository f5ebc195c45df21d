"""Durations and times of day as people write them: ``"90m"``, ``"1d 12h"``, ``"06:00"``."""

import re
from datetime import time, timedelta
from typing import Annotated

from pydantic import PlainSerializer, PlainValidator

from agent.config.faults import fault

_SECONDS = {"w": 604_800, "d": 86_400, "h": 3600, "m": 60, "s": 1}
_PART = re.compile(r"\s*(\d{1,9})\s*([wdhms])\s*", re.ASCII)
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)
_LONGEST = timedelta(days=3660)
_DAY = timedelta(days=1)


def duration_of(text: str) -> timedelta | None:
    """Read text such as ``"1d 12h"``; None when it is no duration, or one that no calendar holds."""
    end, seconds = 0, 0
    while part := _PART.match(text, end):
        seconds += int(part[1]) * _SECONDS[part[2]]
        end = part.end()
    readable = 0 < end == len(text) and seconds <= timedelta.max.total_seconds()
    return timedelta(seconds=seconds) if readable else None


def duration_text(duration: timedelta) -> str:
    """Write a duration of whole seconds as ``duration_of`` reads it."""
    rest, parts = int(duration.total_seconds()), []
    for unit, seconds in _SECONDS.items():
        if unit != "w" and rest >= seconds:
            parts.append(f"{rest // seconds}{unit}")
            rest %= seconds
    return " ".join(parts) or "0s"


def _duration(value: object) -> timedelta:
    if not isinstance(value, timedelta):
        read = duration_of(value) if isinstance(value, str) and len(value) <= 40 else None
        if read is None:
            raise fault("a duration such as '90m', '20h' or '3d' is right")
        value = read
    if not timedelta() < value <= _LONGEST:
        raise fault("a duration above zero and below ten years is right")
    return value


def _rhythm(value: object) -> timedelta:
    rhythm = _duration(value)
    if rhythm < timedelta(minutes=1) or _DAY % rhythm:
        raise fault("a duration that divides a day, such as '30m', '1h' or '6h', is right")
    return rhythm


def _local_time(value: object) -> time:
    if isinstance(value, time) and value.tzinfo is None:
        return value
    match = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise fault("a time of day such as '06:00' is right")
    return time(int(match[1]), int(match[2]))


Duration = Annotated[timedelta, PlainValidator(_duration), PlainSerializer(duration_text)]
"""Above zero."""

Rhythm = Annotated[timedelta, PlainValidator(_rhythm), PlainSerializer(duration_text)]
"""A minute or more, and a day is a whole number of them."""

LocalTime = Annotated[time, PlainValidator(_local_time), PlainSerializer(lambda at: at.strftime("%H:%M"))]
"""A time of day in the account's zone, to the minute."""
