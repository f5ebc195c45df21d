"""Advice: what a platform itself tells about how its figures should be read."""

from dataclasses import dataclass
from datetime import date, datetime

from agent.domain.lever import Lever
from agent.domain.ref import Kind


@dataclass(frozen=True, slots=True)
class Window:
    """Hours that somebody has marked at the platform: a data exclusion or a seasonality adjustment.

    Attributes:
        kind: `Kind.DATA_EXCLUSION`: its conversions are wrong, learn nothing from them.
            `Kind.SEASONALITY`: conversions for each click are `modifier` times as many.
        id: As in its ref: "2026-11-10T08:00/2026-11-10T14:00", local time of the account,
            and " search,shopping" behind it where it is about some channels only.
        since, until: UTC; `until` is not in it.
        channels: Lower case, sorted; empty: all.
        campaigns: Ids, sorted; empty: all.
        modifier_millionths: 1_000_000 for data exclusions.
    """

    kind: Kind
    id: str
    name: str
    since: datetime
    until: datetime
    channels: tuple[str, ...] = ()
    campaigns: tuple[str, ...] = ()
    modifier_millionths: int = 1_000_000


@dataclass(frozen=True, slots=True)
class ResponsePoint:
    """What a week would have brought at another setting, by the platform's own simulation.

    Attributes:
        number: Of the lever, as in a lever column.
        cost_micros, clicks, conversions, value_micros: Of the whole period; None where the
            platform does not say.
    """

    number: int
    cost_micros: int
    clicks: float | None
    conversions: float | None
    value_micros: int | None


@dataclass(frozen=True, slots=True)
class ResponseCurve:
    """The platform's simulation of one lever of one entity; points by rising number.

    Attributes:
        since, until: Days it was made from, both included, account time zone.
    """

    kind: Kind
    id: str
    lever: Lever
    since: date
    until: date
    points: tuple[ResponsePoint, ...]


@dataclass(frozen=True, slots=True)
class Advice:
    """All of it; empty where a platform tells nothing.

    Attributes:
        reported: Share of a day's final conversions that is reported 0, 1, 2, … days after it, by
            the platform's own lag report; never falling, ends with 1. Empty: not told.
        reported_n: The conversions that `reported` was made from.
    """

    windows: tuple[Window, ...] = ()
    responses: tuple[ResponseCurve, ...] = ()
    reported: tuple[float, ...] = ()
    reported_n: float = 0.0


NO_ADVICE = Advice()
