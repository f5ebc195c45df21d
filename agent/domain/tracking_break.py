"""Tracking break: what a freeze means for learning, and how it is told."""

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from agent.domain.advice import Window
from agent.domain.record import Freeze
from agent.domain.ref import Kind

BREAK = "tracking break"
"""What the id of a broken window begins with; no hours that anybody marked are called so."""


def broken_windows(freezes: Sequence[Freeze], as_of: datetime) -> tuple[Window, ...]:
    """The hours from which nothing is learned, as if somebody had excluded them at the platform.

    Args:
        freezes: As they were known at `as_of`, where the window of the one in force ends.
    """
    return tuple(
        Window(
            Kind.DATA_EXCLUSION,
            f"{BREAK} {number}",
            BREAK,
            one.begins,
            max(one.ended or as_of, one.at),
        )
        for number, one in enumerate(freezes, start=1)
    )


def in_force(freezes: Sequence[Freeze]) -> Freeze | None:
    """The freeze that is in force, if there is one."""
    return freezes[-1] if freezes and freezes[-1].ended is None else None


def words(freeze: Freeze, time_zone: str) -> str:
    """What a person should be told, in the account's local time."""
    return f"tracking looks broken since {_local(freeze.begins, time_zone)}: {freeze.because}"


def exclusion(freeze: Freeze, account: str, time_zone: str, until: datetime) -> str:
    """The command that tells the platform's own bidding to leave these hours out."""
    hours = [stamp(moment, time_zone) for moment in (freeze.begins, freeze.ended or until)]
    return f'gebot exclude {account} --from {hours[0]} --until {hours[1]} --because "tracking was broken"'


def _local(moment: datetime, time_zone: str) -> str:
    return f"{moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(ZoneInfo(time_zone)):%d %b %H:%M}"


def stamp(moment: datetime, time_zone: str) -> str:
    return f"{moment.astimezone(ZoneInfo(time_zone)):%Y-%m-%dT%H:%M}"
