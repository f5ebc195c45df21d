"""Reporting: figures of a simulated account in the form in which platforms report them."""

from datetime import date

import numpy as np

from agent.domain.entity import Floats, Strings
from agent.domain.metrics import MetricsTable
from agent.domain.ref import Kind
from simulations.book import Figures
from simulations.supply import Supply

_LOWEST_SHARE = 0.1
_HIGHEST_LOSS = 0.9


def metrics_table(
    market: Supply, ids: Strings, figures: Figures, *, first_day: date, since: date, until: date, today: date
) -> MetricsTable:
    """One row for each campaign and day on which anything happened, be it a late conversion.

    Args:
        ids: Shape (n_campaigns,).
        first_day: The day of the first row of `figures`.
    """
    n_days, n = figures.cost_micros.shape
    days = np.repeat(np.datetime64(first_day, "D") + np.arange(n_days), n)
    rows = np.flatnonzero((figures.impressions > 0) | (figures.cost_micros > 0) | (figures.arrived > 0))
    shown = 1.0 - market.rank_lost
    reach = np.where(market.has_impression_share, figures.reach, np.nan)

    def column(matrix: np.ndarray) -> np.ndarray:
        return matrix.ravel()[rows]

    return MetricsTable(
        since=np.datetime64(since, "D"),
        until=np.datetime64(until, "D"),
        partial_since=np.datetime64(today, "D") if until >= today else None,
        kinds=np.full(len(rows), Kind.CAMPAIGN.value),
        ids=ids[rows % n],
        days=days[rows],
        cost_micros=column(figures.cost_micros),
        impressions=column(figures.impressions),
        clicks=column(figures.clicks),
        conversions=column(figures.conversions).astype(np.float64),
        conversion_value_micros=column(figures.value_micros),
        search_impression_share=_share(column(reach * shown)),
        search_budget_lost_impression_share=_loss(column((figures.allowed - reach) * shown)),
        search_rank_lost_impression_share=_loss(column(reach * 0.0 + (1.0 - figures.allowed * shown))),
        conversions_by_conversion_date=column(figures.arrived).astype(np.float64),
        conversion_value_by_conversion_date_micros=column(figures.arrived_micros),
    )


def _share(share: Floats) -> Floats:
    """Google reports a share below 10 % as 0.0999."""
    return np.where(share < _LOWEST_SHARE, 0.0999, share)


def _loss(loss: Floats) -> Floats:
    """Google reports a loss above 90 % as 0.9001."""
    return np.where(loss > _HIGHEST_LOSS, 0.9001, loss)
