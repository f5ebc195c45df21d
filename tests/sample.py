"""Sample nouns for tests: small accounts and snapshots built from plain numbers."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

import numpy as np
from numpy.typing import ArrayLike, NDArray

from agent.domain.advice import Advice, Window
from agent.domain.entity import Account, EntityTable, entity_table
from agent.domain.lever import Lever
from agent.domain.marked_hours import MarkedHours
from agent.domain.metrics import DailyMetrics
from agent.domain.money import MICROS
from agent.domain.portfolio import Portfolio
from agent.domain.ref import AccountId, Kind
from agent.domain.snapshot import Freshness, Grade, LeverMemory, Snapshot

NOW = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)
TODAY = date(2026, 11, 21)
ACCOUNT = Account(AccountId("simulated", "demo"), "Demo", "EUR", "UTC")


def entities(
    budgets: Sequence[float | None],
    *,
    account: Account = ACCOUNT,
    names: Sequence[str] | None = None,
    labels: Sequence[frozenset[str]] | None = None,
    levers: Mapping[Lever, Sequence[int | None]] | None = None,
    age_days: int = 400,
) -> EntityTable:
    """Campaigns "1", "2", ... with these daily budgets in currency units (None: no such lever)."""
    n = len(budgets)
    return entity_table(
        account,
        [f"{i + 1:06d}" for i in range(n)],
        names=names or [f"Campaign {i + 1}" for i in range(n)],
        labels=labels,
        started=np.full(n, np.datetime64(TODAY) - age_days),
        levers={
            Lever.DAILY_BUDGET: [None if budget is None else round(budget * MICROS) for budget in budgets],
            Lever.STATUS: [1] * n,
            **(levers or {}),
        },
    )


def marked(id_: str, kind: Kind = Kind.DATA_EXCLUSION, campaigns: Sequence[str] = ()) -> Advice:
    """Advice of one window with this id, in UTC."""
    hours = MarkedHours.parse(id_)
    assert hours is not None
    since, until = hours.since_utc("UTC"), hours.until_utc("UTC")
    return Advice(windows=(Window(kind, id_, "marked", since, until, hours.channels, tuple(campaigns)),))


def snapshot(
    table: EntityTable,
    *,
    n_days: int = 30,
    cost: ArrayLike = 0.0,
    clicks: ArrayLike = 0,
    impressions: ArrayLike = 0,
    conversions: ArrayLike = 0.0,
    value: ArrayLike = 0.0,
    shares: ArrayLike = np.nan,
    budget_lost: ArrayLike = np.nan,
    rank_lost: ArrayLike = np.nan,
    known: ArrayLike = True,
    maturity: ArrayLike = 1.0,
    portfolio: Portfolio | None = None,
    freshness: Freshness | None = None,
    memory: Mapping[Lever, LeverMemory] | None = None,
    now: datetime = NOW,
) -> Snapshot:
    """A snapshot at `now`; figures are scalars or broadcast to (n_entities, n_days); money in units."""
    shape = (len(table), n_days)

    def matrix(figures: ArrayLike, kind: type) -> NDArray[np.generic]:
        return np.broadcast_to(np.asarray(figures), shape).astype(kind)

    def micros(figures: ArrayLike) -> NDArray[np.int64]:
        return np.rint(np.broadcast_to(np.asarray(figures, dtype=float), shape) * MICROS).astype(np.int64)

    today = np.datetime64(now.date())
    return Snapshot(
        as_of=now,
        today=now.date(),
        entities=table,
        days=np.arange(today - n_days, today),
        metrics=DailyMetrics(
            known=matrix(known, bool),
            cost_micros=micros(cost),
            impressions=matrix(impressions, np.int64),
            clicks=matrix(clicks, np.int64),
            conversions=matrix(conversions, float),
            conversion_value_micros=micros(value),
            search_impression_share=matrix(shares, float),
            search_budget_lost_impression_share=matrix(budget_lost, float),
            search_rank_lost_impression_share=matrix(rank_lost, float),
        ),
        maturity=np.broadcast_to(np.asarray(maturity, dtype=float), n_days).copy(),
        maturity_learned=True,
        freshness=freshness
        or Freshness(Grade.FRESH, observed_at=now, last_complete_day=(today - 1).item(), missing_days=0),
        memory=memory
        if memory is not None
        else {lever: LeverMemory.unseen(column.numbers, n_days) for lever, column in table.levers.items()},
        portfolio=portfolio,
    )
