"""Ours: a strategy of gebot as a policy, asked exactly as the live agent asks it."""

from dataclasses import dataclass

from numpy.random import Generator

from agent.domain.entity import Numbers
from agent.domain.lever import Lever
from agent.domain.money import Money
from agent.ports import Strategy
from simulations.laboratory.budgets.morning import Morning


@dataclass(frozen=True, slots=True)
class Proposing:
    """Carry out every budget that a strategy proposes; the others stay as they are."""

    strategy: Strategy

    def budgets(self, morning: Morning, rng: Generator) -> Numbers:
        budgets, entities = morning.present.copy(), morning.snapshot.entities
        for proposal in self.strategy.propose(morning.snapshot, rng):
            row = entities.row(proposal.ref)
            assert row is not None and proposal.lever is Lever.DAILY_BUDGET, "asked for budgets alone"
            assert isinstance(proposal.target, Money)
            budgets[row] = proposal.target.micros
        return budgets
