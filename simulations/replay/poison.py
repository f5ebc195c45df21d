"""Poison: one reading more that says other figures of everything, so that whoever looks ahead shows."""

from dataclasses import replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from agent.domain.entity import LeverColumn
from agent.domain.lever import Lever
from agent.domain.metrics import MetricsTable
from agent.domain.ref import AccountId
from agent.ports.ledger import Ledger


def poison(ledger: Ledger, account: AccountId, *, at: datetime, seed: int) -> None:
    """Record budgets and figures drawn at random for every day the ledger speaks of, seen at `at`.

    Deterministic for a seed. What was known before `at` is not touched.
    """
    rng = np.random.default_rng(seed)
    table = ledger.entities(account, at)
    coverages = ledger.coverages(account, at)
    if table is None or not coverages:
        return
    first = np.datetime64(min(one.since for one in coverages), "D")
    last = np.datetime64(max(one.until for one in coverages), "D")
    n, days = len(table), np.arange(first, last + 1)
    size = n * len(days)

    def drawn(mean: float) -> NDArray[np.int64]:
        return rng.poisson(mean, size).astype(np.int64)

    shares = rng.dirichlet((1.0, 1.0, 1.0), size).T
    clicks = drawn(3_000.0)
    ledger.record_entities(
        replace(
            table,
            levers={
                lever: LeverColumn(_moved(lever, column.numbers, rng), column.present)
                for lever, column in table.levers.items()
            },
        ),
        at,
    )
    ledger.record_metrics(
        account,
        MetricsTable(
            since=first,
            until=last,
            partial_since=None,
            kinds=np.repeat(table.kinds, len(days)),
            ids=np.repeat(table.ids, len(days)),
            days=np.tile(days, n),
            cost_micros=drawn(5_000.0) * 1_000_000,
            impressions=clicks * 50,
            clicks=clicks,
            conversions=drawn(500.0).astype(np.float64),
            conversion_value_micros=drawn(70_000.0) * 1_000_000,
            search_impression_share=shares[0],
            search_budget_lost_impression_share=shares[1],
            search_rank_lost_impression_share=shares[2],
        ),
        at,
    )


def _moved(lever: Lever, numbers: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
    if lever is Lever.STATUS:
        return 1 - numbers
    moved: NDArray[np.int64] = (numbers * rng.uniform(2.0, 9.0, len(numbers))).astype(np.int64)
    return moved
