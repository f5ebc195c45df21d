"""Decisions: everything that the strategy does between a snapshot and its proposals."""

from datetime import UTC, date, datetime, time

import numpy as np

from agent.domain.entity import Account, entity_table
from agent.domain.lever import Lever
from agent.domain.metrics import DailyMetrics
from agent.domain.money import Money
from agent.domain.portfolio import Goal, Limits, Portfolio
from agent.domain.ref import AccountId
from agent.domain.snapshot import Freshness, Grade, LeverMemory, Snapshot
from simulations.speed.stopwatch import Timing, median_ms, timing
from strategies.thompson_budget import ThompsonBudget

GOALS_MS = {20: 2.0, 1_000: 8.0, 10_000: 80.0}
N_DAYS = 90
_TODAY = date(2026, 11, 21)
_CENT = 10_000


def timings() -> list[Timing]:
    """Learn from 90 days, draw, allocate, give reasons."""
    found = []
    for n, goal_ms in GOALS_MS.items():
        snapshot = account(n)
        strategy = ThompsonBudget("thompson")
        ms = median_ms(lambda: list(strategy.propose(snapshot, np.random.default_rng(1))))  # noqa: B023  # called here
        size = f"{n:,} campaigns x {N_DAYS} days"
        found.append(
            timing("decide", size, "gebot", ms, goal_ms=goal_ms, note="reasons and evidence included")
        )
    return found


def account(n: int, seed: int = 1) -> Snapshot:
    """An account of `n` campaigns whose clicks follow their budgets, with 90 days of history."""
    rng = np.random.default_rng(seed)
    shape = (n, N_DAYS)
    budgets = (
        np.maximum(np.exp(np.log(100) + 0.8 * rng.standard_normal(n)) * 100, 100).astype(np.int64) * _CENT
    )
    stood = np.maximum((budgets[:, None] * np.exp(0.15 * rng.standard_normal(shape))) // _CENT, 100) * _CENT
    cost = (stood * rng.uniform(0.9, 1.0, shape)).astype(np.int64) // _CENT * _CENT
    level = np.exp(0.3 * rng.standard_normal((n, 1))) * (budgets[:, None] / 1e6) ** 0.35
    clicks = rng.poisson(level * (cost / 1e6) ** 0.65 * np.exp(0.12 * rng.standard_normal(shape)))
    conversions = rng.binomial(clicks, rng.uniform(0.01, 0.06, (n, 1))).astype(np.float64)
    today = np.datetime64(_TODAY)
    untold = np.full(shape, np.nan)
    return Snapshot(
        as_of=datetime.combine(_TODAY, time(6), UTC),
        today=_TODAY,
        entities=entity_table(
            Account(AccountId("speed", "speed"), "Speed", "EUR", "UTC"),
            [f"{number:06d}" for number in range(n)],
            names=[f"Campaign {number}" for number in range(n)],
            channels=[("search", "shopping", "social", "video")[number % 4] for number in range(n)],
            levers={Lever.DAILY_BUDGET: budgets.tolist(), Lever.STATUS: [1] * n},
        ),
        days=np.arange(today - N_DAYS, today),
        metrics=DailyMetrics(
            known=np.ones(shape, dtype=bool),
            cost_micros=cost,
            impressions=clicks * 30,
            clicks=clicks,
            conversions=conversions,
            conversion_value_micros=(conversions * rng.gamma(2.0, 35.0, shape) * 1e6).astype(np.int64),
            search_impression_share=untold,
            search_budget_lost_impression_share=untold,
            search_rank_lost_impression_share=untold,
        ),
        maturity=np.minimum(1.0 - 0.4 * 0.8 ** np.arange(N_DAYS, 0, -1.0), 1.0),
        maturity_learned=True,
        freshness=Freshness(
            Grade.FRESH,
            observed_at=datetime.combine(_TODAY, time(6), UTC),
            last_complete_day=date(2026, 11, 20),
            missing_days=0,
        ),
        memory={
            Lever.DAILY_BUDGET: LeverMemory(np.full(n, "NaT", dtype="datetime64[s]"), budgets.copy(), stood),
            Lever.STATUS: LeverMemory.unseen(np.ones(n, dtype=np.int64), N_DAYS),
        },
        portfolio=Portfolio(
            "speed",
            Goal.VALUE,
            daily_pot=Money(int(budgets.sum()), "EUR"),
            limits=Limits(Money.of(1, "EUR"), Money.of(100_000, "EUR")),
        ),
    )
