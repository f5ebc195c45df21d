"""Metrics: rows of the daily campaign query as columns. Pure."""

from array import array
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from agent.domain.metrics import MetricsTable
from agent.domain.money import MICROS
from agent.domain.ref import Kind

# Google has finished a day's figures at about this hour of the next one, local time.
_SETTLED_HOUR = 3
_SHARES = (
    "search_impression_share",
    "search_budget_lost_impression_share",
    "search_rank_lost_impression_share",
)


def metrics_of(rows: Iterable[Any], since: date, until: date, partial_since: date | None) -> MetricsTable:
    """Read rows of the daily query (protobuf form) into columns, in one pass.

    Shares are kept as Google reports them: it shows 0.0999 for an impression share below 0.1
    and 0.9001 for a lost share above 0.9, so these two values mean "at most" and "at least".
    """
    ids, cost, impressions, clicks = (array("q") for _ in range(4))
    conversions, value = array("d"), array("d")
    impression_share, lost_to_budget, lost_to_rank = (array("d") for _ in _SHARES)
    days: list[str] = []
    for row in rows:  # plain statements: this loop runs for every campaign and day
        metrics = row.metrics
        ids.append(row.campaign.id)
        days.append(row.segments.date)
        cost.append(metrics.cost_micros)
        impressions.append(metrics.impressions)
        clicks.append(metrics.clicks)
        conversions.append(metrics.conversions)
        value.append(metrics.conversions_value)
        impression_share.append(_share(metrics, _SHARES[0]))
        lost_to_budget.append(_share(metrics, _SHARES[1]))
        lost_to_rank.append(_share(metrics, _SHARES[2]))
    return MetricsTable(
        since=np.datetime64(since, "D"),
        until=np.datetime64(until, "D"),
        partial_since=None if partial_since is None else np.datetime64(partial_since, "D"),
        kinds=np.full(len(ids), Kind.CAMPAIGN.value),
        ids=np.array(ids, dtype=np.int64).astype(np.str_),
        days=np.array(days, dtype="datetime64[D]"),
        cost_micros=np.array(cost, dtype=np.int64),
        impressions=np.array(impressions, dtype=np.int64),
        clicks=np.array(clicks, dtype=np.int64),
        conversions=np.array(conversions, dtype=np.float64),
        conversion_value_micros=np.rint(np.array(value) * MICROS).astype(np.int64),
        search_impression_share=np.array(impression_share),
        search_budget_lost_impression_share=np.array(lost_to_budget),
        search_rank_lost_impression_share=np.array(lost_to_rank),
    )


def first_unsettled_day(now: datetime, zone: ZoneInfo, until: date) -> date | None:
    """The first day whose figures are not complete at `now`; None when all until `until` are."""
    local = now.astimezone(zone)
    first = local.date() - timedelta(days=1) if local.hour < _SETTLED_HOUR else local.date()
    return first if first <= until else None


def _share(metrics: Any, name: str) -> float:
    return getattr(metrics, name) if metrics.HasField(name) else np.nan
