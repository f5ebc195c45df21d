"""Hourly: a campaign's day hour by hour, as it came about."""

from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np

from agent.domain.entity import Strings
from agent.domain.hours import HourlyMetrics, no_hours
from agent.domain.ref import Kind
from simulations.delivery import Delivery
from simulations.market import Micros, Outcome


def hourly_metrics(
    delivery: Delivery, ids: Strings, days: range, now: datetime, zone: ZoneInfo
) -> HourlyMetrics:
    """One row for each campaign and hour in which anything happened, of these days.

    An hour is what the day had at its end less what it had at its beginning, so hours sum to their
    days, and an hour that is over never changes but for conversions that are reported later.
    """
    now, today = delivery.settle(now)
    starts: list[np.datetime64] = []
    figures: list[Micros] = []
    for day in days:
        portions = delivery.portions(day, now)
        before = np.zeros((5, len(ids)), dtype=np.int64)
        hours = delivery.hours(day)
        of_local: dict[int, int] = {}
        for begin, end in pairwise(hours):
            if begin >= now:
                break
            until = min(end, now)
            outcome = delivery.realised(day, delivery.flow(day, portions, until))
            after = _known(outcome, today - day)
            local = begin.astimezone(zone).hour
            if local in of_local:  # clocks went back
                figures[of_local[local]] += after - before
            else:
                of_local[local] = len(figures)
                starts.append(np.datetime64(begin.replace(tzinfo=None), "m"))
                figures.append(after - before)
            before = after
    if not figures:
        return no_hours()
    columns = np.stack(figures, axis=1).reshape(5, -1)
    rows = np.flatnonzero(columns.any(axis=0))
    cost, impressions, clicks, conversions, value = columns[:, rows]
    return HourlyMetrics(
        kinds=np.full(len(rows), Kind.CAMPAIGN.value),
        ids=ids[rows % len(ids)],
        hours=np.array(starts)[rows // len(ids)],
        cost_micros=cost,
        impressions=impressions,
        clicks=clicks,
        conversions=conversions.astype(np.float64),
        conversion_value_micros=value,
    )


def _known(outcome: Outcome, age: int) -> Micros:
    return np.stack(
        [
            outcome.cost_micros,
            outcome.impressions,
            outcome.clicks,
            outcome.conversions[:, : age + 1].sum(axis=1),
            outcome.value_micros[:, : age + 1].sum(axis=1),
        ]
    )
