"""Metrics: rows of the daily queries as columns. Pure."""

from array import array
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from agent.domain.metrics import MetricsTable, counted, micros_of
from agent.domain.ref import Kind

# How Google shows an impression share below 0.1, and a lost share above 0.9: they are bounds.
AT_MOST, AT_LEAST = 0.0999, 0.9001

# Google has finished a day's figures at about this hour of the next one, local time.
_SETTLED_HOUR = 3
_COLUMNS = (
    "kinds",
    "ids",
    "days",
    "cost_micros",
    "impressions",
    "clicks",
    "conversions",
    "conversion_value_micros",
    "search_impression_share",
    "search_budget_lost_impression_share",
    "search_rank_lost_impression_share",
    "conversions_by_conversion_date",
    "conversion_value_by_conversion_date_micros",
)


def metrics_of(
    rows: Iterable[Any], since: date, until: date, partial_since: date | None, kind: Kind = Kind.CAMPAIGN
) -> MetricsTable:
    """Read rows of a daily query (protobuf form) into columns, in one pass.

    Shares are kept as Google reports them: one that stands at `AT_MOST` or `AT_LEAST` is a bound
    and no figure, and nothing here takes it for more. Google shows no share lost to budget of
    ad groups and keywords, and none at all of campaigns that are not in search: NaN.
    """
    identify = _IDENTITIES[kind]
    ids: list[int | str] = []
    days: list[str] = []
    cost, impressions, clicks = (array("q") for _ in range(3))
    conversions, value, later, later_value = (array("d") for _ in range(4))
    impression_share, lost_to_budget, lost_to_rank = (array("d") for _ in range(3))
    nan = float("nan")
    for row in rows:  # plain statements: this loop runs for every entity and day
        metrics = row.metrics
        told = metrics.HasField  # dear, so it is asked where a figure is 0 and may be none
        ids.append(identify(row))
        days.append(row.segments.date)
        cost.append(metrics.cost_micros)
        impressions.append(metrics.impressions)
        clicks.append(metrics.clicks)
        conversions.append(metrics.conversions)
        value.append(metrics.conversions_value)
        later_value.append(metrics.conversions_value_by_conversion_date)
        figure = metrics.conversions_by_conversion_date
        later.append(figure if figure or told("conversions_by_conversion_date") else nan)
        figure = metrics.search_impression_share
        impression_share.append(figure if figure or told("search_impression_share") else nan)
        figure = metrics.search_budget_lost_impression_share
        lost_to_budget.append(figure if figure or told("search_budget_lost_impression_share") else nan)
        figure = metrics.search_rank_lost_impression_share
        lost_to_rank.append(figure if figure or told("search_rank_lost_impression_share") else nan)
    return MetricsTable(
        since=np.datetime64(since, "D"),
        until=np.datetime64(until, "D"),
        partial_since=None if partial_since is None else np.datetime64(partial_since, "D"),
        kinds=np.full(len(ids), kind.value),
        ids=np.array(ids).astype(np.str_),
        days=np.array(days, dtype="datetime64[D]"),
        cost_micros=np.array(cost, dtype=np.int64),
        impressions=np.array(impressions, dtype=np.int64),
        clicks=np.array(clicks, dtype=np.int64),
        conversions=counted(conversions),
        conversion_value_micros=micros_of(value),
        search_impression_share=np.array(impression_share),
        search_budget_lost_impression_share=np.array(lost_to_budget),
        search_rank_lost_impression_share=np.array(lost_to_rank),
        conversions_by_conversion_date=np.array(later),
        conversion_value_by_conversion_date_micros=micros_of(later_value),
    )


def joined(tables: list[MetricsTable]) -> MetricsTable:
    """One table of several that speak for the same days; at least one is needed."""
    columns: dict[str, Any] = {
        name: np.concatenate([getattr(table, name) for table in tables]) for name in _COLUMNS
    }
    return replace(tables[0], **columns)


def first_unsettled_day(now: datetime, zone: ZoneInfo, until: date) -> date | None:
    """The first day whose figures are not complete at `now`; None when all until `until` are."""
    local = now.astimezone(zone)
    first = local.date() - timedelta(days=1) if local.hour < _SETTLED_HOUR else local.date()
    return first if first <= until else None


def _campaign(row: Any) -> int:
    return row.campaign.id  # type: ignore[no-any-return]  # protobuf has no types


def _ad_group(row: Any) -> int:
    return row.ad_group.id  # type: ignore[no-any-return]  # protobuf has no types


def _keyword(row: Any) -> str:
    return f"{row.ad_group.id}~{row.ad_group_criterion.criterion_id}"


_IDENTITIES: dict[Kind, Callable[[Any], int | str]] = {
    Kind.CAMPAIGN: _campaign,
    Kind.AD_GROUP: _ad_group,
    Kind.KEYWORD: _keyword,
}
