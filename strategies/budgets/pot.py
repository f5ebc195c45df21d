"""Pot: the daily budgets that may be moved, how far, and what they may sum to."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.domain.entity import Flags, Numbers
from agent.domain.lever import Lever
from agent.domain.portfolio import Limits
from agent.domain.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Pot:
    """Columns over the movable budgets, all micros of the account currency, shape (n_rows,).

    Attributes:
        rows: Rows of the snapshot.
        present: Where the budgets stand.
        lowest, highest: How far each may move, multiples of `unit` unless it cannot move at
            all; floor, the platform's minimum, ceiling and step limit are inside.
        amount: What these budgets may sum to: the portfolio's pot less what entities that
            deliver but may not be changed hold.
        unit: Smallest step of the account's money.
    """

    rows: NDArray[np.intp]
    present: Numbers
    lowest: Numbers
    highest: Numbers
    amount: int
    unit: int


def open_pot(snapshot: Snapshot) -> Pot:
    """Read the pot from the portfolio; without one it is what the budgets sum to now.

    Rows stand in an order made from their figures, not from their ids: who is called what
    then has no influence on sums or on draws.
    """
    column = snapshot.entities.levers.get(Lever.DAILY_BUDGET)
    unit = snapshot.entities.account.unit_micros
    if column is None:
        nothing = np.zeros(0, dtype=np.int64)
        return Pot(nothing.astype(np.intp), nothing, nothing, nothing, 0, unit)
    movable = snapshot.steerable(Lever.DAILY_BUDGET)
    rows = in_order_of_figures(snapshot, np.flatnonzero(movable), column.numbers)
    held = int(column.numbers[_delivering(snapshot) & column.present & ~movable].sum())
    present = column.numbers[rows]
    portfolio = snapshot.portfolio
    if portfolio is None or portfolio.daily_pot is None:
        amount = int(present.sum())
    else:
        amount = max(portfolio.daily_pot.micros - held, 0)
    limits = Limits() if portfolio is None else portfolio.limits
    most, least = max(amount, int(present.max(initial=0))), lowest_budget(snapshot)
    lowest, highest = bounds(present, limits, most, unit, least=least)
    # A raise that ends below what the platform accepts would be denied each day: a note of the plan tells it.
    accepted = snapshot.entities.account.min_daily_budget_micros
    held_below = (present < accepted) & (highest < accepted)
    lowest, highest = np.where(held_below, present, lowest), np.where(held_below, present, highest)
    return Pot(rows, present, lowest, highest, amount, unit)


def _delivering(snapshot: Snapshot) -> Flags:
    """Everything that is not known to be paused."""
    status = snapshot.entities.levers.get(Lever.STATUS)
    if status is None:
        return np.ones(len(snapshot), dtype=bool)
    enabled: Flags = ~status.present | (status.numbers == 1)
    return enabled


def in_order_of_figures(snapshot: Snapshot, rows: NDArray[np.intp], standing: Numbers) -> NDArray[np.intp]:
    """These rows in an order that ids decide only where all figures are equal.

    Args:
        standing: Where the lever stands, for all rows of the snapshot.
    """
    metrics = snapshot.metrics
    known = metrics.known[rows]
    keys = (
        snapshot.entities.ids[rows],
        snapshot.entities.names[rows],
        np.where(known, metrics.conversion_value_micros[rows], 0).sum(axis=1),
        np.where(known, metrics.clicks[rows], 0).sum(axis=1),
        np.where(known, metrics.cost_micros[rows], 0).sum(axis=1),
        standing[rows],
    )
    ordered: NDArray[np.intp] = rows[np.lexsort(keys)]
    return ordered


def lowest_budget(snapshot: Snapshot) -> int:
    """The smallest daily budget that the portfolio's floor and the platform permit; micros."""
    account, portfolio = snapshot.entities.account, snapshot.portfolio
    floor = None if portfolio is None else portfolio.limits.floor
    least = max(account.unit_micros, account.min_daily_budget_micros)
    return least if floor is None else max(floor.micros, least)


def bounds(
    present: Numbers, limits: Limits, most: int, unit: int, *, least: int = 0
) -> tuple[Numbers, Numbers]:
    """Lowest and highest values within floor, ceiling and step limit, in whole steps; micros.

    Args:
        most: Stands in for a ceiling where there is none.
        least: A second floor, the platform's own.
    """
    down = np.full_like(present, unit)
    up = np.full_like(present, most)
    if limits.max_step is not None:
        numerator, denominator = limits.max_step.as_integer_ratio()
        # floor(present * step) in parts, so that the product cannot overflow
        step = present // denominator * numerator + present % denominator * numerator // denominator
        down = np.maximum(present - step, down)
        up = present + step
    floor = max(unit if limits.floor is None else limits.floor.micros, least)
    ceiling = most if limits.ceiling is None else limits.ceiling.micros
    # A budget outside floor and ceiling comes back as fast as the step limit lets it.
    lowest = np.minimum(np.maximum(down, floor), up)
    highest = np.maximum(np.minimum(up, ceiling), down)
    lowest = -(-np.minimum(lowest, highest) // unit) * unit
    highest = highest // unit * unit
    stuck = lowest > highest
    return np.where(stuck, present, lowest), np.where(stuck, present, highest)
