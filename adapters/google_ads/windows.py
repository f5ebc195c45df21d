"""Windows: marked hours (data exclusions, seasonality adjustments) and their ids. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from adapters.google_ads.words import word_of
from agent.domain.advice import Window
from agent.domain.money import MICROS
from agent.domain.ref import Kind

LONGEST = timedelta(days=14)
CHANNELS = ("display", "search", "shopping")  # Google takes no other
_WHOLE_ACCOUNT = 2  # scope
_UNKNOWN = ""  # a channel; hours of which nobody knows what they are about name it alone
RESOURCES = {
    Kind.DATA_EXCLUSION: "bidding_data_exclusion",
    Kind.SEASONALITY: "bidding_seasonality_adjustment",
}


@dataclass(frozen=True, slots=True)
class Hours:
    """What an id says: which hours of the account's own time, and of which part of the account.

    Attributes:
        channels, campaigns: Sorted; both empty: the whole account.
        devices: Sorted; empty: all. gebot reads such windows and sets none.
    """

    since: datetime
    until: datetime
    channels: tuple[str, ...] = ()
    campaigns: tuple[str, ...] = ()
    devices: tuple[str, ...] = ()

    def __str__(self) -> str:
        """ "2026-11-10T08:00/2026-11-10T14:00 search,shopping"; campaigns stand as their ids."""
        words = [f"{_minutes(self.since)}/{_minutes(self.until)}"]
        words += [",".join(part) for part in (self.channels or self.campaigns, self.devices) if part]
        return " ".join(words)


@dataclass(frozen=True, slots=True)
class Marked:
    """A window that stands at Google.

    Attributes:
        names: Resource names; two where somebody has marked the same hours twice.
        modifier_millionths: Of a seasonality adjustment; 1_000_000 for data exclusions.
    """

    kind: Kind
    hours: Hours
    names: tuple[str, ...]
    title: str
    modifier_millionths: int


def marked_of(rows: Iterable[Any], kind: Kind) -> dict[str, Marked]:
    """Rows of a query for marked hours (protobuf form), by their ids."""
    found: dict[str, Marked] = {}
    for row in rows:
        resource = getattr(row, RESOURCES[kind])
        hours = _hours_of(resource)
        before = found.get(str(hours))
        modifier = resource.conversion_rate_modifier if kind is Kind.SEASONALITY else 1.0
        found[str(hours)] = Marked(
            kind=kind,
            hours=hours,
            names=(*(before.names if before else ()), resource.resource_name),
            title=resource.name,
            modifier_millionths=round(modifier * MICROS) or MICROS,  # not set: 1
        )
    return found


def window_of(marked: Marked, zone: ZoneInfo) -> Window:
    """A marked window as advice; one for some devices counts for all, to be on the safe side.

    So does one for channels that this version of the API has no word for.
    """
    return Window(
        kind=marked.kind,
        id=str(marked.hours),
        name=marked.title,
        since=marked.hours.since.replace(tzinfo=zone).astimezone(UTC),
        until=marked.hours.until.replace(tzinfo=zone).astimezone(UTC),
        channels=() if _UNKNOWN in marked.hours.channels else marked.hours.channels,
        campaigns=marked.hours.campaigns,
        modifier_millionths=marked.modifier_millionths,
    )


def hours_of_id(text: str) -> Hours | None:
    """What an id says; None when it is none that gebot could have written and may set."""
    span, _, part = text.partition(" ")
    since, _, until = span.partition("/")
    try:
        hours = Hours(datetime.fromisoformat(since), datetime.fromisoformat(until))
    except ValueError:
        return None
    named = tuple(part.split(",")) if part else ()
    if named and all(each in CHANNELS for each in named):
        hours = Hours(hours.since, hours.until, channels=named)
    elif named and all(each.isascii() and each.isdigit() for each in named):
        hours = Hours(hours.since, hours.until, campaigns=named)
    elif named:
        return None
    ordered = tuple(sorted(set(named)))
    naive = hours.since.tzinfo is None and hours.until.tzinfo is None
    is_one = naive and named == ordered and str(hours) == text
    return hours if is_one and timedelta(0) < hours.until - hours.since <= LONGEST else None


def _hours_of(resource: Any) -> Hours:
    def words(field: str) -> tuple[str, ...]:
        return tuple(sorted(word_of(resource, field, number) for number in getattr(resource, field)))

    whole = resource.scope == _WHOLE_ACCOUNT
    channels = () if whole else words("advertising_channel_types")
    campaigns = () if whole else tuple(sorted(name.rsplit("/", 1)[-1] for name in resource.campaigns))
    if not (whole or channels or campaigns):
        channels = (_UNKNOWN,)  # they must not stand for the whole account's
    return Hours(
        since=datetime.fromisoformat(resource.start_date_time),
        until=datetime.fromisoformat(resource.end_date_time),
        channels=channels,
        campaigns=campaigns,
        devices=words("devices"),
    )


def _minutes(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds" if moment.second else "minutes")
