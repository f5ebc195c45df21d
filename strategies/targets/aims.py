"""Aims: what the portfolio wants of its targets together, and what holds each campaign back."""

from dataclasses import dataclass

import numpy as np

from agent.domain.entity import Floats
from agent.domain.lever import Lever
from agent.domain.money import MICROS
from agent.domain.portfolio import Goal
from agent.domain.snapshot import Snapshot
from strategies.levers.lever_choice import Bottleneck, LeverChoice, lever_choice
from strategies.targets.book import Book
from strategies.targets.choice import Limits
from strategies.targets.weeks import Weeks

_SPENT_UP = 0.95
_LATELY_WEEKS = 4


@dataclass(frozen=True, slots=True)
class Aims:
    """Columns of shape (n,), in the order of the book.

    Attributes:
        limits: For the sum of all campaigns.
        allowed: Cost that the portfolio's target allows for a unit of the goal, micros; 0 without one.
        budget: Daily budget where it runs out, micros; infinite elsewhere.
        unlimited: What units and cost would be without it, as a multiple.
        conversions: Reported in the last four weeks.
        lost: What holds each campaign back.
    """

    limits: Limits
    allowed: Floats
    budget: Floats
    unlimited: Floats
    conversions: Floats
    lost: LeverChoice


def aims_of(snapshot: Snapshot, book: Book, weeks: Weeks, goal: Goal) -> Aims:
    """Read them from portfolio and budgets.

    Without a pot the sum of the spend stays as it is, unless the portfolio has a target: that
    alone then says how much may be spent. Where the platform does not tell lost impressions, a
    budget that is spent up to 95 % counts as running out.
    """
    lost = lever_choice(snapshot, book.rows)
    budget = _budgets(snapshot, book)
    recent = _recent_cost(weeks)
    told = lost.lost_to_budget
    runs_out = lost.is_at(Bottleneck.BUDGET) | (np.isnan(told) & (recent >= _SPENT_UP * budget))
    unlimited = np.where(runs_out & ~np.isnan(told), 1.0 / (1.0 - np.minimum(np.nan_to_num(told), 0.8)), 1.0)
    allowed = _allowed(snapshot, weeks, goal)
    portfolio = snapshot.portfolio
    targeted = bool(allowed.any())
    pot = float(recent.sum())
    if portfolio is not None and portfolio.daily_pot is not None:
        pot = float(portfolio.daily_pot.micros)
    elif targeted:
        pot = np.inf
    return Aims(
        limits=Limits(pot, targeted),
        allowed=allowed,
        budget=np.where(runs_out, np.minimum(recent, budget), np.inf),
        unlimited=unlimited,
        conversions=weeks.conversions[:, -_LATELY_WEEKS:].sum(axis=1),
        lost=lost,
    )


def _budgets(snapshot: Snapshot, book: Book) -> Floats:
    column = snapshot.entities.levers.get(Lever.DAILY_BUDGET)
    if column is None:
        return np.full(len(book.rows), np.inf)
    numbers: Floats = np.where(column.present & (column.numbers > 0), column.numbers, np.inf)[book.rows]
    return numbers


def _recent_cost(weeks: Weeks) -> Floats:
    """Mean of the last four weeks in which anything was spent, micros a day."""
    spent = weeks.cost[:, -_LATELY_WEEKS:]
    n_weeks = (spent > 0).sum(axis=1)
    mean: Floats = np.divide(spent.sum(axis=1), n_weeks, out=np.zeros(len(spent)), where=n_weeks > 0)
    return mean


def _allowed(snapshot: Snapshot, weeks: Weeks, goal: Goal) -> Floats:
    """Cost that a unit of the goal may have; a target CPA is turned into it by what a conversion is worth."""
    portfolio = snapshot.portfolio
    n = len(weeks.worth)
    if portfolio is not None and portfolio.target_roas is not None and goal is Goal.VALUE:
        return np.full(n, MICROS / portfolio.target_roas.millionths)
    if portfolio is not None and portfolio.target_cpa is not None:
        per_conversion = float(portfolio.target_cpa.micros)
        return np.full(n, per_conversion) if goal is Goal.CONVERSIONS else per_conversion / weeks.worth
    return np.zeros(n)
