"""Reporting: figures of a simulated account in the form in which platforms report them."""

from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from agent.domain.entity import Floats, Strings
from agent.domain.metrics import MetricsTable
from agent.domain.ref import Kind
from simulations.book import Figures
from simulations.delivery import Delivery
from simulations.layout import Layout
from simulations.market import Micros
from simulations.splitting import Lot, split
from simulations.supply import Landscape, Supply

_LOWEST_SHARE = 0.1
_HIGHEST_LOSS = 0.9


@dataclass(frozen=True, slots=True)
class Reach:
    """What a report is about.

    Attributes:
        since: As it was asked for.
        first, last: Days within the account's life so far, both included; none where last is
            before first.
        today: The day of `now` in the account's zone.
    """

    since: date
    first: date
    last: date
    today: date
    now: datetime

    @property
    def partial_since(self) -> np.datetime64 | None:
        return np.datetime64(self.today, "D") if self.last >= self.today else None


def metrics_table(market: Supply, ids: Strings, figures: Figures, reach: Reach) -> MetricsTable:
    """One row for each campaign and day on which anything happened, be it a late conversion.

    Args:
        ids: Shape (n_campaigns,).
        figures: From `reach.first` on.
    """
    n_days, n = figures.cost_micros.shape
    days = np.repeat(np.datetime64(reach.first, "D") + np.arange(n_days), n)
    rows = np.flatnonzero((figures.impressions > 0) | (figures.cost_micros > 0) | (figures.arrived > 0))
    shown = 1.0 - market.rank_lost
    bought = np.where(market.has_impression_share, figures.reach, np.nan)

    def column(matrix: np.ndarray) -> np.ndarray:
        return matrix.ravel()[rows]

    return MetricsTable(
        since=np.datetime64(reach.since, "D"),
        until=np.datetime64(reach.last, "D"),
        partial_since=reach.partial_since,
        kinds=np.full(len(rows), Kind.CAMPAIGN.value),
        ids=ids[rows % n],
        days=days[rows],
        cost_micros=column(figures.cost_micros),
        impressions=column(figures.impressions),
        clicks=column(figures.clicks),
        conversions=column(figures.conversions).astype(np.float64),
        conversion_value_micros=column(figures.value_micros),
        search_impression_share=_share(column(bought * shown)),
        search_budget_lost_impression_share=_loss(column((figures.allowed - bought) * shown)),
        search_rank_lost_impression_share=_loss(column(bought * 0.0 + (1.0 - figures.allowed * shown))),
        conversions_by_conversion_date=column(figures.arrived).astype(np.float64),
        conversion_value_by_conversion_date_micros=column(figures.arrived_micros),
    )


def parts_table(
    landscape: Landscape,
    delivery: Delivery,
    layout: Layout,
    reach: Reach,
    *,
    kind: Kind,
    unit: int,
) -> MetricsTable:
    """The same by ad group, ad set or keyword; they sum to their campaign's day.

    Without impression shares and conversions by their own date, which are told of campaigns only.
    """
    by_keyword = kind is Kind.KEYWORD
    ids = layout.keyword_ids if by_keyword else layout.group_ids[:, None]
    told = (ids != "") & (by_keyword | (layout.is_ad_set == (kind is Kind.AD_SET)))
    now, today = delivery.settle(reach.now)
    rows: list[NDArray[np.intp]] = []
    columns: list[Micros] = []
    numbers = range(delivery.day_number(reach.first), delivery.day_number(reach.last) + 1)
    for day in numbers:
        portions = delivery.portions(day, now)
        outcome = delivery.realised(day, delivery.flow(day, portions, now))
        lot = Lot(landscape.seed, day, landscape.numbers)
        spread = delivery.spread(day, portions, now)
        own = layout.group_budgets
        parts = split(outcome, spread, today - day, lot, unit=unit, group_budgets=own)
        columns.append(parts.columns(told, by_keyword=by_keyword))
        rows.append(np.flatnonzero(columns[-1].any(axis=0)))
    if not columns:
        return no_metrics(reach)
    cost, impressions, clicks, conversions, value = np.concatenate(
        [column[:, some] for column, some in zip(columns, rows, strict=True)], axis=1
    )
    n = len(cost)
    days = np.repeat(np.array(numbers, dtype=np.int64), [len(some) for some in rows])
    unknown = np.full(n, np.nan)
    return MetricsTable(
        since=np.datetime64(reach.since, "D"),
        until=np.datetime64(reach.last, "D"),
        partial_since=reach.partial_since,
        kinds=np.full(n, kind.value),
        ids=ids[told][np.concatenate(rows)],
        days=np.datetime64(landscape.first_day, "D") + days,
        cost_micros=cost,
        impressions=impressions,
        clicks=clicks,
        conversions=conversions.astype(np.float64),
        conversion_value_micros=value,
        search_impression_share=unknown,
        search_budget_lost_impression_share=unknown,
        search_rank_lost_impression_share=unknown,
    )


def no_metrics(reach: Reach) -> MetricsTable:
    """A report on nothing."""
    counts: Micros = np.empty(0, dtype=np.int64)
    floats: Floats = np.empty(0)
    words: Strings = np.empty(0, dtype=np.str_)
    return MetricsTable(
        since=np.datetime64(reach.since, "D"),
        until=np.datetime64(reach.last, "D"),
        partial_since=reach.partial_since,
        kinds=words,
        ids=words,
        days=np.empty(0, dtype="datetime64[D]"),
        cost_micros=counts,
        impressions=counts,
        clicks=counts,
        conversions=floats,
        conversion_value_micros=counts,
        search_impression_share=floats,
        search_budget_lost_impression_share=floats,
        search_rank_lost_impression_share=floats,
    )


def _share(share: Floats) -> Floats:
    """Google reports a share below 10 % as 0.0999."""
    return np.where(share < _LOWEST_SHARE, 0.0999, share)


def _loss(loss: Floats) -> Floats:
    """Google reports a loss above 90 % as 0.9001."""
    return np.where(loss > _HIGHEST_LOSS, 0.9001, loss)
