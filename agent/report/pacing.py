"""Pacing: where a portfolio's month stands, and what it will have cost at its end. Pure.

The model is that of the month budget (`agent.domain.month`), which steers by it as well.
"""

from dataclasses import dataclass, replace
from datetime import date

from agent.domain.money import Money
from agent.domain.month.budget import MonthBudget
from agent.domain.month.pot import month_outlook
from agent.domain.proposal import Interval
from agent.domain.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Pacing:
    """One portfolio's month on the morning of `today`; money in micros.

    Attributes:
        spent: By yesterday; days whose cost is not known count as what they probably cost.
        unknown_days: How many days that are.
        month_end: Cost of the whole month if the daily budgets stay as they are, with the range that
            should hold it 80 times in 100.
        budget: For the month; None where none is set.
        planned: What the plan had for the days that are over; None without a budget.
        todays_pot: What the daily budgets may sum to today; None without a budget.
    """

    portfolio: str
    currency: str
    today: date
    month_days: int
    left_days: int
    spent: int
    unknown_days: int
    month_end: Interval
    budget: int | None
    planned: int | None
    todays_pot: int | None

    @property
    def verdict(self) -> str:
        """In three words: how the end of the month compares with the budget; "" without one."""
        if self.budget is None:
            return ""
        if self.month_end.low > self.budget:
            return "over budget"
        if self.month_end.high < self.budget:
            return "under budget"
        return "on budget"


def pacing_of(snapshot: Snapshot) -> Pacing | None:
    """The pacing of a portfolio's cut; None without a portfolio, or without anything that costs.

    Args:
        snapshot: As the portfolio's deciders get it (`Snapshot.only`), with at least the days of the month.
    """
    portfolio = snapshot.portfolio
    if portfolio is None or not len(snapshot):
        return None
    outlook = month_outlook(snapshot)
    has_budget = outlook is not None
    if outlook is None:
        # What a month costs does not hang on its budget: any will do to ask.
        some = replace(portfolio, month=MonthBudget(Money.of(1, snapshot.currency)), daily_pot=None)
        outlook = month_outlook(replace(snapshot, portfolio=some))
        assert outlook is not None, "the budget is in the account's currency"
    return Pacing(
        portfolio=portfolio.name,
        currency=snapshot.currency,
        today=outlook.today,
        month_days=outlook.month_days,
        left_days=outlook.left_days,
        spent=round(outlook.spent),
        unknown_days=outlook.unknown_days,
        month_end=outlook.as_is,
        budget=outlook.budget.amount.micros if has_budget else None,
        planned=round(outlook.planned) if has_budget else None,
        todays_pot=outlook.pot.micros if has_budget else None,
    )
