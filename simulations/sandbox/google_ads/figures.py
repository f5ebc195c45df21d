"""Figures: what the platform measured, as columns to be segmented and summed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from agent.domain.entity import Days, Numbers, Strings
from agent.domain.metrics import MetricsTable
from agent.domain.money import MICROS
from agent.domain.ref import Kind
from simulations.platform import Platform
from simulations.sandbox.google_ads.dates import DateRange

Column = NDArray[Any]

BUCKETS = (
    "LESS_THAN_ONE_DAY",
    "ONE_TO_TWO_DAYS",
    "TWO_TO_THREE_DAYS",
    "THREE_TO_FOUR_DAYS",
    "FOUR_TO_FIVE_DAYS",
    "FIVE_TO_SIX_DAYS",
    "SIX_TO_SEVEN_DAYS",
    "SEVEN_TO_EIGHT_DAYS",
    "EIGHT_TO_NINE_DAYS",
    "NINE_TO_TEN_DAYS",
    "TEN_TO_ELEVEN_DAYS",
    "ELEVEN_TO_TWELVE_DAYS",
    "TWELVE_TO_THIRTEEN_DAYS",
    "THIRTEEN_TO_FOURTEEN_DAYS",
    *["FOURTEEN_TO_TWENTY_ONE_DAYS"] * 7,
    *["TWENTY_ONE_TO_THIRTY_DAYS"] * 9,
    *["THIRTY_TO_FORTY_FIVE_DAYS"] * 15,
)
"""Google's word for each number of whole days from a click to its conversion."""

_COST, _VALUE = "metrics.cost_micros", "metrics.conversions_value"
_CONVERSIONS, _ALL = "metrics.conversions", "metrics.all_conversions"


@dataclass(frozen=True, slots=True)
class Figures:
    """Columns of shape (n_rows,), in any order.

    Attributes:
        days: In the account's time zone.
        hours: 0 to 23; None where they are not told apart.
        buckets: Of the days to a conversion; None where they are not told apart.
        metrics: By field path; NaN where the platform has no such figure.
    """

    ids: Strings
    days: Days
    metrics: Mapping[str, Column]
    hours: Numbers | None = None
    buckets: Strings | None = None


def daily(platform: Platform, kinds: Sequence[Kind], days: DateRange) -> Figures:
    """Figures of the days."""
    tables = [platform.metrics(days.since, days.until, kind) for kind in kinds]
    columns = [_columns(table) for table in tables]
    shared = set.intersection(*(set(each) for each in columns))
    return Figures(
        ids=np.concatenate([table.ids for table in tables]),
        days=np.concatenate([table.days for table in tables]),
        metrics={path: np.concatenate([each[path] for each in columns]) for path in sorted(shared)},
    )


def hourly(platform: Platform, days: DateRange) -> Figures:
    """Figures of campaigns by the hour; shares are 0 there."""
    table = platform.hours(days.since, days.until)
    zone = ZoneInfo(platform.account.time_zone)
    known, row = np.unique(table.hours, return_inverse=True)
    local = [hour.astype("datetime64[s]").item() for hour in known]
    local = [moment.replace(tzinfo=ZoneInfo("UTC")).astimezone(zone) for moment in local]
    dates = np.array([moment.date() for moment in local], dtype="datetime64[D]")
    clock = np.array([moment.hour for moment in local], dtype=np.int64)
    return Figures(
        ids=table.ids,
        days=dates[row],
        hours=clock[row],
        metrics={
            _COST: table.cost_micros,
            "metrics.impressions": table.impressions,
            "metrics.clicks": table.clicks,
            _CONVERSIONS: table.conversions,
            _ALL: table.conversions,
            _VALUE: table.conversion_value_micros / MICROS,
        },
    )


def hourly_of_groups(platform: Platform, kinds: Sequence[Kind], days: DateRange) -> Figures:
    """Figures of ad groups by the hour: each hour of a campaign, split as its day is split."""
    campaigns, groups = hourly(platform, days), daily(platform, kinds, days)
    parent = {group.id: group.campaign_id for group in platform.groups}
    parts: dict[tuple[str, np.datetime64], list[int]] = {}
    for row, (id_, day) in enumerate(zip(groups.ids.tolist(), groups.days, strict=True)):
        parts.setdefault((parent[id_], day), []).append(row)
    pairs = zip(campaigns.ids.tolist(), campaigns.days, strict=True)
    members = [parts.get(pair, []) for pair in pairs]
    hour_rows = np.repeat(np.arange(len(members)), [len(rows) for rows in members])
    group_rows = np.array([row for rows in members for row in rows], dtype=np.intp)
    assert campaigns.hours is not None, "they were asked by the hour"
    return Figures(
        ids=groups.ids[group_rows],
        days=groups.days[group_rows],
        hours=campaigns.hours[hour_rows],
        metrics={
            path: _split(column, groups.metrics[path], hour_rows, group_rows)
            for path, column in campaigns.metrics.items()
        },
    )


def by_delay(platform: Platform, days: DateRange, *, by_day: bool) -> Figures:
    """Conversions of campaigns by the days from click to conversion.

    Args:
        by_day: Each day of clicks for itself, which is slow; else all stand under the first.
    """
    table = platform.metrics(days.since, days.until)
    stretches = [DateRange(day, day) for day in sorted(set(table.days.tolist()))] if by_day else [days]
    ids, dates, ages, counts, values = [], [], [], [], []
    for stretch in stretches:
        came = platform.lags(stretch.since, stretch.until)
        on_days = (table.days >= np.datetime64(stretch.since)) & (table.days <= np.datetime64(stretch.until))
        for campaign, own in zip(platform.campaigns, came, strict=True):
            rows = on_days & (table.ids == campaign.id)
            worth = table.conversion_value_micros[rows].sum() / max(table.conversions[rows].sum(), 1) / MICROS
            there = np.flatnonzero(own)
            ids += [campaign.id] * len(there)
            dates += [stretch.since] * len(there)
            ages += there.tolist()
            counts += own[there].tolist()
            values += (own[there] * worth).tolist()
    columns = ((_CONVERSIONS, counts), (_ALL, counts), (_VALUE, values))
    return Figures(
        ids=np.array(ids, dtype=np.str_),
        days=np.array(dates, dtype="datetime64[D]"),
        buckets=np.array([BUCKETS[age] for age in ages], dtype=np.str_),
        metrics={path: np.array(column, dtype=np.float64) for path, column in columns},
    )


def _columns(table: MetricsTable) -> dict[str, Column]:
    columns: dict[str, Column] = {
        _COST: table.cost_micros,
        "metrics.impressions": table.impressions,
        "metrics.clicks": table.clicks,
        _CONVERSIONS: table.conversions,
        _ALL: table.conversions,
        _VALUE: table.conversion_value_micros / MICROS,
        "metrics.search_impression_share": table.search_impression_share,
        "metrics.search_budget_lost_impression_share": table.search_budget_lost_impression_share,
        "metrics.search_rank_lost_impression_share": table.search_rank_lost_impression_share,
    }
    if table.conversions_by_conversion_date is not None:
        columns["metrics.conversions_by_conversion_date"] = table.conversions_by_conversion_date
    if table.conversion_value_by_conversion_date_micros is not None:
        columns["metrics.conversions_value_by_conversion_date"] = (
            table.conversion_value_by_conversion_date_micros / MICROS
        )
    return columns


def _split(hours: Column, groups: Column, hour_rows: Column, group_rows: Column) -> Column:
    """Each hour shared out by what the groups have of the day; whole numbers stay whole, sums exact."""
    if not len(hour_rows):
        return hours[:0]
    part = groups[group_rows].astype(np.float64)
    first = np.flatnonzero(np.diff(hour_rows, prepend=-1))
    sizes = np.diff(np.append(first, len(hour_rows)))
    before = np.cumsum(part) - part
    within = before - np.repeat(before[first], sizes)
    total = np.repeat(np.add.reduceat(part, first), sizes)
    safe = np.where(total > 0.0, total, 1.0)
    whole = hours[hour_rows].astype(np.float64)
    low, high = whole * within / safe, whole * (within + part) / safe
    if hours.dtype.kind == "i":
        return (np.floor(high + 1e-6) - np.floor(low + 1e-6)).astype(np.int64)
    return high - low
