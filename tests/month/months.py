"""Snapshots in the middle of a month, for tests of month budgets."""

from datetime import UTC, datetime
from fractions import Fraction

import numpy as np
import sample
from numpy.typing import ArrayLike

from agent.domain.lever import Lever
from agent.domain.money import Money
from agent.domain.month.budget import MonthBudget
from agent.domain.month.curve import Curve
from agent.domain.portfolio import Goal, Limits, Portfolio
from agent.domain.snapshot import LeverMemory, Snapshot

N_DAYS = 60


def month_of(
    amount: str = "3000", plan: str = "even", *, pot: str | None = None, limits: Limits | None = None
) -> Portfolio:
    """A portfolio with a month budget in EUR."""
    return Portfolio(
        "shop",
        Goal.VALUE,
        daily_pot=None if pot is None else Money.of(pot, "EUR"),
        limits=limits or Limits(),
        month=MonthBudget(Money.of(amount, "EUR"), Curve.parse(plan), Fraction(1, 20)),
    )


def morning(
    day: int,
    cost: ArrayLike = 50.0,
    *,
    budgets: tuple[float, ...] = (50.0, 50.0),
    stood: ArrayLike | None = None,
    known: ArrayLike = True,
    portfolio: Portfolio | None = None,
    n_days: int = N_DAYS,
) -> Snapshot:
    """The morning of a day of November 2026, which has 30.

    Args:
        cost: Of each campaign and day, in EUR.
        stood: Budgets of each campaign at the end of each day, in EUR; None: as they stand.
    """
    table = sample.entities(list(budgets))
    shape = (len(budgets), n_days)
    past = np.asarray(budgets)[:, None] if stood is None else stood
    numbers = np.rint(np.broadcast_to(past, shape) * 1e6).astype(np.int64)
    column = table.levers[Lever.DAILY_BUDGET]
    never = np.full(len(budgets), "NaT", dtype="datetime64[s]")
    memory = {lever: LeverMemory.unseen(one.numbers, n_days) for lever, one in table.levers.items()} | {
        Lever.DAILY_BUDGET: LeverMemory(never, column.numbers, numbers)
    }
    return sample.snapshot(
        table,
        n_days=n_days,
        cost=cost,
        known=known,
        portfolio=month_of() if portfolio is None else portfolio,
        memory=memory,
        now=datetime(2026, 11, day, 6, tzinfo=UTC),
    )
