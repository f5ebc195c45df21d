"""Small metrics tables for tests of what was seen."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np

from agent.domain.entity import Days
from agent.domain.metrics import MetricsTable
from agent.domain.ref import Kind

MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)

Row = tuple[str, str, int, float]
"""Id, day, cost in micros, conversions."""


def at(days: float) -> datetime:
    """So many days after the first Monday."""
    return MONDAY + timedelta(days=days)


def told(
    since: str, until: str, rows: Sequence[Row], *, partial_since: str | None = None, dated: bool = False
) -> MetricsTable:
    """A table of campaigns; all else is derived from the cost.

    Args:
        dated: Whether the platform tells conversions by their own date, for some rows.
    """
    cost = np.array([row[2] for row in rows], dtype=np.int64)
    return MetricsTable(
        since=np.datetime64(since),
        until=np.datetime64(until),
        partial_since=None if partial_since is None else np.datetime64(partial_since),
        kinds=np.array([Kind.CAMPAIGN.value] * len(rows), dtype=np.str_),
        ids=np.array([row[0] for row in rows], dtype=np.str_),
        days=np.array([row[1] for row in rows], dtype="datetime64[D]"),
        cost_micros=cost,
        impressions=cost // 1_000,
        clicks=cost // 100_000,
        conversions=np.array([row[3] for row in rows], dtype=np.float64),
        conversion_value_micros=cost * 3,
        search_impression_share=np.where(cost % 2 == 0, np.nan, 0.25),
        search_budget_lost_impression_share=np.full(len(rows), np.nan),
        search_rank_lost_impression_share=np.full(len(rows), 1 / 3),
        conversions_by_conversion_date=np.where(cost % 3 == 1, np.nan, cost / 7) if dated else None,
        conversion_value_by_conversion_date_micros=np.where(cost % 3 == 1, 0, cost * 2) if dated else None,
    )


def days(since: str, until: str) -> Days:
    """Consecutive days, both included."""
    return np.arange(np.datetime64(since), np.datetime64(until) + 1)
