"""Month budget: what the entities of a portfolio may cost in a calendar month."""

from dataclasses import dataclass
from fractions import Fraction

from agent.domain.money import Money
from agent.domain.month.curve import EVEN, Curve


@dataclass(frozen=True, slots=True)
class MonthBudget:
    """Money for each calendar month of the account's time zone.

    Attributes:
        plan: How it is meant to fall on the days.
        tolerance: Daily budgets stay as they are while what is needed of them is no further away
            than this share of them. Of the month it is ever less, the fewer days are left.
        catch_up: Most that a day may be given, as a multiple of what the plan has for it.
    """

    amount: Money
    plan: Curve = EVEN
    tolerance: Fraction = Fraction(1, 20)
    catch_up: Fraction = Fraction(3, 2)
