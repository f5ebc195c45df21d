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
from simulations.laboratory.budgets.stage import Stage


@dataclass(frozen=True, slots=True)
class Life:
    """Budgets that a policy chose, shape (days, n_campaigns), micros, and the CPU time it took."""

    budgets: Numbers
    cpu_s: float


def live(stage: Stage, policy: Policy, rng: np.random.Generator) -> Life:
    """Go through the history, then let the policy decide on each day that is left.

    Without history the budgets stand at equal shares before the first decision.
    """
    diary = Diary(stage)
    present = np.full(len(stage), int(stage.pots[0]) // len(stage))
    for day, present in enumerate(stage.history):
        diary.enter(present, stage.outcome(day, present))
    chosen, cpu_s = [], 0.0
    for decision, day in enumerate(range(stage.n_history_days, len(stage.pots))):
        morning: Morning = diary.morning(decision, present)
        started = time.process_time()
        present = policy.budgets(morning, rng)
        cpu_s += time.process_time() - started
        chosen.append(present)
        diary.enter(present, stage.outcome(day, present))
    return Life(np.array(chosen), cpu_s)


def violations(stage: Stage, budgets: Numbers) -> int:
    """Days on which budgets of shape (days, n_campaigns), micros, break the pot or a bound."""
    bounds = stage.bounds()
    outside = ((budgets < bounds.low) | (budgets > bounds.high)).any(axis=1)
    return int((outside | (budgets.sum(axis=1) > np.ravel(bounds.pot))).sum())
