"""Reports: what a platform tells of an account, made from what was delivered."""

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np

from agent.domain.advice import ResponseCurve
from agent.domain.entity import Account
from agent.domain.hours import HourlyMetrics
from agent.domain.metrics import MetricsTable
from agent.domain.ref import Kind
from simulations.delivery import Delivery
from simulations.hourly import hourly_metrics
from simulations.lag import lag_counts
from simulations.market import Micros
from simulations.reporting import Reach, metrics_table, no_metrics, parts_table
from simulations.responses import simulate
from simulations.structure import Structure
from simulations.supply import Landscape, Supply


class Reports:
    """Pure but for what is kept for speed."""

    def __init__(self, market: Supply, structure: Structure, account: Account, delivery: Delivery) -> None:
        self._market = market
        self._structure = structure
        self._account = account
        self._delivery = delivery
        self._zone = ZoneInfo(account.time_zone)
        self._ids = np.array([campaign.id for campaign in structure.campaigns])
        self._simulated: tuple[tuple[int, int], Mapping[str, ResponseCurve]] | None = None

    def metrics(self, since: date, until: date, kind: Kind, now: datetime) -> MetricsTable:
        """As `Platform.metrics`."""
        reach = self._reach(since, until, now)
        if kind is Kind.CAMPAIGN:
            days = self._days(reach)
            figures = self._delivery.figures(days.start, days.stop - 1, now)
            return metrics_table(self._market, self._ids, figures, reach)
        layout, market = self._structure.layout, self._market
        if layout is None or not isinstance(market, Landscape):
            return no_metrics(reach)
        unit = self._account.unit_micros
        return parts_table(market, self._delivery, layout, reach, kind=kind, unit=unit)

    def hours(self, since: date, until: date, now: datetime) -> HourlyMetrics:
        """As `Platform.hours`."""
        days = self._days(self._reach(since, until, now))
        return hourly_metrics(self._delivery, self._ids, days, now, self._zone)

    def lag(self, since: date, until: date, now: datetime) -> Micros:
        """As `Platform.lag`, of each campaign: shape (n_campaigns, N_AGES)."""
        days = self._days(self._reach(since, until, now))
        return lag_counts(self._delivery, len(self._ids), days, now)

    def responses(self, now: datetime) -> Mapping[str, ResponseCurve]:
        """As `Platform.responses`."""
        _, today = self._delivery.settle(now)
        asked = (today, len(self._delivery.edits))
        if self._simulated is None or self._simulated[0] != asked:
            levers, unit = self._delivery.schedule.now, self._account.unit_micros
            self._simulated = asked, simulate(self._market, self._structure, levers, today, unit)
        return self._simulated[1]

    def _reach(self, since: date, until: date, now: datetime) -> Reach:
        today = now.astimezone(self._zone).date()
        return Reach(since, max(since, self._market.first_day), min(until, today), today, now)

    def _days(self, reach: Reach) -> range:
        return range(self._delivery.day_number(reach.first), self._delivery.day_number(reach.last) + 1)
