"""MarkedHours: the id of a data exclusion or a seasonality adjustment, read and written.

The id says it all: "2026-11-10T08:00/2026-11-10T14:00 search,shopping" is from 8 to 14 o'clock local
time of the account, of these two channels only; without channels it is of all of them.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

_FORM = re.compile(
    r"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2})/(\d{4}-\d{2}-\d{2}T\d{2}:\d{2})(?: ([a-z_]+(?:,[a-z_]+)*))?"
)


@dataclass(frozen=True, slots=True)
class MarkedHours:
    """From when until when (local time, without a zone; `until` is not in it), of which channels.

    Attributes:
        channels: Lower case, sorted; empty: all.
    """

    since: datetime
    until: datetime
    channels: tuple[str, ...] = ()

    @classmethod
    def parse(cls, id_: str) -> "MarkedHours | None":
        """Read an id; None when it is not well-formed or ends before it begins."""
        match = _FORM.fullmatch(id_)
        if match is None:
            return None
        try:
            since, until = datetime.fromisoformat(match[1]), datetime.fromisoformat(match[2])
        except ValueError:
            return None
        hours = cls(since, until, tuple(sorted(set(match[3].split(",")))) if match[3] else ())
        return hours if since < until and hours.id == id_ else None

    @classmethod
    def between(
        cls, since: datetime, until: datetime, time_zone: str, channels: tuple[str, ...] = ()
    ) -> "MarkedHours":
        """The hours between two moments, as they are called in that time zone."""
        zone = ZoneInfo(time_zone)
        local = [moment.astimezone(zone).replace(tzinfo=None) for moment in (since, until)]
        return cls(local[0], local[1], tuple(sorted(set(channels))))

    @property
    def id(self) -> str:
        span = f"{self.since:%Y-%m-%dT%H:%M}/{self.until:%Y-%m-%dT%H:%M}"
        return f"{span} {','.join(self.channels)}" if self.channels else span

    def since_utc(self, time_zone: str) -> datetime:
        return self.since.replace(tzinfo=ZoneInfo(time_zone)).astimezone(UTC)

    def until_utc(self, time_zone: str) -> datetime:
        return self.until.replace(tzinfo=ZoneInfo(time_zone)).astimezone(UTC)
