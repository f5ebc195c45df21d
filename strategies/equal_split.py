"""Equal split: everybody gets the same daily budget. The simplest rule there is, to beat."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.random import Generator

from agent.domain.lever import Lever
from agent.domain.money import Money
from agent.domain.proposal import Evidence, Proposal
from agent.domain.snapshot import Snapshot
from strategies.budgets.fit import settle
from strategies.budgets.options import require_share
from strategies.budgets.pot import open_pot
from strategies.budgets.proposals import budget_proposals


@dataclass(frozen=True, slots=True)
class EqualSplit:
    """Share the pot equally within floor, ceiling and step limit.

    Attributes:
        min_change: Share of the present budget; smaller moves are not made.
    """

    levers: ClassVar[tuple[Lever, ...]] = (Lever.DAILY_BUDGET,)

    name: str
    min_change: float = 0.01

    def __post_init__(self) -> None:
        require_share("min_change", self.min_change)

    def propose(self, snapshot: Snapshot, rng: Generator) -> Iterable[Proposal]:
        pot = open_pot(snapshot)
        if not len(pot.rows):
            return ()
        budgets = settle(pot, np.full(len(pot.rows), 1.0), fill=True, min_change=self.min_change)
        whole = Money(pot.amount, snapshot.currency)
        because = f"an equal share of {whole} among {len(pot.rows)}"
        return budget_proposals(
            snapshot,
            pot,
            budgets,
            source=self.name,
            because=lambda position: because,
            evidence=lambda position: Evidence(),
        )
