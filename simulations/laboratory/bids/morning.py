"""Morning: what a policy may know when it bids, and what every policy looks like."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from agent.domain.entity import Floats, Numbers
from agent.domain.lever import Lever
from agent.domain.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Morning:
    """One morning; matrices have shape (n, n_days), oldest day first, the last is yesterday.

    Attributes:
        decision: How many decisions were made before this one.
        snapshot: What a strategy is given; its portfolio holds pot and bounds.
        low_micros, high_micros: Bounds of each bid.
        pot_micros: What a day may cost; then delivery stops.
    """

    decision: int
    snapshot: Snapshot
    low_micros: int
    high_micros: int
    pot_micros: int

    @property
    def n(self) -> int:
        return len(self.snapshot)

    @property
    def n_days(self) -> int:
        return len(self.snapshot.days)

    @property
    def group(self) -> NDArray[np.intp]:
        """Number of each keyword's ad group or ad group's campaign, shape (n,)."""
        numbers: NDArray[np.intp] = np.unique(self.snapshot.entities.parents, return_inverse=True)[1]
        return numbers

    @property
    def present(self) -> Numbers:
        """Bids as they stand, shape (n,), micros."""
        return self.snapshot.entities.levers[Lever.CPC_BID].numbers

    @property
    def bids(self) -> Floats:
        """Bids that stood on the past days, micros."""
        return self.snapshot.memory[Lever.CPC_BID].stood.astype(np.float64)

    @property
    def delivered(self) -> Floats:
        """Share of each day until the pot was empty, shape (n_days,)."""
        lost: Floats = self.snapshot.metrics.search_budget_lost_impression_share[0]
        return 1.0 - lost

    @property
    def cost(self) -> Floats:
        """Micros."""
        return self.snapshot.metrics.cost_micros.astype(np.float64)

    @property
    def clicks(self) -> Floats:
        return self.snapshot.metrics.clicks.astype(np.float64)

    @property
    def value(self) -> Floats:
        """Micros, by day of the click, as reported so far."""
        return self.snapshot.metrics.conversion_value_micros.astype(np.float64)


class Policy(Protocol):
    """Anything that bids. Stateless: the morning is its memory, the generator its only chance."""

    def bids(self, morning: Morning, rng: Generator) -> Numbers:
        """New bids, shape (n,), micros."""
        ...
