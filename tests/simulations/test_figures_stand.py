"""Accounts without ad groups, bids and targets bring what they always brought, to the last cent."""

import hashlib
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from simulated_account import everything, noon, platform

from agent.clock import SteppedClock
from agent.domain.lever import Status
from agent.domain.metrics import MetricsTable
from agent.domain.ref import Kind
from simulations.journal import Field
from simulations.worlds import BASE, WORLDS, World

DIGESTS = {
    "base": "843602d8032ff9e2",
    "A5": "dcd48f4dec47bb84",
    "over": "a10bd5cde4fe0ac0",
}
_WORLDS: dict[str, World] = {
    "base": BASE,
    "A5": WORLDS["A5"],
    "over": replace(BASE, over_delivery=2.0, history_days=20, history_jitter=0.1),
}


@pytest.mark.parametrize("world", DIGESTS)
def test_figures_are_those_of_before_there_were_groups_and_bids(world: str) -> None:
    """The digest was taken before the platform knew them: seed 7, 60 days, edits at odd hours."""
    clock = SteppedClock(noon(0))
    account = platform(clock, world=_WORLDS[world], seed=7, shared_budgets=2, experiments=1)
    tables = []
    for number in range(60):
        clock.move_to(noon(number) + timedelta(hours=number % 11))
        budget = account.budgets[number % 17]
        amount = account.budget_micros(budget.id) * (8 + number % 5) // 10 // 10_000 * 10_000
        account.set(Kind.CAMPAIGN_BUDGET, budget.id, Field.AMOUNT, amount, by="anybody")
        if number % 9 == 0:
            account.set(
                Kind.CAMPAIGN,
                account.campaigns[number % 19].id,
                Field.STATUS,
                Status(number // 9 % 2).value,
                by="anybody",
            )
        tables.append(everything(account))

    digest = hashlib.sha256()
    for table in tables[::10] + tables[-1:]:
        digest.update(figures_of(table))

    assert digest.hexdigest()[:16] == DIGESTS[world]


def figures_of(table: MetricsTable) -> bytes:
    """Columns that there were from the beginning, of days on which a campaign was shown."""
    rows = np.flatnonzero((table.impressions > 0) | (table.cost_micros > 0))
    columns = (
        table.days.astype(np.int64),
        table.ids.astype(np.int64),
        table.cost_micros,
        table.impressions,
        table.clicks,
        table.conversions,
        table.conversion_value_micros,
        table.search_impression_share,
        table.search_budget_lost_impression_share,
        table.search_rank_lost_impression_share,
    )
    return b"".join(np.ascontiguousarray(column[rows]).tobytes() for column in columns)
