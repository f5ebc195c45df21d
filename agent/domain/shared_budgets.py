"""Shared budgets and strategies: rows of their own, summed over the campaigns that share them. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agent.domain.metrics import MetricsTable
from agent.domain.ref import Kind

_SHARES = (
    "search_impression_share",
    "search_budget_lost_impression_share",
    "search_rank_lost_impression_share",
)


def with_shared_budgets(
    table: MetricsTable, budget_of: Mapping[str, str], kind: Kind = Kind.CAMPAIGN_BUDGET
) -> MetricsTable:
    """Add a row for each shared budget and day: the sum over its campaigns.

    A share of a budget is the mean of its campaigns' shares, weighted by the impressions each
    could have had; NaN when any campaign that was seen that day has no such share. Where a
    platform shows a bound in place of a campaign's share, the mean is no more than a bound either.

    Args:
        budget_of: Id of the shared budget of each campaign that is on one.
        kind: What it is that campaigns share.
    """
    rows = np.flatnonzero((table.kinds == Kind.CAMPAIGN.value) & np.isin(table.ids, list(budget_of)))
    if len(rows) == 0:
        return table
    budgets = np.array([budget_of[campaign] for campaign in table.ids[rows].tolist()])
    names, name_of = np.unique(budgets, return_inverse=True)
    keys, group = np.unique(
        np.stack([name_of, table.days[rows].astype(np.int64)]), axis=1, return_inverse=True
    )
    n = keys.shape[1]

    def total(column: NDArray[Any]) -> NDArray[Any]:
        sums = np.zeros(n, dtype=column.dtype)
        np.add.at(sums, group, column[rows])
        return sums

    with np.errstate(divide="ignore", invalid="ignore"):
        eligible = np.where(table.impressions > 0, table.impressions / table.search_impression_share, 0.0)

        def share(column: NDArray[np.float64]) -> NDArray[np.float64]:
            return np.asarray(total(np.where(eligible == 0, 0.0, column * eligible)) / total(eligible))

        shares = [share(getattr(table, name)) for name in _SHARES]

    def joined(column: NDArray[Any], more: NDArray[Any]) -> NDArray[Any]:
        return np.concatenate([column, more])

    def summed(column: NDArray[Any] | None) -> NDArray[Any] | None:
        return None if column is None else joined(column, total(column))

    return replace(
        table,
        kinds=joined(table.kinds, np.full(n, kind.value)),
        ids=joined(table.ids, names[keys[0]]),
        days=joined(table.days, keys[1].astype("datetime64[D]")),
        cost_micros=joined(table.cost_micros, total(table.cost_micros)),
        impressions=joined(table.impressions, total(table.impressions)),
        clicks=joined(table.clicks, total(table.clicks)),
        conversions=joined(table.conversions, total(table.conversions)),
        conversion_value_micros=joined(table.conversion_value_micros, total(table.conversion_value_micros)),
        search_impression_share=joined(table.search_impression_share, shares[0]),
        search_budget_lost_impression_share=joined(table.search_budget_lost_impression_share, shares[1]),
        search_rank_lost_impression_share=joined(table.search_rank_lost_impression_share, shares[2]),
        conversions_by_conversion_date=summed(table.conversions_by_conversion_date),
        conversion_value_by_conversion_date_micros=summed(table.conversion_value_by_conversion_date_micros),
    )
