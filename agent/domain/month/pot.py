"""Today's pot: what a month budget leaves for today. Pure: the snapshot alone decides."""

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

import numpy as np

from agent.domain.entity import Days, Floats
from agent.domain.money import MICROS, Money
from agent.domain.month.budget import MonthBudget
from agent.domain.month.curve import weekday_of
from agent.domain.month.forecast import NORMAL_90, forecast
from agent.domain.month.spending import Spending, learn_spending
from agent.domain.proposal import Interval
from agent.domain.snapshot import Snapshot

_USED_UP = 0.1
_LEAST_RATIO = 0.75
_RESTATED = Fraction(1, 50)


@dataclass(frozen=True, slots=True)
class MonthOutlook:
    """Where a month stands on the morning of `today`; money in micros.

    Attributes:
        spent: By yesterday. Days whose cost is not known count as what they probably cost.
        unknown_days: How many days that are.
        planned: What the plan had for the days that are over.
        left_days, month_days: Today included.
        as_is: Cost of the whole month if the daily budgets stay as they are.
        present: What they sum to now.
        needed: What they should sum to today.
        pot: What they may sum to today: `present` while that is near enough.
        used_up: Hardly anything is left, or nothing is meant to be spent today.
    """

    budget: MonthBudget
    today: date
    spent: float
    unknown_days: int
    planned: float
    left_days: int
    month_days: int
    as_is: Interval
    present: int
    needed: int
    pot: Money
    used_up: bool

    @property
    def is_near_enough(self) -> bool:
        """Whether the daily budgets may stay as they are."""
        return not self.used_up and self.pot.micros == self.present

    def sentence(self) -> str:
        """Where the month stands, for a reviewer."""
        amount, as_is = self.budget.amount, self.as_is
        estimated = f" ({self.unknown_days} of them estimated)" if self.unknown_days else ""
        text = (
            f"{_units(self.spent)} of the month's {_units(amount.micros)} {amount.currency} were spent on "
            f"{self.month_days - self.left_days} of {self.month_days} days{estimated}, the plan had "
            f"{_units(self.planned)}; with budgets as they are it will be {_units(as_is.mean)} "
            f"({_units(as_is.low)} to {_units(as_is.high)})"
        )
        if self.used_up:
            return f"{text}: nothing is left for today"
        if self.is_near_enough:
            return f"{text}: near enough, so today's pot stays {_units(self.present)}"
        return f"{text}: today's pot is {_units(self.pot.micros)}, not {_units(self.present)}"


def month_note(snapshot: Snapshot) -> str | None:
    """What a reviewer should know of the portfolio's month; None without a month budget."""
    portfolio, outlook = snapshot.portfolio, month_outlook(snapshot)
    if outlook is not None:
        return outlook.sentence()
    if portfolio is None or portfolio.month is None:
        return None
    amount = portfolio.month.amount
    return f"the month budget of {amount} is left out, since the account is in {snapshot.currency}"


def with_todays_pot(snapshot: Snapshot) -> Snapshot:
    """The portfolio's snapshot with today's pot in place of its daily pot, if it has a month budget."""
    outlook = month_outlook(snapshot)
    return snapshot if outlook is None else _with_pot(snapshot, outlook.pot)


def with_widest_pot(snapshot: Snapshot) -> Snapshot:
    """The same with the most that a plan of today could have been made for.

    To judge an approved plan again: since it was drawn up figures may have been restated, and
    its own cuts carried out. Neither is a reason to hold its raises back.
    """
    outlook = month_outlook(snapshot)
    if outlook is None or outlook.used_up:
        return with_todays_pot(snapshot)
    widest = Money(outlook.needed, outlook.pot.currency).times(1 / (1 - outlook.budget.tolerance) + _RESTATED)
    most = None if snapshot.portfolio is None else snapshot.portfolio.daily_pot
    if most is not None and most.currency == widest.currency:
        widest = min(widest, most)
    return _with_pot(snapshot, max(widest, outlook.pot))


def _with_pot(snapshot: Snapshot, pot: Money) -> Snapshot:
    assert snapshot.portfolio is not None, "who has a month budget is a portfolio"
    return replace(snapshot, portfolio=replace(snapshot.portfolio, daily_pot=pot))


def month_outlook(snapshot: Snapshot) -> MonthOutlook | None:
    """Where the month of the portfolio stands; None without a month budget in the account's currency.

    What is left is shared among the coming days as the plan weighs them, and each unit of pot is
    taken to cost what it has cost lately. A day's noise is kept back, so that the month stays
    within its budget nine times in ten. A `daily_pot` beside the month budget is never exceeded.
    """
    portfolio = snapshot.portfolio
    if portfolio is None or portfolio.month is None or portfolio.month.amount.currency != snapshot.currency:
        return None
    budget, spending = portfolio.month, learn_spending(snapshot)
    month = _days_of_month(snapshot.today)
    weights = budget.plan.weights(month, spending.weekday)
    n_over = snapshot.today.day - 1
    estimates = _estimates(snapshot, spending, month[:n_over])
    spent, unknown = float(estimates.cost.sum()), estimates.unknown_days
    coming = month[n_over:]
    whole = weights.sum()

    needed = _needed(budget.amount.micros - spent, spending, coming, weights[n_over:])
    planned_today = budget.amount.micros * float(weights[n_over] / whole)
    ratio = max(spending.ratio, _LEAST_RATIO)
    most = float(budget.catch_up) * planned_today / ratio
    used_up = needed <= _USED_UP * planned_today
    wanted = int(min(needed, most))
    present = int(spending.present)
    near = abs(wanted - present) * budget.tolerance.denominator <= budget.tolerance.numerator * present
    pot = present if near and not used_up else wanted
    unit = snapshot.entities.account.unit_micros
    if portfolio.daily_pot is not None and portfolio.daily_pot.currency == budget.amount.currency:
        pot = min(pot, portfolio.daily_pot.micros)
    as_is = forecast(spending, coming, np.full(len(coming), spending.present))
    return MonthOutlook(
        budget=budget,
        today=snapshot.today,
        spent=spent,
        unknown_days=unknown,
        planned=float(budget.amount.micros * weights[:n_over].sum() / whole),
        left_days=len(coming),
        month_days=len(month),
        as_is=Interval(spent + as_is.mean, spent + as_is.low, spent + as_is.high),
        present=present,
        needed=wanted,
        pot=Money(max(pot // unit * unit, unit), budget.amount.currency),
        used_up=used_up,
    )


@dataclass(frozen=True, slots=True)
class _Estimates:
    """Cost of each day that is over, micros."""

    cost: Floats
    unknown_days: int


def _estimates(snapshot: Snapshot, spending: Spending, days: Days) -> _Estimates:
    """What each of the days cost; at least what is known of it, and where that is not all, the usual."""
    usual = spending.present * spending.ratio * spending.weekday[weekday_of(days)]
    position = (days - snapshot.days[0]).astype(np.intp) if len(snapshot.days) else np.full(len(days), -1)
    inside = (position >= 0) & (position < len(snapshot.days))
    cost, known = np.zeros(len(days)), np.zeros(len(days), dtype=bool)
    cost[inside], known[inside] = spending.cost[position[inside]], spending.known[position[inside]]
    return _Estimates(np.where(known, cost, np.maximum(cost, usual)), int((~known).sum()))


def _needed(left: float, spending: Spending, coming: Days, weights: Floats) -> float:
    """What today's budgets should sum to so that all coming days cost what is left, micros."""
    if left <= 0 or weights[0] == 0:
        return 0.0
    each = weights / weights[0] * spending.weekday[weekday_of(coming)]
    kept_back = NORMAL_90 * spending.noise * each[0]
    return left / (max(spending.ratio, _LEAST_RATIO) * float(each.sum() + kept_back))


def _days_of_month(today: date) -> Days:
    first = np.datetime64(today, "M")
    n_days = ((first + 1).astype("datetime64[D]") - first.astype("datetime64[D]")).astype(np.intp)
    days: Days = first.astype("datetime64[D]") + np.arange(n_days)
    return days


def _units(micros: float) -> str:
    return f"{micros / MICROS:,.2f}"
