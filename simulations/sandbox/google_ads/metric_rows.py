"""Metric rows: figures of entities, segmented as a query asks and summed over the rest."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from agent.domain.entity import Days, Numbers
from agent.domain.ref import Kind
from simulations.platform import Platform
from simulations.sandbox.google_ads.compatibility import HOUR, LAG, SHARES
from simulations.sandbox.google_ads.dates import CORE_DATES, DATE, DateRange, date_range
from simulations.sandbox.google_ads.figures import (
    Column,
    Figures,
    by_delay,
    daily,
    hourly,
    hourly_of_groups,
)
from simulations.sandbox.google_ads.gaql import Query
from simulations.sandbox.google_ads.search import Row

_IDS: Mapping[str, Callable[[Row], str]] = {
    "campaign": lambda row: str(row["campaign.id"]),
    "ad_group": lambda row: str(row["ad_group.id"]),
    "keyword_view": lambda row: f"{row['ad_group.id']}~{row['ad_group_criterion.criterion_id']}",
}
_WEEKDAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
_WHOLE = ("metrics.cost_micros", "metrics.impressions", "metrics.clicks")
_IMPRESSIONS, _SHARE = "metrics.impressions", "metrics.search_impression_share"
_TARGETS = {
    "metrics.average_target_cpa_micros": (
        "target_cpa.target_cpa_micros",
        "maximize_conversions.target_cpa_micros",
    ),
    "metrics.average_target_roas": ("target_roas.target_roas", "maximize_conversion_value.target_roas"),
}
_OF_DAYS = (*CORE_DATES, "segments.day_of_week")
_EPOCH_WEEKDAY = 3  # 1970-01-01 was a Thursday


def metric_rows(platform: Platform, query: Query, entities: Iterator[Row]) -> Iterator[Row]:
    """A row for each entity and segment of the days that the query names, or of all days.

    Rows whose selected metrics are all zero are left out when anything is segmented.

    Args:
        entities: Rows of the query's resource without figures.
    """
    days = date_range(query, platform.today()) or DateRange(platform.market.first_day, platform.today())
    id_of = _IDS[query.resource]
    named = {*query.fields, f"{query.resource}.resource_name"}
    named |= {f"{path.split('.')[0]}.resource_name" for path in query.select}
    facts = {id_of(row): _facts(row, named) for row in entities}
    paths = [path for path in query.fields if path.startswith("metrics.")]
    segments = [path for path in query.select if path.startswith("segments.")]
    found = _summed(_figures(platform, query, days), segments, paths)
    seen = set()
    for id_, row in found:
        if id_ in facts and (not segments or any(row.get(path) for path in paths)):
            seen.add(id_)
            yield {**facts[id_], **row}
    if not segments:
        nothing = {path: 0 for path in paths if path not in SHARES and path not in _TARGETS}
        for id_, fact in facts.items():
            if id_ not in seen:
                yield {**fact, **nothing}


def _facts(row: Row, named: set[str]) -> Row:
    """What of an entity's row the query names, and its targets as averages: the platform keeps none."""
    facts: dict[str, Any] = {path: row[path] for path in named if path in row}
    for path, leaves in _TARGETS.items():
        if path in named:
            facts[path] = next(filter(None, (row.get(f"campaign.{leaf}") for leaf in leaves)), None)
    return facts


def _figures(platform: Platform, query: Query, days: DateRange) -> Figures:
    groups = sorted({group.kind for group in platform.groups})
    if LAG in query.select:
        return by_delay(platform, days, by_day=any(path in _OF_DAYS for path in query.select))
    if HOUR in query.select:
        return (
            hourly(platform, days)
            if query.resource == "campaign"
            else hourly_of_groups(platform, groups, days)
        )
    kinds = {"campaign": [Kind.CAMPAIGN], "ad_group": groups, "keyword_view": [Kind.KEYWORD]}
    return daily(platform, kinds[query.resource] or [Kind.AD_GROUP], days)


def _summed(
    figures: Figures, segments: Sequence[str], paths: Sequence[str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The id and the values of each group, by id and then by segments."""
    keys = [figures.ids, *(_segment(figures, path) for path in segments)]
    codes = [np.unique(key, return_inverse=True) for key in keys]
    if not len(figures.ids):
        return
    _, first, group = np.unique(
        np.stack([code for _, code in codes], axis=1), axis=0, return_index=True, return_inverse=True
    )
    group = group.ravel()
    told = [path for path in paths if path not in _TARGETS]
    if len(first) == len(group) and figures.hours is None:  # nothing to sum
        columns = {path: _taken(figures, path, first) for path in told}
    else:
        columns = {path: _sum(figures, path, group, len(first)) for path in told}
    values = {path: keys[number][first].tolist() for number, path in enumerate(segments, 1)}
    lists = values | {path: column.tolist() for path, column in columns.items() if column is not None}
    names = tuple(lists)
    ids = figures.ids[first].tolist()
    for id_, row in zip(ids, zip(*lists.values(), strict=True) if names else ((),) * len(ids), strict=True):
        yield id_, {path: value for path, value in zip(names, row, strict=True) if value == value}  # noqa: PLR0124  # NaN


def _taken(figures: Figures, path: str, rows: Column) -> Column | None:
    column = figures.metrics.get(path)
    return None if column is None else column[rows]


def _sum(figures: Figures, path: str, group: Column, n: int) -> Column | None:
    if path in SHARES:
        return _share(figures, path, group, n)
    column = figures.metrics.get(path)
    if column is None:
        return None
    total = np.bincount(group, weights=column, minlength=n)
    return np.rint(total).astype(np.int64) if path in _WHOLE else total


def _share(figures: Figures, path: str, group: Column, n: int) -> Column | None:
    """The share of all impressions that could have been had; 0 by the hour, as Google tells it."""
    if figures.hours is not None:
        return np.zeros(n)
    share, own = figures.metrics.get(path), figures.metrics[_SHARE]
    if share is None:
        return None
    counted = ~np.isnan(share) & ~np.isnan(own)
    eligible = np.where(counted, figures.metrics[_IMPRESSIONS] / np.where(counted, own, 1.0), 0.0)
    eligible = np.where(counted & (eligible == 0.0), 1e-9, eligible)
    total = np.bincount(group, weights=eligible, minlength=n)
    part = np.bincount(group, weights=np.where(counted, share, 0.0) * eligible, minlength=n)
    return np.where(total > 0.0, part / np.where(total > 0.0, total, 1.0), np.nan)


def _segment(figures: Figures, path: str) -> Column:
    days = figures.days
    months = days.astype("datetime64[M]")
    columns: dict[str, Callable[[], Column | None]] = {
        DATE: lambda: days.astype(str),
        "segments.week": lambda: (days - _weekday(days)).astype(str),
        "segments.month": lambda: _days_of(months),
        "segments.quarter": lambda: (
            (months - months.astype(np.int64) % 3).astype("datetime64[D]").astype(str)
        ),
        "segments.year": lambda: days.astype("datetime64[Y]").astype(np.int64) + 1970,
        "segments.day_of_week": lambda: np.array(_WEEKDAYS)[_weekday(days)],
        HOUR: lambda: figures.hours,
        LAG: lambda: figures.buckets,
    }
    column = columns[path]()
    assert column is not None, "compatibility let through what the figures have"
    return column


def _days_of(months: Column) -> Column:
    """The first day of each."""
    return months.astype("datetime64[D]").astype(str)


def _weekday(days: Days) -> Numbers:
    """0 is Monday."""
    return (days.astype(np.int64) + _EPOCH_WEEKDAY) % 7
