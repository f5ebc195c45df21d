"""Figures: the ten numbers of a campaign and day, as two stacks of columns."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agent.domain.entity import Flags
from agent.domain.metrics import DailyMetrics, MetricsTable

WHOLE = (
    "cost_micros",
    "impressions",
    "clicks",
    "conversion_value_micros",
    "conversion_value_by_conversion_date_micros",
)
REAL = (
    "conversions",
    "search_impression_share",
    "search_budget_lost_impression_share",
    "search_rank_lost_impression_share",
    "conversions_by_conversion_date",
)
CONVERSIONS = REAL.index("conversions")
_BY_CONVERSION_DATE = (WHOLE[-1], REAL[-1])
ALWAYS_TOLD = 4
"""Columns of each stack that every platform tells: all but the last."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Ten columns of any one shape.

    What was never told is zero, with unknown shares: that is also what a row means that a
    platform leaves out of a day it speaks for.

    Attributes:
        whole: Shape (5, ...), the columns `WHOLE`.
        real: Shape (5, ...), the columns `REAL`; shares and what is dated by the conversion may be NaN.
    """

    whole: NDArray[np.int64]
    real: NDArray[np.float64]

    @property
    def n_columns(self) -> int:
        """How many columns say anything: 10, or 8 where nothing is dated by the conversion."""
        return 2 * ALWAYS_TOLD + (0 if np.isnan(self.real[-1]).all() else 2)

    def to_bytes(self, n_columns: int) -> bytes:
        """The first numbers of both stacks, little-endian; read again by `from_bytes`."""
        half = n_columns // 2
        whole, real = self.whole[:half], self.real[:half]
        return whole.astype("<i8", copy=False).tobytes() + real.astype("<f8", copy=False).tobytes()


def nothing(*shape: int) -> Figures:
    """Figures of this shape that say nothing happened."""
    real = np.full((len(REAL), *shape), np.nan)
    real[CONVERSIONS] = 0.0
    return Figures(np.zeros((len(WHOLE), *shape), dtype=np.int64), real)


def from_bytes(content: bytes, n_columns: int, n: int) -> Figures:
    """The figures that `to_bytes` wrote, drawn out with nothing to shape (5, n)."""
    half = len(content) // 2
    whole = np.frombuffer(content, dtype="<i8", count=half // 8).reshape(n_columns // 2, -1)
    real = np.frombuffer(content, dtype="<f8", offset=half).reshape(n_columns // 2, -1)
    figures = nothing(n)
    figures.whole[: len(whole), : whole.shape[1]] = whole
    figures.real[: len(real), : real.shape[1]] = real
    return figures


def of_table(table: MetricsTable) -> Figures:
    """The columns of a table, shape (5, n_rows).

    Raises:
        ValueError: A row is of a day that the table does not speak for, or has no conversions.
    """
    if len(table) and (table.days.min() < table.since or table.days.max() > table.until):
        raise ValueError(f"metrics table: a row lies outside {table.since} to {table.until}")
    if not np.isfinite(table.conversions).all():
        raise ValueError("metrics table: a number of conversions was not finite; only shares may be unknown")
    figures = nothing(len(table))
    for stack, names in ((figures.whole, WHOLE), (figures.real, REAL)):
        for row, name in enumerate(names):
            column = getattr(table, name)
            if column is not None:
                stack[row] = column
    return figures


def differs(one: Figures, other: Figures) -> Flags:
    """Where any of the ten numbers differs; two unknown numbers do not differ."""
    real = (one.real != other.real) & ~(np.isnan(one.real) & np.isnan(other.real))
    flags: Flags = (one.whole != other.whole).any(axis=0) | real.any(axis=0)
    return flags


def daily(figures: Figures, known: Flags) -> DailyMetrics:
    """The matrices of shape (n_entities, n_days) with the days (n_days,) that are known."""
    columns = named(figures)
    if figures.n_columns == 2 * ALWAYS_TOLD:
        columns |= dict.fromkeys(_BY_CONVERSION_DATE)
    return DailyMetrics(known=np.repeat(known[np.newaxis], figures.whole.shape[1], axis=0), **columns)


def named(figures: Figures) -> dict[str, Any]:
    """The columns by the names that they have in tables and matrices."""
    return dict(zip((*WHOLE, *REAL), (*figures.whole, *figures.real), strict=True))
