"""AccountReport: all that a report says of one account over a period, as plain nouns. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from agent.domain.entity import Account, Days, Flags, Floats, Strings
from agent.domain.metrics import DailyMetrics
from agent.domain.money import MICROS
from agent.domain.portfolio import Goal
from agent.report.incidents import Incident
from agent.report.kpis import Kpis, campaign_rows, kpis
from agent.report.made import Held, HeldLate, Rejection, Waiting
from agent.report.pacing import Pacing
from agent.report.period import Period
from agent.report.verdicts import Judged


@dataclass(frozen=True, slots=True)
class Figures:
    """Daily figures of all that an account held at some time of these days, gone or not.

    Attributes:
        names: Shape (n_entities,), as last known; `kinds`, `ids`, `channels` as in an `EntityTable`.
        metrics: Matrices of shape (n_entities, n_days).
        reported: Of the same shape, share of the conversions that has been reported by now.
    """

    account: Account
    kinds: Strings
    ids: Strings
    names: Strings
    channels: Strings
    days: Days
    metrics: DailyMetrics
    reported: Floats

    def campaigns(self) -> "Figures":
        """What to add up: campaigns; without any, all there is."""
        rows = campaign_rows(self.kinds)
        return Figures(
            self.account,
            self.kinds[rows],
            self.ids[rows],
            self.names[rows],
            self.channels[rows],
            self.days,
            self.metrics.cut(rows),
            self.reported[rows],
        )

    def kpis(self, days: Flags) -> Kpis:
        """Of each row over these days (shape (n_days,))."""
        return kpis(self.metrics, self.reported, days)

    def total(self, days: Flags) -> Kpis:
        """Of all rows together, as one row."""
        return kpis(self.metrics, self.reported, days, np.zeros(len(self.ids), dtype=np.int64))


@dataclass(frozen=True, slots=True)
class Daily:
    """Days one by one, for pictures: those of a month, or a day with the days before it.

    Columns of shape (n_days,), NaN where a day is not known.

    Attributes:
        cost, value: Currency units. `reported`: share of the conversions that has been reported.
    """

    days: Days
    cost: Floats
    conversions: Floats
    value: Floats
    reported: Floats


@dataclass(frozen=True, slots=True)
class Board:
    """The KPIs of a period: of all campaigns together and of each, most cost first.

    Attributes:
        total, total_before: One row each; before: of `Period.before`.
        names, ids: Of the campaigns, as `now` and `before`.
        missing: Days of the period that are not known.
    """

    total: Kpis
    total_before: Kpis
    names: Strings
    ids: Strings
    now: Kpis
    before: Kpis
    daily: Daily
    missing: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class AccountReport:
    """One account.

    Attributes:
        name: In config.toml.
        as_of: What was known then (UTC) is told.
        goals: Of its portfolios.
        board: None where nothing is known of the account.
        expired: How many changes nobody answered in time.
        n_plans: Drawn up in the period.
        entity_names: What people call each entity, by the text of its ref.
        earlier: Of a day, changes of the three weeks before that can be judged by now.
    """

    name: str
    account: Account
    period: Period
    as_of: datetime
    goals: frozenset[Goal]
    board: Board | None
    pacing: tuple[Pacing, ...]
    judged: tuple[Judged, ...]
    held: tuple[Held, ...]
    held_late: tuple[HeldLate, ...]
    waiting: tuple[Waiting, ...]
    rejections: tuple[Rejection, ...]
    expired: int
    n_plans: int
    incidents: tuple[Incident, ...]
    entity_names: dict[str, str]
    earlier: tuple[Judged, ...] = ()

    @property
    def currency(self) -> str:
        return self.account.currency

    @property
    def by_value(self) -> bool:
        """Whether value is what any of it is steered for; True where no portfolio says otherwise."""
        return not self.goals or Goal.VALUE in self.goals


def board(figures: Figures, period: Period) -> Board | None:
    """The KPIs of the period; None where no figures are there to add up."""
    told = figures.campaigns()
    if not len(told.ids) or not len(told.days):
        return None
    now, before = period.span.among(told.days), period.before.among(told.days)
    of_each, of_each_before = told.kpis(now), told.kpis(before)
    alive = (of_each.impressions > 0) | (of_each.cost_micros > 0)
    alive |= (of_each_before.impressions > 0) | (of_each_before.cost_micros > 0)
    rows = np.flatnonzero(alive)
    rows = rows[np.lexsort((told.ids[rows], -of_each.cost_micros[rows]))]
    known = np.asarray(told.metrics.known.all(axis=0))
    missing = told.days[now & ~known].astype(object).tolist()
    return Board(
        total=told.total(now),
        total_before=told.total(before),
        names=told.names[rows],
        ids=told.ids[rows],
        now=of_each.take(rows),
        before=of_each_before.take(rows),
        daily=_daily(told, now if period.is_month else now | before),
        missing=tuple(missing),
    )


def of_currency(reports: Sequence[AccountReport]) -> dict[str, list[AccountReport]]:
    """The reports by currency, since two currencies are never added; in the order of config.toml."""
    found: dict[str, list[AccountReport]] = {}
    for one in reports:
        found.setdefault(one.currency, []).append(one)
    return found


def _daily(figures: Figures, days: Flags) -> Daily:
    metrics, inside = figures.metrics, np.flatnonzero(days)
    known = np.asarray(metrics.known.all(axis=0))[inside]

    def summed(matrix: Floats) -> Floats:
        return np.where(known, matrix[:, inside].sum(axis=0), np.nan)

    weight = np.maximum(metrics.clicks[:, inside], 1e-6)
    reported = (figures.reported[:, inside] * weight).sum(axis=0) / weight.sum(axis=0)
    return Daily(
        days=figures.days[inside],
        cost=summed(metrics.cost_micros / MICROS),
        conversions=summed(metrics.conversions),
        value=summed(metrics.conversion_value_micros / MICROS),
        reported=reported,
    )
