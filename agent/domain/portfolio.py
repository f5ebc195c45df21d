"""Portfolio: entities that share a pot and a goal."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from agent.domain.lever import Ratio
from agent.domain.money import Money
from agent.domain.month.budget import MonthBudget


class Goal(StrEnum):
    """What a portfolio maximises."""

    VALUE = "conversion_value"
    CONVERSIONS = "conversions"


@dataclass(frozen=True, slots=True)
class Limits:
    """The guardrails that a strategy plans within, so that little is clamped afterwards.

    None means that no such limit was set; the guardrails then deny what needs it.

    Attributes:
        floor, ceiling: Bounds of the lever.
        max_step: Largest change of the lever at once, as a share of where it stands.
    """

    floor: Money | None = None
    ceiling: Money | None = None
    max_step: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Portfolio:
    """A pot, a goal, and which entities they are for.

    Attributes:
        daily_pot: What its daily budgets may sum to; None: what they sum to today. Under a month
            budget it is what today leaves of that (`month.pot.with_todays_pot`).
        target_cpa: Wanted cost per conversion, at most.
        target_roas: Wanted conversion value per cost, at least.
        limits: Of daily budgets.
        bid_limits: Of CPC bids.
    """

    name: str
    goal: Goal
    daily_pot: Money | None = None
    target_cpa: Money | None = None
    target_roas: Ratio | None = None
    limits: Limits = Limits()
    month: MonthBudget | None = None
    bid_limits: Limits = Limits()
