"""Responses: what a model believes that each budget of a pot would bring, at several sums a day."""

from collections.abc import Sequence
from dataclasses import dataclass

from agent.domain.entity import Floats
from agent.domain.portfolio import Goal
from agent.domain.ref import Ref


@dataclass(frozen=True, slots=True)
class Responses:
    """Beliefs about a day, one row for each budget; the goal is micros of value, or conversions.

    Attributes:
        present: Shape (n,), budgets as they stand, micros a day.
        reach: Shape (n,), micros, what is really spent of any larger budget; infinite where more
            was never too much.
        budgets: Shape (n, k), micros a day, rising.
        mean, low, high: Shape (n, k), goal a day at these budgets, with the range that should hold
            it in 80 of 100 cases.
        marginal: Shape (n,), goal per micro that is added to the present budget.
    """

    goal: Goal
    refs: Sequence[Ref]
    present: Floats
    reach: Floats
    budgets: Floats
    mean: Floats
    low: Floats
    high: Floats
    marginal: Floats
