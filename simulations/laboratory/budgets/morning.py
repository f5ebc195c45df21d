"""Morning: what a policy may know when it decides, and what every policy looks like."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from agent.domain.entity import Floats, Numbers
from agent.domain.lever import Lever
from agent.domain.money import MICROS
from agent.domain.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Morning:
    """One morning; matrices have shape (n_campaigns, n_days), oldest day first, the last is yesterday.

    Attributes:
        decision: How many decisions were made before this one.
        snapshot: What a strategy is given; its portfolio holds pot and bounds.
        budgets: Budgets that were set on the past days, micros.
        low_micros, high_micros: Bounds of each budget.
        pot_micros: What the budgets may sum to.
    """

    decision: int
    snapshot: Snapshot
    budgets: Numbers
    low_micros: int
    high_micros: int
    pot_micros: int

    @property
    def n_campaigns(self) -> int:
        return len(self.snapshot)

    @property
    def n_days(self) -> int:
        return len(self.snapshot.days)

    @property
    def target(self) -> float | None:
        """Value per cost that the budgets together should reach."""
        portfolio = self.snapshot.portfolio
        if portfolio is None or portfolio.target_roas is None:
            return None
        return portfolio.target_roas.millionths / MICROS

    @property
    def channel(self) -> NDArray[np.intp]:
        """Number of each campaign's channel, shape (n_campaigns,)."""
        numbers: NDArray[np.intp] = np.unique(self.snapshot.entities.channels, return_inverse=True)[1]
        return numbers

    @property
    def present(self) -> Numbers:
        """Budgets as they stand, shape (n_campaigns,), micros."""
        return self.snapshot.entities.levers[Lever.DAILY_BUDGET].numbers

    @property
    def cost(self) -> Floats:
        """Micros."""
        return self.snapshot.metrics.cost_micros.astype(np.float64)

    @property
    def clicks(self) -> Floats:
        return self.snapshot.metrics.clicks.astype(np.float64)

    @property
    def conversions(self) -> Floats:
        """By day of the click, as reported so far."""
        return self.snapshot.metrics.conversions

    @property
    def value(self) -> Floats:
        """Micros, by day of the click, as reported so far."""
        return self.snapshot.metrics.conversion_value_micros.astype(np.float64)


class Policy(Protocol):
    """Anything that shares a pot. Stateless: the morning is its memory, the generator its only chance."""

    def budgets(self, morning: Morning, rng: Generator) -> Numbers:
        """New daily budgets, shape (n_campaigns,), micros."""
        ...
