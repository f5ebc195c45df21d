"""The past of an account whose figures stand in one export: what mornings before it would have seen."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import cast
from zoneinfo import ZoneInfo

import numpy as np

from adapters.csv.reader import CsvReader
from agent.clock import SteppedClock
from agent.config.accounts import AccountSettings
from agent.config.settings import Settings
from agent.domain.errors import Mistake
from agent.domain.maturity import assumed_curve
from agent.domain.metrics import MetricsTable
from agent.domain.reading import Reading
from agent.ports.platform import Reader
from agent.wiring.plugins import Platform
from simulations.replay.delays import Delays
from simulations.replay.past import Past

_FIRST_DAYS = 7
_EARLIEST = datetime(1990, 1, 1, tzinfo=ZoneInfo("UTC"))


class Reporting(StrEnum):
    """What a morning is shown of the conversions of the days before it."""

    ASSUMED = "assumed"  # the part that the assumed lag curve says had been reported by then
    FINAL = "final"  # all of them, as in the file


_SAID = {
    Reporting.ASSUMED: "The file holds one figure for each day, taken as final. When its conversions were "
    "reported is not known: each is given a delay drawn from the assumed lag curve (half on the same day, "
    "then 30 % of the rest each day). Maturity in the replay is that assumption, not a finding.",
    Reporting.FINAL: "The file holds one figure for each day, taken as final and shown on the next morning "
    "already: maturity is not known, and the replay knows conversions sooner than anybody did.",
}
_ASSUMED_BUDGETS = (
    "The file has no budgets: a campaign's is assumed to be its mean daily cost of the 7 days before, not "
    "changed by anybody, so that cooldowns and weekly caps never bind."
)
_ALWAYS = (
    "Each morning starts from the budgets that the file shows or lets assume for the days before it: "
    "proposals of the mornings before it were not carried out.",
    "A decision looks back to the file's first day at most.",
    "Rules, strategies and guardrails are those of config.toml today.",
)


def past_of_export(settings: Settings, account: AccountSettings, reporting: Reporting) -> Past:
    """Read the file once and tell it morning by morning, from its eighth day to the day after its last.

    Raises:
        Mistakes: What is wrong with the account's options or the file.
        Mistake: The file holds less than a week.
    """
    platform = Platform(account, file=settings.file, home=settings.home)
    clock = SteppedClock(_EARLIEST)
    reader = cast(CsvReader, platform.connect({}, clock))
    facts = reader.account()
    told = reader.metrics(date.min, date.max)
    first, last = _date(told.since), _date(told.until)
    if (last - first).days < _FIRST_DAYS:
        raise Mistake(facts.name, f"holds {(last - first).days + 1} days", "more than a week is right")
    delays = Delays(told, assumed_curve(), settings.seed) if reporting is Reporting.ASSUMED else None
    at = account.schedule.decide_at
    zone = ZoneInfo(facts.time_zone)
    moments = [
        datetime.combine(first + timedelta(days=n), at, zone).astimezone(ZoneInfo("UTC"))
        for n in range(_FIRST_DAYS, (last - first).days + 2)
    ]
    watched = not reader.assumes_budgets()
    return Past(
        account=facts,
        source=facts.name,
        readings=tuple(_readings(reader, clock, moments, told, delays)),
        first_day=first,
        levers_watched=watched,
        assumptions=(_SAID[reporting], *(() if watched else (_ASSUMED_BUDGETS,)), *_ALWAYS),
        files=(str(settings.home / str(account.options.get("path", ""))),),
    )


def _readings(
    reader: Reader, clock: SteppedClock, moments: list[datetime], told: MetricsTable, delays: Delays | None
) -> Iterator[Reading]:
    """A look each morning, at entities and figures of the days before it alone."""
    for moment in moments:
        clock.move_to(moment)
        table = reader.entities()
        today = np.datetime64(moment.astimezone(ZoneInfo(table.account.time_zone)).date(), "D")
        before = _before(told if delays is None else delays.known_on(today), today)
        yield Reading(moment, table)
        yield Reading(moment, before)


def _before(told: MetricsTable, today: np.datetime64) -> MetricsTable:
    rows = np.flatnonzero(told.days < today)
    columns = {
        name: column[rows]
        for name in MetricsTable.__dataclass_fields__
        if name not in ("since", "until", "partial_since") and (column := getattr(told, name)) is not None
    }
    return replace(told, until=today - np.timedelta64(1, "D"), partial_since=None, **columns)


def _date(day: np.datetime64) -> date:
    found = day.item()
    assert isinstance(found, date), "days are dates"
    return found
