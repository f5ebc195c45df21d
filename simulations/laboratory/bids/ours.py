"""Ours: a strategy of gebot as a policy, asked exactly as the live agent asks it."""

from dataclasses import dataclass

from numpy.random import Generator

from agent.domain.entity import Numbers
from agent.domain.lever import Lever
from agent.domain.money import Money
from agent.ports.deciding import Strategy
from simulations.laboratory.bids.morning import Morning


@dataclass(frozen=True, slots=True)
class Proposing:
    """Carry out every bid that a strategy proposes; the others stay as they are."""

    strategy: Strategy

    def bids(self, morning: Morning, rng: Generator) -> Numbers:
        bids, entities = morning.present.copy(), morning.snapshot.entities
        for proposal in self.strategy.propose(morning.snapshot, rng):
            row = entities.row(proposal.ref)
            assert row is not None and proposal.lever is Lever.CPC_BID, "asked for bids alone"
            assert isinstance(proposal.target, Money)
            bids[row] = proposal.target.micros
        return bids
