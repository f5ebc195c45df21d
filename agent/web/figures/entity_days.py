"""Entity days: the daily figures of one entity as a snapshot knows them, as sparks."""

from dataclasses import dataclass

import numpy as np

from agent.domain.entity import Floats
from agent.domain.money import MICROS
from agent.domain.portfolio import Goal
from agent.domain.snapshot import Snapshot
from agent.web.figures.spark import Spark, spark

SETTLED = 0.95
"""From this share of a day's conversions on its figures count as no longer to grow."""

_TABLE_DAYS = 14


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the table; texts, a dash where nothing is known."""

    day: str
    cost: str
    clicks: str
    gained: str
    ratio: str
    reported: str


@dataclass(frozen=True, slots=True)
class EntityDays:
    """Daily figures of one entity.

    Attributes:
        gained, ratio: What the two columns are called: "conversion value" and "ROAS", or
            "conversions" and "CPA".
        table: The newest days, newest first.
    """

    gained: str
    ratio: str
    sparks: tuple[Spark, ...]
    table: tuple[Day, ...]
    n_days: int


def entity_days(snapshot: Snapshot, row: int, goal: Goal) -> EntityDays:
    """The figures of one row of the snapshot, as they were known at its moment."""
    metrics, currency = snapshot.metrics, snapshot.entities.account.currency
    known = metrics.known[row]
    cost = np.where(known, metrics.cost_micros[row] / MICROS, np.nan)
    clicks = np.where(known, metrics.clicks[row], np.nan)
    value = np.where(known, metrics.conversion_value_micros[row] / MICROS, np.nan)
    conversions = np.where(known, metrics.conversions[row], np.nan)
    by_value = goal is Goal.VALUE
    gained = value if by_value else conversions
    ratio = _over(value, cost) if by_value else _over(cost, conversions)
    names = ("conversion value", "ROAS") if by_value else ("conversions", "CPA")
    maturity = np.asarray(snapshot.maturity)
    unsettled = np.flatnonzero(maturity < SETTLED)
    n_settled = int(unsettled[0]) if len(unsettled) else None
    days = [str(day) for day in snapshot.days]
    sparks = (
        spark("cost", currency, days, _listed(cost), None),
        spark(names[0], currency if by_value else "", days, _listed(gained), n_settled),
        spark(names[1], "" if by_value else currency, days, _listed(ratio), n_settled),
        spark("clicks", "", days, _listed(clicks), None),
    )
    table = tuple(
        Day(
            days[day],
            _text(cost[day]),
            _text(clicks[day], 0),
            _text(gained[day]),
            _text(ratio[day]),
            f"{maturity[day]:.0%}",
        )
        for day in range(len(days) - 1, max(-1, len(days) - 1 - _TABLE_DAYS), -1)
    )
    return EntityDays(*names, sparks, table, len(days))


def _over(above: Floats, below: Floats) -> Floats:
    """A ratio, NaN where there is nothing below the line."""
    ratio: Floats = np.divide(above, below, out=np.full(len(above), np.nan), where=below > 0)
    return ratio


def _listed(figures: Floats) -> list[float | None]:
    return [None if np.isnan(one) else float(one) for one in figures]


def _text(figure: float, decimals: int = 2) -> str:
    return "–" if np.isnan(figure) else f"{figure:,.{decimals}f}"
