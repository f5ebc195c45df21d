"""Days: options that name a day or a moment; what is none is answered in gebot's own words."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import typer

from agent.domain.errors import Mistake

_DAY = "YYYY-MM-DD"
_MOMENTS = ("%Y-%m-%d", "%Y-%m-%dT%H:%M:%S")


def day_option(name: str, about: str) -> Any:  # as typer.Option is typed
    """An option that takes a `date`."""
    return typer.Option(name, parser=_day(name), metavar=_DAY, help=about)


def moment_option(name: str, about: str) -> Any:  # as above
    """An option that takes a `datetime` in UTC; a day is its midnight."""
    return typer.Option(name, parser=_moment(name), metavar=f"{_DAY}[THH:MM:SS]", help=about)


def _day(name: str) -> Callable[[str], date]:
    def day(text: str) -> date:
        try:
            return datetime.strptime(text, _MOMENTS[0]).date()
        except ValueError:
            right = f"a day of the calendar as {_DAY} is right, such as 2026-11-21"
            raise Mistake(name, f"was {text!r}", right) from None

    return day


def _moment(name: str) -> Callable[[str], datetime]:
    def moment(text: str) -> datetime:
        for form in _MOMENTS:
            try:
                return datetime.strptime(text, form).replace(tzinfo=UTC)
            except ValueError:
                continue
        right = f"a day as {_DAY} or a moment as {_DAY}THH:MM:SS (UTC) is right, such as 2026-11-21"
        raise Mistake(name, f"was {text!r}", right)

    return moment
