"""Proportional ROAS: each daily budget is a share of the pot in proportion to recent ROAS."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.random import Generator

from agent.domain.entity import Floats
from agent.domain.lever import Lever
from agent.domain.portfolio import Goal
from agent.domain.proposal import Proposal
from agent.domain.snapshot import Snapshot
from strategies.budgets.fit import settle
from strategies.budgets.options import require, require_share
from strategies.budgets.pot import open_pot
from strategies.budgets.proposals import budget_proposals
from strategies.budgets.window import Window, window


@dataclass(frozen=True, slots=True)
class ProportionalRoas:
    """Share the pot in proportion to the lag-corrected ROAS of a window.

    With the goal `conversions` it is conversions per cost instead. Whoever has spent nothing
    in the window is taken for average.

    Attributes:
        window_days: Length of the window.
        min_change: Share of the present budget; smaller moves are not made.
    """

    levers: ClassVar[tuple[Lever, ...]] = (Lever.DAILY_BUDGET,)

    name: str
    window_days: int = 14
    min_change: float = 0.01

    def __post_init__(self) -> None:
        require(self.window_days >= 1, "window_days", self.window_days, "1 or more")
        require_share("min_change", self.min_change)

    def propose(self, snapshot: Snapshot, rng: Generator) -> Iterable[Proposal]:
        pot = open_pot(snapshot)
        recent = window(snapshot, pot.rows, self.window_days)
        goal = Goal.VALUE if snapshot.portfolio is None else snapshot.portfolio.goal
        returns = _returns(recent, goal)
        if not returns.any():
            return ()
        budgets = settle(pot, returns, fill=True, min_change=self.min_change)
        average = returns.mean()

        def because(position: int) -> str:
            return (
                f"its return on cost over {self.window_days} days, with conversions still to come, is "
                f"{returns[position] / average:.2f} times the average of {len(returns)}"
            )

        return budget_proposals(
            snapshot,
            pot,
            budgets,
            source=self.name,
            because=because,
            evidence=lambda position: recent.evidence(position, goal),
        )


def _returns(recent: Window, goal: Goal) -> Floats:
    """What a unit of cost earned, shape (n_rows,); all zero when nobody earned anything."""
    earned = recent.earned(goal)
    if not earned.any():
        return np.zeros_like(earned)
    average = earned.sum() / recent.ripe_cost.sum()
    return np.divide(earned, recent.ripe_cost, out=np.full_like(earned, average), where=recent.ripe_cost > 0)
