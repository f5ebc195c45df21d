"""Thompson budget: share the pot by draws of each campaign's response to money."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from numpy.random import Generator

from agent.domain.entity import Flags, Floats
from agent.domain.lever import Lever
from agent.domain.portfolio import Goal
from agent.domain.proposal import Proposal
from agent.domain.responses import Responses
from agent.domain.snapshot import Snapshot
from strategies.budgets.fit import settle
from strategies.budgets.options import require, require_share
from strategies.budgets.pot import Pot, open_pot
from strategies.budgets.proposals import budget_proposals
from strategies.levers.lever_choice import Bottleneck, lever_choice
from strategies.response.allocation import allocate
from strategies.response.believed import responses
from strategies.response.curves import draw, mean_curves
from strategies.response.delivery import learn_delivery
from strategies.response.hints import read_hints
from strategies.response.history import History, read_history
from strategies.response.model import Model, learn
from strategies.response.promise import targets_of
from strategies.response.reasons import reasons
from strategies.response.shapes import dictionary

_FILLED = 0.995


@dataclass(frozen=True, slots=True)
class ThompsonBudget:
    """Give each campaign the budget at which the last unit of money earns the same everywhere.

    Responses are learned from the days of the snapshot alone; the mean of a few joint draws
    from what is believed about them is allocated (Thompson sampling with several draws), so
    that what is uncertain is tried more often. Where little is known a budget moves only part
    of the way. Under a target ROAS or CPA only as much of the pot is used as meets it.

    Attributes:
        draws: Joint draws that are averaged; 1 explores most.
        min_change: Share of the present budget; smaller moves are not made.
        caution: Conversions that must be known of a campaign for its budget to move half of the
            way at once; 0 moves all the way whatever is known.
        target_caution: By how many standard deviations of what is believed of all campaigns
            together, each counted for 4 % at most, the plan stays above a target.
        growth: Most that a budget may be, as a multiple of what was really spent lately, where
            past budgets were not seen.
        history_days: Days that are learned from.
    """

    levers: ClassVar[tuple[Lever, ...]] = (Lever.DAILY_BUDGET,)

    name: str
    draws: int = 10
    min_change: float = 0.03
    caution: float = 0.5
    target_caution: float = 0.5
    growth: float = 1.2
    history_days: int = 90

    def __post_init__(self) -> None:
        require(1 <= self.draws <= 1000, "draws", self.draws, "1 to 1000")
        require_share("min_change", self.min_change)
        require(self.caution >= 0, "caution", self.caution, "0 or more")
        require(self.target_caution >= 0, "target_caution", self.target_caution, "0 or more")
        require(self.growth > 1, "growth", self.growth, "a number above 1")
        require(self.history_days >= 1, "history_days", self.history_days, "1 or more")

    def propose(self, snapshot: Snapshot, rng: Generator) -> Iterable[Proposal]:
        pot = open_pot(snapshot)
        if not len(pot.rows):
            return ()
        held_back = lever_choice(snapshot, pot.rows)
        pot = _kept(pot, held_back.is_at(Bottleneck.RANK) | held_back.is_at(Bottleneck.DEMAND))
        history = read_history(snapshot, pot, self.history_days)
        model = _learned(snapshot, pot, history)
        if model is None:
            return ()
        drawn = draw(rng, self.draws, model)
        delivery = learn_delivery(snapshot, pot, history, growth=self.growth)
        curves = mean_curves(drawn, model).limited(delivery.odds)
        lowest = np.maximum(pot.lowest, 1).astype(np.float64)
        highest = np.maximum(np.minimum(pot.highest, delivery.most), lowest)
        present = pot.present.astype(np.float64)
        targets = targets_of(snapshot.portfolio, model, present, caution=self.target_caution)
        allocation = allocate(curves, lowest, highest, pot.amount, targets)
        wishes = self._moved(pot, model, allocation.spend)
        fill = bool(allocation.spend.sum() >= _FILLED * pot.amount)
        budgets = settle(pot, wishes, fill=fill, min_change=self.min_change)
        why = reasons(
            snapshot,
            pot,
            model,
            drawn=drawn,
            curves=curves,
            price=allocation.price,
            after=budgets.astype(np.float64),
            reach=delivery.reach,
            held_back=held_back,
        )
        return budget_proposals(
            snapshot, pot, budgets, source=self.name, because=why.sentence, evidence=why.evidence
        )

    def responses(self, snapshot: Snapshot, multiples: Floats) -> Responses | None:
        """The beliefs that `propose` rests on, along the whole curve."""
        pot = open_pot(snapshot)
        if not len(pot.rows):
            return None
        history = read_history(snapshot, pot, self.history_days)
        model = _learned(snapshot, pot, history)
        if model is None:
            return None
        reach = learn_delivery(snapshot, pot, history, growth=self.growth).reach
        return responses(snapshot, pot, model, reach, multiples)

    def _moved(self, pot: Pot, model: Model, spend: Floats) -> Floats:
        """Go from the present budgets towards these, the further the more is known."""
        present = np.maximum(pot.present, 1).astype(np.float64)
        known = model.rates.evidence
        way = known / (known + self.caution) if self.caution > 0 else 1.0
        return present * (spend / present) ** way


def _learned(snapshot: Snapshot, pot: Pot, history: History) -> Model | None:
    """The model; None where nothing was earned, for then nothing is known: to cut all would be a guess."""
    goal = Goal.VALUE if snapshot.portfolio is None else snapshot.portfolio.goal
    by_value = goal is Goal.VALUE or (snapshot.portfolio and snapshot.portfolio.target_roas)
    if not (history.value if by_value else history.conversions).any():
        return None
    return learn(history, goal, read_hints(snapshot, pot, history, dictionary()))


def _kept(pot: Pot, enough: Flags) -> Pot:
    """Raise no budget that lasts all day: more impressions would take a bid or a target, if anything."""
    return replace(
        pot,
        highest=np.where(enough, np.minimum(pot.highest, np.maximum(pot.present, pot.lowest)), pot.highest),
    )
