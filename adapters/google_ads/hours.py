"""Hours: rows of the hourly campaign query as columns. Pure."""

from array import array
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from agent.domain.hours import HourlyMetrics
from agent.domain.metrics import counted, micros_of
from agent.domain.ref import Kind


def hours_of(rows: Iterable[Any], zone: ZoneInfo) -> HourlyMetrics:
    """Read rows of the hourly query (protobuf form) into columns, in one pass.

    Google counts hours 0 to 23 of the account's day. Of an hour that a clock change repeats there
    is one row with the figures of both, which begins where the first began.
    """
    ids, cost, impressions, clicks = (array("q") for _ in range(4))
    conversions, value = array("d"), array("d")
    began: list[datetime] = []
    known: dict[tuple[str, int], datetime] = {}
    for row in rows:
        metrics, segments = row.metrics, row.segments
        key = (segments.date, segments.hour)
        if key not in known:
            known[key] = _utc(*key, zone)
        ids.append(row.campaign.id)
        began.append(known[key])
        cost.append(metrics.cost_micros)
        impressions.append(metrics.impressions)
        clicks.append(metrics.clicks)
        conversions.append(metrics.conversions)
        value.append(metrics.conversions_value)
    return HourlyMetrics(
        kinds=np.full(len(ids), Kind.CAMPAIGN.value),
        ids=np.array(ids, dtype=np.int64).astype(np.str_),
        hours=np.array(began, dtype="datetime64[m]"),
        cost_micros=np.array(cost, dtype=np.int64),
        impressions=np.array(impressions, dtype=np.int64),
        clicks=np.array(clicks, dtype=np.int64),
        conversions=counted(conversions),
        conversion_value_micros=micros_of(value),
    )


def _utc(day: str, hour: int, zone: ZoneInfo) -> datetime:
    """When a local hour begins, as UTC without a zone, which is what numpy takes."""
    began = datetime.combine(date.fromisoformat(day), datetime.min.time(), zone).replace(hour=hour)
    return began.astimezone(UTC).replace(tzinfo=None)
