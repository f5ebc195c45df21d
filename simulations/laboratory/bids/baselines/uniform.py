"""Uniform: the same bid for everybody, paced to the pot."""

from dataclasses import dataclass

from numpy.random import Generator

from agent.domain.entity import Numbers
from simulations.laboratory.bids.baselines.pacing import pace, whole
from simulations.laboratory.bids.morning import Morning


@dataclass(frozen=True, slots=True)
class Uniform:
    def bids(self, morning: Morning, rng: Generator) -> Numbers:
        if morning.decision == 0:
            return morning.present
        return whole(morning, morning.bids[:, -1] * pace(morning))
