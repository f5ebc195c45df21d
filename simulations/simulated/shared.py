"""Shared budgets: rows of their own, summed over their campaigns. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agent.domain.entity import Floats, Numbers
from agent.domain.metrics import MetricsTable
from agent.domain.ref import Kind


def with_shared_budgets(table: MetricsTable, budget_of: Mapping[str, str]) -> MetricsTable:
    """Add a row for each shared budget and day on which any of its campaigns has one.

    A share is the mean of the campaigns' shares, weighted by the impressions that each could
    have had; NaN when one of them has none.

    Args:
        budget_of: The shared budget's id of each campaign that is on one.
    """
    rows = np.flatnonzero(np.isin(table.ids, list(budget_of)))
    if len(rows) == 0:
        return table
    ids, budget = np.unique([budget_of[id_] for id_ in table.ids[rows].tolist()], return_inverse=True)
    # One number for each budget and day, so that equal numbers are summed into one row.
    numbers = table.days[rows].astype(np.int64) * len(ids) + budget
    keys, group = np.unique(numbers, return_inverse=True)
    eligible = table.impressions[rows] / table.search_impression_share[rows]

    def summed(column: Numbers) -> Numbers:
        sums = np.zeros(len(keys), dtype=np.int64)
        np.add.at(sums, group, column[rows])
        return np.concatenate([column, sums])

    def averaged(share: Floats) -> Floats:
        weighted = np.bincount(group, weights=share[rows] * eligible)
        return np.concatenate([share, weighted / np.bincount(group, weights=eligible)])

    def joined(column: NDArray[Any], more: NDArray[Any]) -> NDArray[Any]:
        return np.concatenate([column, more])

    return replace(
        table,
        kinds=joined(table.kinds, np.full(len(keys), Kind.CAMPAIGN_BUDGET.value)),
        ids=joined(table.ids, ids[keys % len(ids)]),
        days=joined(table.days, (keys // len(ids)).astype("datetime64[D]")),
        cost_micros=summed(table.cost_micros),
        impressions=summed(table.impressions),
        clicks=summed(table.clicks),
        conversions=joined(table.conversions, np.bincount(group, weights=table.conversions[rows])),
        conversion_value_micros=summed(table.conversion_value_micros),
        search_impression_share=averaged(table.search_impression_share),
        search_budget_lost_impression_share=averaged(table.search_budget_lost_impression_share),
        search_rank_lost_impression_share=averaged(table.search_rank_lost_impression_share),
    )
