"""Hours and advice: what some platforms tell besides daily figures."""

from datetime import date, timedelta
from math import isfinite
from zoneinfo import ZoneInfo

import numpy as np

from adapters.conformance.check import Group, check, must
from adapters.conformance.stage import Ability, Opening, Scene
from agent.domain.advice import Advice
from agent.domain.entity import EntityTable
from agent.domain.ref import Kind

_DAY = timedelta(days=1)
_CLOCK_CHANGE = Opening(now=Opening().now - timedelta(days=17))  # 4 November; New York fell back on the 1st
_HALF_AN_HOUR = Opening(time_zone="Asia/Kolkata")
_ZONES = (Opening(), Opening(time_zone="Europe/Berlin"), _HALF_AN_HOUR, _CLOCK_CHANGE)


@check(Group.METRICS, openings=_ZONES)
def each_entity_and_hour_stands_once(scene: Scene) -> None:
    """Hours are UTC and lie within the days that were asked for, none in the future."""
    first, last = _days(scene)
    table = scene.reader.hours(first, last)
    keys = list(zip(table.kinds.tolist(), table.ids.tolist(), table.hours.tolist(), strict=True))
    zone = ZoneInfo(scene.reader.account().time_zone)

    must(table.hours.dtype == np.dtype("datetime64[m]"), f"hours are {table.hours.dtype}")
    must(len(set(keys)) == len(keys), "an entity has two rows for one hour")
    for name in ("cost_micros", "impressions", "clicks", "conversion_value_micros"):
        column = getattr(table, name)
        must(column.shape == (len(table),) and column.dtype == np.int64, f"{name} is {column.dtype}")
        must((column >= 0).all(), f"{name} is below zero")
    for hour in np.unique(table.hours).tolist():
        local = hour.replace(tzinfo=ZoneInfo("UTC")).astimezone(zone).date()
        must(first <= local <= last, f"{hour} UTC is of {local}, asked for was {first} to {last}")
        must(hour <= scene.now().replace(tzinfo=None), f"{hour} UTC is still to come")


@check(Group.METRICS, Ability.HOURS, openings=_ZONES)
def hours_add_up_to_their_day(scene: Scene) -> None:
    """A day's hours are all of the day, also where a clock change makes it longer."""
    first, last = _days(scene)
    last -= 2 * _DAY
    hours, days = scene.reader.hours(first, last), scene.reader.metrics(first, last)
    zone = ZoneInfo(scene.reader.account().time_zone)

    must(len(hours) > 0, "no hours were told")
    for column, slack in (("cost_micros", 10_000), ("clicks", 0), ("impressions", 0)):
        by_day: dict[tuple[str, date], list[int]] = {}
        told = zip(
            hours.kinds.tolist(), hours.ids.tolist(), hours.hours.tolist(), getattr(hours, column).tolist(),
            strict=True,
        )  # fmt: skip
        for kind, id_, hour, number in told:
            if kind == Kind.CAMPAIGN:
                local = hour.replace(tzinfo=ZoneInfo("UTC")).astimezone(zone).date()
                by_day.setdefault((id_, local), []).append(number)
        whole = zip(
            days.kinds.tolist(), days.ids.tolist(), days.days.tolist(), getattr(days, column).tolist(),
            strict=True,
        )  # fmt: skip
        for kind, id_, day, number in whole:
            if kind == Kind.CAMPAIGN:
                parts = by_day.get((id_, day), [])
                must(
                    abs(sum(parts) - number) <= slack * len(parts),
                    f"{column} of campaign {id_} on {day}: its hours make {sum(parts)}, the day {number}",
                )


@check(Group.METRICS)
def advice_is_well_formed(scene: Scene) -> None:
    """What a platform says of itself can be used as it stands, or is not told."""
    advice, entities = scene.reader.advice(), scene.reader.entities()

    _check_windows(advice, entities)
    _check_responses(advice, entities)
    if advice.reported:
        shares = list(advice.reported)
        must(shares == sorted(shares), f"the reported share falls: {shares}")
        must(shares[0] >= 0 and shares[-1] == 1, f"the reported share ends with {shares[-1]}, 1 is right")
    must(
        isfinite(advice.reported_n) and advice.reported_n >= 0, f"it rests on {advice.reported_n} conversions"
    )


def _check_windows(advice: Advice, entities: EntityTable) -> None:
    for window in advice.windows:
        must(window.kind in (Kind.DATA_EXCLUSION, Kind.SEASONALITY), f"a window is a {window.kind}")
        must(window.since.utcoffset() == timedelta(0), f"{window.id} begins at {window.since}, UTC is right")
        must(window.since < window.until, f"{window.id} ends before it begins")
        must(tuple(sorted(window.channels)) == window.channels, f"channels of {window.id} are not sorted")
        must(
            all(each == each.lower() for each in window.channels), f"a channel of {window.id} is in capitals"
        )
        must(tuple(sorted(window.campaigns)) == window.campaigns, f"campaigns of {window.id} are not sorted")
        known = {(Kind.CAMPAIGN.value, each) for each in window.campaigns} <= set(entities.index())
        must(known, f"{window.id} is about a campaign that does not exist")
        modifier = window.modifier_millionths
        plain = window.kind is not Kind.DATA_EXCLUSION or modifier == 1_000_000
        must(plain and modifier > 0, f"{window.id} has the modifier {modifier}")


def _check_responses(advice: Advice, entities: EntityTable) -> None:
    for curve in advice.responses:
        about = f"the simulation of {curve.lever} of {curve.kind} {curve.id}"
        row = entities.index().get((curve.kind, curve.id))
        must(row is not None, f"{about} is of an entity that does not exist")
        column = entities.levers.get(curve.lever)
        must(row is not None and column is not None and column.present[row], f"{about} is of no lever of its")
        numbers = [point.number for point in curve.points]
        must(
            numbers == sorted(set(numbers)) and numbers, f"{about} has the points {numbers}, rising is right"
        )
        must(all(point.cost_micros >= 0 for point in curve.points), f"{about} has a cost below zero")
        must(curve.since <= curve.until, f"{about} ends before it begins")


def _days(scene: Scene) -> tuple[date, date]:
    """Today and the three days before it."""
    today = scene.now().astimezone(ZoneInfo(scene.reader.account().time_zone)).date()
    return today - 3 * _DAY, today
