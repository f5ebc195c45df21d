"""Hour rows: the running day hour by hour, against what it may cost and against yesterday."""

from datetime import UTC, date, datetime, timedelta
from typing import TypedDict
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from agent.domain.entity import EntityTable
from agent.domain.hours import HourlyMetrics
from agent.domain.lever import Lever


class HourRow(TypedDict):
    """One hour of the account's day; money in currency units.

    `spent`: since midnight. `of_budget`: its share of all daily budgets that are on, None where
    there are none. `spent_yesterday`: up to the same hour. `conversions`: None where the platform
    does not tell them by the hour.
    """

    account: str
    hour: str
    cost: float
    clicks: int
    conversions: float | None
    value: float
    spent: float
    of_budget: float | None
    spent_yesterday: float


def hour_rows(account: str, hours: HourlyMetrics, table: EntityTable, now: datetime) -> list[HourRow]:
    """The hours of today that have begun, oldest first.

    Args:
        hours: Of yesterday and today.
    """
    zone = ZoneInfo(table.account.time_zone)
    local = now.astimezone(zone)
    budget = day_budget_micros(table)
    today = _by_hour(hours, zone, local.date())
    yesterday = _by_hour(hours, zone, local.date() - timedelta(days=1))
    rows, spent, spent_yesterday = [], 0, 0
    for hour in range(local.hour + 1):
        mine = today.get(hour, np.empty(0, dtype=np.intp))
        cost = int(hours.cost_micros[mine].sum())
        spent += cost
        if hour in yesterday:
            spent_yesterday += int(hours.cost_micros[yesterday[hour]].sum())
        conversions = float(hours.conversions[mine].sum())
        rows.append(
            HourRow(
                account=account,
                hour=f"{local.date()}T{hour:02d}:00",
                cost=cost / 1e6,
                clicks=int(hours.clicks[mine].sum()),
                conversions=None if np.isnan(conversions) else conversions,
                value=int(hours.conversion_value_micros[mine].sum()) / 1e6,
                spent=spent / 1e6,
                of_budget=spent / budget if budget else None,
                spent_yesterday=spent_yesterday / 1e6,
            )
        )
    return rows


def day_budget_micros(table: EntityTable) -> int:
    """What all daily budgets come to that are on: their entity and its campaign are enabled."""
    budget, status = table.levers.get(Lever.DAILY_BUDGET), table.levers.get(Lever.STATUS)
    if budget is None:
        return 0
    on = budget.present.copy()
    if status is not None:
        enabled = ~status.present | (status.numbers == 1)
        on &= enabled & enabled[table.campaign_rows]
    return int(budget.numbers[on].sum())


def _by_hour(hours: HourlyMetrics, zone: ZoneInfo, day: date) -> dict[int, NDArray[np.intp]]:
    """Row numbers of each local hour of a day."""
    found = {}
    for moment in np.unique(hours.hours).tolist():
        begin = moment.replace(tzinfo=UTC).astimezone(zone)
        if begin.date() == day:
            found[begin.hour] = np.flatnonzero(hours.hours == np.datetime64(moment, "m"))
    return found
