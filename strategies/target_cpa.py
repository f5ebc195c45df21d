"""Target CPA: proportional control of daily budgets towards a wanted cost per conversion."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.random import Generator

from agent.domain.lever import Lever
from agent.domain.money import Money
from agent.domain.portfolio import Goal
from agent.domain.proposal import Proposal
from agent.domain.snapshot import Snapshot
from strategies.budgets.control import Proportional, against_target
from strategies.budgets.fit import settle
from strategies.budgets.options import require, require_share
from strategies.budgets.pot import open_pot
from strategies.budgets.proposals import budget_proposals
from strategies.budgets.window import window


@dataclass(frozen=True, slots=True)
class TargetCpa:
    """Scale each budget by (target CPA / CPA of the window) ** gain, and fit the sum to the pot.

    CPA counts conversions that are still to come. Silent without a target in the portfolio.

    Attributes:
        window_days: Length of the window.
        gain, dead_band, min_conversions: See `Proportional`.
        min_change: Share of the present budget; smaller moves are not made.
    """

    levers: ClassVar[tuple[Lever, ...]] = (Lever.DAILY_BUDGET,)

    name: str
    window_days: int = 14
    gain: float = 0.5
    dead_band: float = 0.1
    min_conversions: float = 5.0
    min_change: float = 0.03

    def __post_init__(self) -> None:
        Proportional(self.gain, self.dead_band, self.min_conversions)
        require(self.window_days >= 1, "window_days", self.window_days, "1 or more")
        require_share("min_change", self.min_change)

    def propose(self, snapshot: Snapshot, rng: Generator) -> Iterable[Proposal]:
        target = None if snapshot.portfolio is None else snapshot.portfolio.target_cpa
        if target is None:
            return ()
        pot = open_pot(snapshot)
        recent = window(snapshot, pot.rows, self.window_days)
        due = recent.ripe_cost / target.micros
        ratio = against_target(recent.conversions, due)
        control = Proportional(self.gain, self.dead_band, self.min_conversions)
        wishes = control.wishes(pot, ratio, np.maximum(recent.conversions, due))
        budgets = settle(pot, wishes, fill=False, min_change=self.min_change)

        def because(position: int) -> str:
            expected = recent.conversions[position] / recent.maturity[position]
            cost = Money(int(recent.cost[position]), snapshot.currency)
            return (
                f"{expected:.1f} conversions (with those still to come) for {cost} in {self.window_days} "
                f"days, where a CPA of {target} asks for {recent.cost[position] / target.micros:.1f}"
            )

        return budget_proposals(
            snapshot,
            pot,
            budgets,
            source=self.name,
            because=because,
            evidence=lambda position: recent.evidence(position, Goal.CONVERSIONS),
        )
