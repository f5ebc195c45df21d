"""People: the shares of the pot that were really used."""

from dataclasses import dataclass

from numpy.random import Generator

from agent.domain.entity import Floats, Numbers
from simulations.laboratory.budgets.morning import Morning
from simulations.laboratory.budgets.sharing import shared


@dataclass(frozen=True, slots=True)
class People:
    """What whoever ran the account did on the same day.

    Attributes:
        shares: Shape (n_units, n_days), of the day's cost.
    """

    shares: Floats

    def budgets(self, morning: Morning, rng: Generator) -> Numbers:
        return shared(morning, self.shares[:, morning.decision])
