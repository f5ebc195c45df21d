"""Thompson target: move the targets of smart bidding seldom, by small steps, and only on evidence."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.random import Generator

from agent.domain.lever import Lever
from agent.domain.portfolio import Goal
from agent.domain.proposal import Proposal
from agent.domain.snapshot import Snapshot
from strategies.budgets.options import require, require_share
from strategies.targets.aims import aims_of
from strategies.targets.book import open_book
from strategies.targets.reasons import target_proposals
from strategies.targets.response import learn_response
from strategies.targets.steps import Patience, steps_of
from strategies.targets.weeks import read_weeks


@dataclass(frozen=True, slots=True)
class ThompsonTarget:
    """Loosen targets where the next unit of money earns more than elsewhere, tighten where less.

    How volume and its price answer to a target is learned for all campaigns together and drawn
    (Thompson sampling, the mean of several draws). A step is made when it is likely to pay for
    its learning phase; what would be worth moving and has to wait is proposed as it stands, with
    the reason.

    Attributes:
        draws: Joint draws that are averaged.
        max_step: Largest step of a target, as a share of where it stands.
        min_step: Smaller ones are not worth a learning phase.
        rest_days: Least time from one change of a target to the next, whoever made it.
        min_conversions: Reported in the last four weeks; with fewer a target is left alone.
        confidence: Probability that a step pays, at least.
        at_once: Largest share of campaigns that may be settling after a change at a time.
    """

    levers: ClassVar[tuple[Lever, ...]] = (Lever.TARGET_CPA, Lever.TARGET_ROAS)

    name: str
    draws: int = 50
    max_step: float = 0.15
    min_step: float = 0.05
    rest_days: float = 14.0
    min_conversions: float = 30.0
    confidence: float = 0.65
    at_once: float = 0.34

    def __post_init__(self) -> None:
        require(1 <= self.draws <= 1000, "draws", self.draws, "1 to 1000")
        require(0 < self.max_step <= 0.5, "max_step", self.max_step, "a share above 0 and up to 0.5")
        require_share("min_step", self.min_step)
        require(self.min_step <= self.max_step, "min_step", self.min_step, "at most max_step")
        require(self.rest_days >= 1, "rest_days", self.rest_days, "1 or more")
        require(self.min_conversions >= 0, "min_conversions", self.min_conversions, "0 or more")
        require(0.5 <= self.confidence < 1, "confidence", self.confidence, "0.5 to below 1")
        require(0 < self.at_once <= 1, "at_once", self.at_once, "a share above 0 and up to 1")

    def propose(self, snapshot: Snapshot, rng: Generator) -> Iterable[Proposal]:
        book = open_book(snapshot)
        goal = Goal.VALUE if snapshot.portfolio is None else snapshot.portfolio.goal
        if not len(book.rows) or len(snapshot.days) < 7:
            return ()
        weeks = read_weeks(snapshot, book, goal)
        if not weeks.units[weeks.told].any():
            return ()
        aims = aims_of(snapshot, book, weeks, goal)
        response = learn_response(weeks)
        patience = Patience(
            np.log1p(self.max_step),
            np.log1p(self.min_step),
            self.rest_days,
            self.min_conversions,
            self.confidence,
            self.at_once,
        )
        steps = steps_of(book, weeks, response, aims, patience, rng=rng, n_draws=self.draws)
        return target_proposals(snapshot, book, aims, steps, goal, source=self.name)
