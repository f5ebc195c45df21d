"""Ours: a strategy of gebot as a policy, asked exactly as the live agent asks it."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from agent.domain.entity import Numbers
from agent.domain.lever import Lever
from agent.domain.money import Money
from agent.ports.deciding import Strategy
from simulations.laboratory.budgets.morning import Morning
from simulations.laboratory.budgets.sharing import within


@dataclass(frozen=True, slots=True)
class Proposing:
    """Carry out every budget that a strategy proposes; the others stay as they are.

    Where it proposes nothing and what stands no longer fits a pot that has changed, all come
    into their bounds and down to the pot, as guardrails would have it.
    """

    strategy: Strategy

    def budgets(self, morning: Morning, rng: Generator) -> Numbers:
        budgets, entities = morning.present.copy(), morning.snapshot.entities
        proposals = list(self.strategy.propose(morning.snapshot, rng))
        if not proposals:
            return within(morning, budgets.astype(np.float64))
        for proposal in proposals:
            row = entities.row(proposal.ref)
            assert row is not None and proposal.lever is Lever.DAILY_BUDGET, "asked for budgets alone"
            assert isinstance(proposal.target, Money)
            budgets[row] = proposal.target.micros
        return budgets
