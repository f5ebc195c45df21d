"""Hour rows: the running day, in the account's own hours."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
import sample

from agent.domain.entity import EntityTable, LeverColumn
from agent.domain.hours import HourlyMetrics
from agent.domain.lever import Lever
from agent.report.hour_rows import day_budget_micros, hour_rows


def hourly(*moments: datetime, conversions: float = 1.0) -> HourlyMetrics:
    """One campaign with 10.00 and 5 clicks in each of these hours."""
    n = len(moments)
    return HourlyMetrics(
        kinds=np.full(n, "campaign"),
        ids=np.full(n, "1"),
        hours=np.array([moment.astimezone(UTC).replace(tzinfo=None) for moment in moments], "datetime64[m]"),
        cost_micros=np.full(n, 10_000_000),
        impressions=np.full(n, 100),
        clicks=np.full(n, 5),
        conversions=np.full(n, conversions),
        conversion_value_micros=np.full(n, 30_000_000),
    )


def table(zone: str = "UTC") -> EntityTable:
    made = sample.entities([50, 60])
    return replace(made, account=replace(made.account, time_zone=zone))


@pytest.mark.parametrize(
    "zone", ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Asia/Kathmandu"]
)
def test_hours_are_those_of_the_accounts_day(zone: str) -> None:
    """Also where the zone is off by half an hour; yesterday is told up to the same hour."""
    at = ZoneInfo(zone)
    hours = hourly(
        datetime(2026, 11, 20, 0, tzinfo=at),
        datetime(2026, 11, 20, 2, tzinfo=at),
        datetime(2026, 11, 20, 23, tzinfo=at),
        datetime(2026, 11, 21, 0, tzinfo=at),
        datetime(2026, 11, 21, 1, tzinfo=at),
        datetime(2026, 11, 21, 1, tzinfo=at),
    )

    rows = hour_rows("a", hours, table(zone), datetime(2026, 11, 21, 2, 30, tzinfo=at))

    assert [row["hour"] for row in rows] == [f"2026-11-21T0{hour}:00" for hour in range(3)]
    assert [row["cost"] for row in rows] == [10, 20, 0]
    assert [row["spent"] for row in rows] == [10, 30, 30]
    assert [row["spent_yesterday"] for row in rows] == [10, 10, 20]
    assert [row["of_budget"] for row in rows] == [10 / 110, 30 / 110, 30 / 110]
    assert sum(row["clicks"] for row in rows) == 15


def test_conversions_that_a_platform_does_not_tell_by_the_hour_are_not_zero() -> None:
    """Missing is not zero."""
    moment = datetime(2026, 11, 21, 0, 0, tzinfo=UTC)

    (row,) = hour_rows("a", hourly(moment, conversions=float("nan")), table(), moment)

    assert row["conversions"] is None


def test_only_budgets_that_are_on_are_counted() -> None:
    """A paused campaign spends nothing of its budget."""
    made = table()
    status = LeverColumn(np.array([1, 0]), np.array([True, True]))

    paused = replace(made, levers={**made.levers, Lever.STATUS: status})

    assert (day_budget_micros(made), day_budget_micros(paused)) == (110_000_000, 50_000_000)
    assert day_budget_micros(replace(made, levers={})) == 0
