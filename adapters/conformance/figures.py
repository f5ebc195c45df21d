"""Figures: daily metrics, and which days they speak for."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from adapters.conformance.changes import apply, steps
from adapters.conformance.check import Group, check, must
from adapters.conformance.same import same
from adapters.conformance.stage import Ability, Opening, Scene
from agent.domain.lever import Lever, Status
from agent.domain.metrics import MetricsTable
from agent.domain.ref import Kind

_DAY = timedelta(days=1)
_COUNTS = ("cost_micros", "impressions", "clicks", "conversion_value_micros")
_SHARES = (
    "search_impression_share",
    "search_budget_lost_impression_share",
    "search_rank_lost_impression_share",
)
_MOMENTS = (
    Opening(),
    Opening(time_zone="Asia/Tokyo", now=datetime(2026, 11, 21, 18, 0, tzinfo=UTC)),  # 22nd, 03:00
    Opening(time_zone="Pacific/Auckland", now=datetime(2026, 11, 21, 23, 30, tzinfo=UTC)),  # 22nd, 12:30
    Opening(time_zone="America/Los_Angeles", now=datetime(2026, 11, 21, 6, 30, tzinfo=UTC)),  # 20th, 22:30
    Opening(time_zone="Asia/Kolkata", now=datetime(2026, 11, 21, 18, 45, tzinfo=UTC)),  # 22nd, 00:15
)


@check(Group.METRICS)
def each_entity_and_day_stands_once(scene: Scene) -> None:
    """Two rows of one day would count it twice."""
    table = _last_days(scene, 12)
    keys = list(zip(table.kinds.tolist(), table.ids.tolist(), table.days.tolist(), strict=True))

    must(keys, "no metrics were told")
    must(len(set(keys)) == len(keys), "an entity has two rows for one day")


@check(Group.METRICS)
def columns_of_metrics_are_of_one_length_and_hold_what_they_promise(scene: Scene) -> None:
    """Whole micros and counts, nothing below zero; shares within 0 and 1, NaN where there is none."""
    table = _last_days(scene, 12)
    n = (len(table),)

    must(
        table.kinds.shape == n and table.ids.shape == n and table.days.shape == n, "columns differ in length"
    )
    must(table.days.dtype == np.dtype("datetime64[D]"), f"days are {table.days.dtype}")
    for name in _COUNTS:
        column = getattr(table, name)
        must(column.shape == n and column.dtype == np.int64, f"{name} is {column.dtype}{column.shape}")
        must((column >= 0).all(), f"{name} is below zero")
    must(table.conversions.shape == n and table.conversions.dtype == np.float64, "conversions are no floats")
    must((table.conversions >= 0).all(), "conversions are below zero or not a number")
    for name in _SHARES:
        share = getattr(table, name)
        must(share.shape == n and share.dtype == np.float64, f"{name} is {share.dtype}{share.shape}")
        inside = np.isnan(share) | ((share >= 0) & (share <= 1))
        must(inside.all(), f"{name} is outside 0 to 1")


@check(Group.METRICS)
def conversions_by_their_own_date_come_as_a_pair(scene: Scene) -> None:
    """Both columns or none; where the number is not known the value is 0."""
    table = _last_days(scene, 12)
    number = table.conversions_by_conversion_date
    value = table.conversion_value_by_conversion_date_micros

    must((number is None) == (value is None), "one of the two columns is missing")
    if number is not None and value is not None:
        must(number.shape == value.shape == (len(table),), "they differ in length from the table")
        must((np.isnan(number) | (number >= 0)).all(), "conversions are below zero")
        must((value[np.isnan(number)] == 0).all(), "a value stands where the number is not known")


@check(Group.METRICS)
def metrics_are_of_entities_that_are_told_of(scene: Scene) -> None:
    """A figure that belongs to nobody cannot be decided on; only what was removed may be told of longer."""
    entities, table = scene.reader.entities(), _last_days(scene, 12)
    known = set(entities.index())
    told = set(zip(table.kinds.tolist(), table.ids.tolist(), strict=True))

    must(told <= known, f"{sorted(told - known)[:3]} have metrics and are no entities")
    must(
        any(kind == Kind.CAMPAIGN for kind, _ in told),
        "no campaign has metrics, and campaigns are what spends",
    )


@check(Group.METRICS)
def only_the_days_that_were_asked_for_are_told(scene: Scene) -> None:
    """Both ends included, nothing outside, and the table does not claim to know more."""
    today = _today(scene)
    for first, last in ((today - 9 * _DAY, today - 3 * _DAY), (today - 4 * _DAY, today - 4 * _DAY)):
        table = scene.reader.metrics(first, last)
        must(
            np.datetime64(first) <= table.since <= table.until <= np.datetime64(last),
            f"asked for {first} to {last}, it spoke for {table.since} to {table.until}",
        )
        must(len(table) > 0, f"nothing was told of {first} to {last}")
        outside = (table.days < table.since) | (table.days > table.until)
        must(not outside.any(), f"a row lies outside of {table.since} to {table.until}")
        must(
            set(np.unique(table.days)) >= {table.since, table.until},
            "a day at an end of the range is missing",
        )


@check(Group.METRICS, openings=_MOMENTS)
def today_is_told_as_incomplete(scene: Scene) -> None:
    """Today is the date in the account's own time zone, wherever gebot runs."""
    today = np.datetime64(_today(scene))
    table = _last_days(scene, 10)

    if table.until >= today:
        must(table.partial_since is not None, "today is among its days and it says that all are complete")
    must(table.until <= today, f"it speaks for {table.until}, and today is {today}")
    if table.partial_since is not None:
        must(table.partial_since <= today, f"{today} is told as complete while it is running")
        must(
            table.partial_since >= today - 2,
            f"days are told as incomplete from {table.partial_since} on, and today is {today}",
        )


@check(Group.METRICS)
def days_that_are_long_over_are_complete(scene: Scene) -> None:
    """Otherwise nothing could ever be decided on."""
    today = _today(scene)
    table = scene.reader.metrics(today - 12 * _DAY, today - 5 * _DAY)

    must(
        table.partial_since is None,
        f"{table.partial_since} is told as incomplete, and today is {today}",
    )


@check(Group.METRICS, openings=_MOMENTS[:3])
def days_to_come_are_not_spoken_for(scene: Scene) -> None:
    """A missing row means zero only for a day that the platform has seen."""
    today = _today(scene)
    table = scene.reader.metrics(today - 2 * _DAY, today + 7 * _DAY)

    must(table.until <= np.datetime64(today), f"it speaks for {table.until}, and today is {today}")
    must(not (table.days > np.datetime64(today)).any(), "it has figures of days to come")
    table = scene.reader.metrics(today + 2 * _DAY, today + 7 * _DAY)
    must(len(table) == 0 and table.until <= np.datetime64(today), f"it speaks for {table.until}, all to come")


@check(Group.METRICS, Ability.WRITE, Ability.PAUSE, Ability.ADVANCE)
def a_day_without_a_row_is_zero_once_it_is_over(scene: Scene) -> None:
    """A paused campaign costs nothing, and the table still speaks for its days."""
    pause = next(
        change
        for change in steps(scene.reader.entities(), of_each=3, levers=[Lever.STATUS])
        if change.ref.kind is Kind.CAMPAIGN and change.before is Status.ENABLED
    )
    apply(scene, [pause])
    first = _today(scene) + _DAY

    scene.advance(timedelta(days=4))

    table = scene.reader.metrics(first, _today(scene) - 2 * _DAY)
    mine = (table.kinds == Kind.CAMPAIGN.value) & (table.ids == pause.ref.id)
    must(table.cost_micros[mine].sum() == 0, "a campaign that was paused all day cost something")
    must(table.until == np.datetime64(_today(scene) - 2 * _DAY), f"it speaks only until {table.until}")
    must(table.partial_since is None, f"{table.partial_since} is told as incomplete two days later")
    must((~mine).any(), "nothing was told of the others")


@check(Group.METRICS)
def a_range_asked_for_in_two_parts_gives_the_same(scene: Scene) -> None:
    """Figures of a day do not depend on what else was asked for."""
    today = _today(scene)
    first, middle, last = today - 12 * _DAY, today - 8 * _DAY, today - 4 * _DAY
    whole = scene.reader.metrics(first, last)
    parts = [scene.reader.metrics(first, middle), scene.reader.metrics(middle + _DAY, last)]

    def rows(tables: list[MetricsTable]) -> dict[Any, Any]:
        return {
            (kind, id_, day): figures
            for table in tables
            for kind, id_, day, *figures in zip(
                *(
                    getattr(table, name).tolist()
                    for name in ("kinds", "ids", "days", *_COUNTS, "conversions")
                ),
                strict=True,
            )
        }

    must(rows([whole]) == rows(parts), "asked for in two parts, the figures are others")


@check(Group.METRICS)
def metrics_are_the_same_when_nothing_happened(scene: Scene) -> None:
    """Asked again at the same moment, they are the same figures."""
    first, second = _last_days(scene, 10), _last_days(scene, 10)

    must(same(_sorted(first), _sorted(second)), "a second reading differs from the first")


@check(Group.METRICS)
def what_is_below_a_campaign_never_costs_more_than_it(scene: Scene) -> None:
    """Figures of ad groups, ad sets and keywords are parts of their campaign's."""
    entities, today = scene.reader.entities(), _today(scene)
    table = scene.reader.metrics(today - 8 * _DAY, today - 3 * _DAY)
    parent = {
        (kind, id_): parent
        for kind, id_, parent in zip(
            entities.kinds.tolist(), entities.ids.tolist(), entities.parents.tolist(), strict=True
        )
    }
    campaigns: dict[str, int] = {}
    below: dict[tuple[str, str], int] = {}
    for kind, id_, cost in zip(
        table.kinds.tolist(), table.ids.tolist(), table.cost_micros.tolist(), strict=True
    ):
        if kind == Kind.CAMPAIGN:
            campaigns[id_] = campaigns.get(id_, 0) + cost
        elif parent.get((kind, id_)):
            key = kind, parent[kind, id_]
            below[key] = below.get(key, 0) + cost
    for (kind, campaign), cost in below.items():
        rounding = len(table) * scene.unit_micros
        must(
            cost <= campaigns.get(campaign, 0) + rounding,
            f"{kind}s of campaign {campaign} cost {cost} micros, it cost {campaigns.get(campaign, 0)}",
        )


@check(Group.METRICS, Ability.OPEN_UNBEGUN, openings=(Opening(history_days=0),))
def an_account_without_metrics_can_be_read(scene: Scene) -> None:
    """On its first day an account has entities and no figures; its days are spoken for."""
    today = _today(scene)
    table = scene.reader.metrics(today - 20 * _DAY, today - 5 * _DAY)

    must(len(scene.reader.entities()) > 0, "the account has no entities")
    must(table.cost_micros.sum() == 0, "days before its first cost something")
    must(len(scene.reader.hours(today - 5 * _DAY, today - 4 * _DAY)) == 0, "it told hours of those days")


@check(
    Group.METRICS,
    Ability.COUNT_COST,
    openings=tuple(Opening(currency=currency) for currency in ("USD", "EUR", "JPY", "HUF", "KWD")),
)
def cost_is_what_the_platform_counted(scene: Scene) -> None:
    """In micros of the account's currency, whatever the platform writes its money in."""
    for days in (3, 4, 5, 10):
        check_cost(scene, _today(scene) - days * _DAY)


def check_cost(scene: Scene, day: date) -> None:
    """All campaigns of one day cost what the platform's books say, to a hundredth for each row."""
    table = scene.reader.metrics(day, day)
    mine = table.kinds == Kind.CAMPAIGN.value
    told, truth = int(table.cost_micros[mine].sum()), scene.cost_micros(day)
    rounding = 10_000 * int(mine.sum())
    must(truth > 0, f"the platform counted no cost on {day}")
    must(abs(told - truth) <= rounding, f"{day} cost {told} micros as told, {truth} as counted")


def _today(scene: Scene) -> date:
    """By the account's own time zone."""
    return scene.now().astimezone(ZoneInfo(scene.reader.account().time_zone)).date()


def _last_days(scene: Scene, n: int) -> MetricsTable:
    """Metrics of the last `n` days and today."""
    today = _today(scene)
    return scene.reader.metrics(today - n * _DAY, today)


def _sorted(table: MetricsTable) -> tuple[Any, ...]:
    order = np.lexsort((table.days, table.ids, table.kinds))
    return tuple(getattr(table, name)[order].tolist() for name in ("kinds", "ids", "days", *_COUNTS))
