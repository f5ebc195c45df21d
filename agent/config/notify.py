"""Notify settings: which channels tell people what, and when."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, PlainSerializer, PlainValidator

from agent.config.durations import duration_of, duration_text
from agent.config.faults import fault
from agent.config.names import Name, NotEmpty, Table, Text
from agent.config.places import FilePath, Reference
from agent.domain.notice import FOR_PEOPLE, Event, Notice

USUAL = tuple(event for event in Event if event is not Event.DENIED)
"""Every plan has wishes that are denied: who wants to hear of them says so."""

_AT = re.compile(r"at ([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Digest:
    """When what has gathered is told: every so often, or at a time of day."""

    every: timedelta | None = None
    at: time | None = None

    def next(self, now: datetime, zone: ZoneInfo) -> datetime:
        """The first moment after now (UTC) at which it is sent."""
        if self.every is not None:
            begun = datetime(2000, 1, 1, tzinfo=UTC)
            return begun + ((now - begun) // self.every + 1) * self.every
        assert self.at is not None, "a digest has one of the two"
        today = now.astimezone(zone).date()
        moments = (datetime.combine(today + n * _DAY, self.at, zone).astimezone(UTC) for n in range(3))
        return next(moment for moment in moments if moment > now)

    def __str__(self) -> str:
        return duration_text(self.every) if self.every is not None else f"at {self.at:%H:%M}"


def _digest(value: object) -> Digest:
    if isinstance(value, Digest):
        return value
    text = value if isinstance(value, str) else ""
    match = _AT.fullmatch(text)
    if match is not None:
        return Digest(at=time(int(match[1]), int(match[2])))
    every = duration_of(text) if len(text) <= 40 else None
    if every is None or not timedelta(minutes=1) <= every <= 7 * _DAY:
        raise fault("'1h', any duration from a minute to a week, or 'at 08:00' is right")
    return Digest(every=every)


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise fault("a name such as 'Europe/Berlin' is right") from None
    return name


class NotifySettings(Table):
    """One channel: a chat, a mailbox, a webhook.

    Attributes:
        url: Reference to Apprise's address of it, which holds its secrets.
        events: What is told.
        people: Whose channel it is; empty: everybody's. What asks for a person's word goes to the
            channels of those who are asked, and to those of everybody.
        digest: When what has gathered is told; None: at once.
        time_zone: Of the digest's time of day.
        template: A file of one's own in place of ours.
    """

    name: Name
    url: Reference
    events: Annotated[tuple[Event, ...], NotEmpty] = USUAL
    people: Annotated[tuple[Name, ...], Field(alias="for")] = ()
    digest: Annotated[Digest, PlainValidator(_digest), PlainSerializer(str)] | None = None
    time_zone: Annotated[Text, AfterValidator(_zone)] = "UTC"
    template: FilePath | None = None

    def wants(self, notice: Notice) -> bool:
        """Whether this channel is told of it."""
        if notice.event not in self.events:
            return False
        if notice.event not in FOR_PEOPLE or not self.people or not notice.to:
            return True
        return not set(self.people).isdisjoint(notice.to)

    def first_due(self, now: datetime) -> datetime:
        """When what came about just now is sent."""
        return now if self.digest is None else self.digest.next(now, ZoneInfo(self.time_zone))
