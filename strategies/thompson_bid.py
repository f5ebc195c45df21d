"""Thompson bid: bid for clicks by what they are worth, at one price of money for the whole pot."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.random import Generator

from agent.domain.entity import Numbers
from agent.domain.lever import Lever
from agent.domain.money import MICROS, Money
from agent.domain.portfolio import Goal, Portfolio
from agent.domain.proposal import Proposal
from agent.domain.snapshot import Snapshot
from strategies.bids.book import Book, open_book
from strategies.bids.landscape import learn_landscape
from strategies.bids.pacing import Floor, Pacer, agreement, feedback
from strategies.bids.past import read_past
from strategies.bids.reasons import Reasons, reasons
from strategies.bids.worth import Worth, learn_worth
from strategies.budgets.options import require, require_share


@dataclass(frozen=True, slots=True)
class ThompsonBid:
    """Bid so that the last unit of money earns the same at every keyword, and the pot lasts the day.

    Attributes:
        draws: Joint draws of what clicks are worth that are averaged; 1 explores most.
        curiosity: How much more is bid where little is known: the worth of a click is raised
            by this times its squared coefficient of variation.
        min_change: Share of the present bid; smaller moves are not made.
        history_days: Days that conversions are learned from.
        landscape_days: Days that clicks and cost are learned from.
    """

    levers: ClassVar[tuple[Lever, ...]] = (Lever.CPC_BID,)

    name: str
    draws: int = 10
    curiosity: float = 0.4
    min_change: float = 0.05
    history_days: int = 90
    landscape_days: int = 35

    def __post_init__(self) -> None:
        require(1 <= self.draws <= 1000, "draws", self.draws, "1 to 1000")
        require(0 <= self.curiosity <= 5, "curiosity", self.curiosity, "a number from 0 to 5")
        require_share("min_change", self.min_change)
        require(self.history_days >= 1, "history_days", self.history_days, "1 or more")
        require(self.landscape_days >= 1, "landscape_days", self.landscape_days, "1 or more")

    def propose(self, snapshot: Snapshot, rng: Generator) -> Iterable[Proposal]:
        book = open_book(snapshot)
        if book is None or book.amount <= 0 or not len(snapshot.days):
            return ()
        goal = Goal.VALUE if snapshot.portfolio is None else snapshot.portfolio.goal
        past = read_past(snapshot, book, self.history_days)
        if not (past.money.value if goal is Goal.VALUE else past.money.conversions).any():
            return ()
        recent = past.last(self.landscape_days)
        landscape = learn_landscape(recent)
        worth = learn_worth(past, book, landscape.middle, goal)
        draws = worth.draw(rng, self.draws)
        # What is not known is worth finding out: bids so low that nothing is learned stay low.
        curious = draws.mean(axis=1) * (1.0 + self.curiosity * np.minimum(worth.variation, 1.0))
        pacer = Pacer(book, landscape, curious, feedback(recent, landscape), self.min_change)
        paced = pacer.paced(_floors(snapshot.portfolio, worth, book))
        agreeing = agreement(draws, paced.bids, book.present, worth.mean)
        why = reasons(snapshot, book, worth, landscape, paced=paced, agreeing=agreeing)
        return self._proposals(snapshot, book, paced.bids, why)

    def _proposals(self, snapshot: Snapshot, book: Book, bids: Numbers, why: Reasons) -> Iterator[Proposal]:
        """Each bid that differs from the present one, in the order of the account."""
        group = "" if snapshot.portfolio is None else snapshot.portfolio.name
        changed = np.flatnonzero(bids != book.present)
        for row in changed[np.argsort(book.rows[changed])].tolist():
            yield Proposal(
                ref=snapshot.entities.ref(int(book.rows[row])),
                lever=Lever.CPC_BID,
                target=Money(int(bids[row]), snapshot.currency),
                because=why.sentence(row),
                source=self.name,
                group=group,
                evidence=why.evidence(row),
            )


def _floors(portfolio: Portfolio | None, worth: Worth, book: Book) -> tuple[Floor, ...]:
    """What targets ask of the clicks together, as believed on average: a promise does not move with luck."""
    floors = []
    if portfolio is not None and portfolio.target_roas is not None:
        each = worth.rates.mean * worth.orders.mean
        floors.append(Floor(portfolio.target_roas.millionths / MICROS, each))
    if portfolio is not None and portfolio.target_cpa is not None:
        floors.append(Floor(1.0 / portfolio.target_cpa.micros, worth.rates.mean))
    return tuple(floors)
