"""Life: one policy on one market, a decision each morning, nothing in between.

The bare decision problem: no ledger, no guardrails, no approval. Every policy meets the same
market, because its own chance comes from a generator of its own.
"""

import time
from dataclasses import dataclass

import numpy as np

from agent.domain.entity import Numbers
from simulations.laboratory.budgets.diary import Diary
from simulations.laboratory.budgets.morning import Morning, Policy
from simulations.market import Market


@dataclass(frozen=True, slots=True)
class Life:
    """Budgets that a policy chose, shape (days, n_campaigns), micros, and the CPU time it took."""

    budgets: Numbers
    cpu_s: float


def live(market: Market, policy: Policy, rng: np.random.Generator, days: int) -> Life:
    """Go through the history of the world, then let the policy decide on each of `days` days.

    Without history the budgets stand at equal shares before the first decision.
    """
    history_days = market.world.history_days
    diary = Diary(market, history_days + days)
    present = np.full(len(market), market.pot_micros // len(market))
    for day in range(history_days):
        present = (market.campaigns.reference * market.habit(day)).astype(np.int64)
        diary.enter(present, market.outcome(day, present))
    chosen, cpu_s = [], 0.0
    for decision in range(days):
        morning: Morning = diary.morning(decision, present)
        started = time.process_time()
        present = policy.budgets(morning, rng)
        cpu_s += time.process_time() - started
        chosen.append(present)
        diary.enter(present, market.outcome(history_days + decision, present))
    return Life(np.array(chosen), cpu_s)


def violations(market: Market, budgets: Numbers) -> int:
    """Days on which budgets of shape (days, n_campaigns), micros, break the pot or a bound."""
    outside = ((budgets < market.low_micros) | (budgets > market.high_micros)).any(axis=1)
    return int((outside | (budgets.sum(axis=1) > market.pot_micros)).sum())
