"""Figures: the eight numbers of a campaign and day, as two stacks of columns."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.domain.entity import Flags
from agent.domain.metrics import DailyMetrics, MetricsTable

WHOLE = ("cost_micros", "impressions", "clicks", "conversion_value_micros")
REAL = (
    "conversions",
    "search_impression_share",
    "search_budget_lost_impression_share",
    "search_rank_lost_impression_share",
)
CONVERSIONS = REAL.index("conversions")


@dataclass(frozen=True, slots=True)
class Figures:
    """Eight columns of any one shape.

    What was never told is zero, with unknown shares: that is also what a row means that a
    platform leaves out of a day it speaks for.

    Attributes:
        whole: Shape (4, ...), the columns `WHOLE`.
        real: Shape (4, ...), the columns `REAL`; shares may be NaN.
    """

    whole: NDArray[np.int64]
    real: NDArray[np.float64]

    def to_bytes(self) -> bytes:
        """All numbers, little-endian; read again by `from_bytes`."""
        return self.whole.astype("<i8", copy=False).tobytes() + self.real.astype("<f8", copy=False).tobytes()


def nothing(*shape: int) -> Figures:
    """Figures of this shape that say nothing happened."""
    real = np.full((len(REAL), *shape), np.nan)
    real[CONVERSIONS] = 0.0
    return Figures(np.zeros((len(WHOLE), *shape), dtype=np.int64), real)


def from_bytes(content: bytes, n: int) -> Figures:
    """The figures that `to_bytes` wrote, drawn out with nothing to shape (4, n)."""
    half = len(content) // 2
    whole = np.frombuffer(content, dtype="<i8", count=half // 8).reshape(len(WHOLE), -1)
    real = np.frombuffer(content, dtype="<f8", offset=half).reshape(len(REAL), -1)
    figures = nothing(n)
    figures.whole[:, : whole.shape[1]] = whole
    figures.real[:, : real.shape[1]] = real
    return figures


def of_table(table: MetricsTable) -> Figures:
    """The columns of a table, shape (4, n_rows).

    Raises:
        ValueError: A row is of a day that the table does not speak for, or has no conversions.
    """
    if len(table) and (table.days.min() < table.since or table.days.max() > table.until):
        raise ValueError(f"metrics table: a row lies outside {table.since} to {table.until}")
    if not np.isfinite(table.conversions).all():
        raise ValueError("metrics table: a number of conversions was not finite; only shares may be unknown")
    return Figures(
        np.array([getattr(table, name) for name in WHOLE], dtype=np.int64),
        np.array([getattr(table, name) for name in REAL], dtype=np.float64),
    )


def differs(one: Figures, other: Figures) -> Flags:
    """Where any of the eight numbers differs; two unknown shares do not differ."""
    real = (one.real != other.real) & ~(np.isnan(one.real) & np.isnan(other.real))
    flags: Flags = (one.whole != other.whole).any(axis=0) | real.any(axis=0)
    return flags


def daily(figures: Figures, known: Flags) -> DailyMetrics:
    """The matrices of shape (n_entities, n_days) with the days (n_days,) that are known."""
    return DailyMetrics(
        known=np.repeat(known[np.newaxis], figures.whole.shape[1], axis=0),
        **dict(zip(WHOLE, figures.whole, strict=True)),
        **dict(zip(REAL, figures.real, strict=True)),
    )
