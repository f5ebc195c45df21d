"""MetricsTable: daily figures as a platform reports them, one row for each entity and day."""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from agent.domain.entity import Days, Floats, Numbers, Strings
from agent.domain.money import MICROS

_LARGEST_MICROS = 10**18


@dataclass(frozen=True, slots=True)
class MetricsTable:
    """Daily metrics in long form; every column has shape (n_rows,), in any order.

    A row that is absent inside [since, until] means zero (platforms drop rows that are all
    zero); outside it means not known. Each (kind, id, day) stands once.

    Attributes:
        since, until: The days that this table speaks for, both included, account time zone.
        partial_since: First day that was not over (or not fully processed) when it was
            read; None when every day was complete.
        cost_micros: Millionths of the account currency.
        conversions: May be fractional; belong to the day of the click and keep growing.
        conversion_value_micros: Millionths of the account currency.
        conversions_by_conversion_date: Dated by the day of the conversion, so they stop growing
            when the day is over; NaN where the platform does not tell; None where it never does.
        conversion_value_by_conversion_date_micros: Of the same; 0 where those are NaN, None where
            they are None.
        search_impression_share: Within [0, 1]; NaN where the platform has none. So are
            the shares lost to budget and to rank.
    """

    since: np.datetime64
    until: np.datetime64
    partial_since: np.datetime64 | None
    kinds: Strings
    ids: Strings
    days: Days
    cost_micros: Numbers
    impressions: Numbers
    clicks: Numbers
    conversions: Floats
    conversion_value_micros: Numbers
    search_impression_share: Floats
    search_budget_lost_impression_share: Floats
    search_rank_lost_impression_share: Floats
    conversions_by_conversion_date: Floats | None = None
    conversion_value_by_conversion_date_micros: Numbers | None = None

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class DailyMetrics:
    """The same figures as matrices of shape (n_entities, n_days), days oldest first.

    Figures of a day that is not `known` are 0 (counts, money) or NaN (shares): ask `known`.

    Attributes:
        conversions_by_conversion_date: NaN where the platform does not tell, and on days of which it
            told nothing at all; None where it tells of no entity and day here.
        conversion_value_by_conversion_date_micros: 0 where those are NaN, None where they are None.
    """

    known: np.ndarray[tuple[int, int], np.dtype[np.bool_]]
    cost_micros: np.ndarray[tuple[int, int], np.dtype[np.int64]]
    impressions: np.ndarray[tuple[int, int], np.dtype[np.int64]]
    clicks: np.ndarray[tuple[int, int], np.dtype[np.int64]]
    conversions: np.ndarray[tuple[int, int], np.dtype[np.float64]]
    conversion_value_micros: np.ndarray[tuple[int, int], np.dtype[np.int64]]
    search_impression_share: np.ndarray[tuple[int, int], np.dtype[np.float64]]
    search_budget_lost_impression_share: np.ndarray[tuple[int, int], np.dtype[np.float64]]
    search_rank_lost_impression_share: np.ndarray[tuple[int, int], np.dtype[np.float64]]
    conversions_by_conversion_date: np.ndarray[tuple[int, int], np.dtype[np.float64]] | None = None
    conversion_value_by_conversion_date_micros: np.ndarray[tuple[int, int], np.dtype[np.int64]] | None = None

    def cut(self, where: slice | NDArray[np.intp] | tuple[slice, slice]) -> "DailyMetrics":
        """The same matrices for these rows, or for these rows and days."""
        columns: dict[str, Any] = {field.name: getattr(self, field.name) for field in fields(self)}
        told = {name: column[where] for name, column in columns.items() if column is not None}
        return DailyMetrics(**told)


def micros_of(units: ArrayLike) -> Numbers:
    """Currency units of a report as micros, each to the nearest one.

    Raises:
        ValueError: One of them is no amount that a column can hold (NaN, infinite, beyond 10^12).
    """
    micros = np.rint(counted(units) * MICROS)
    if micros.size and float(np.abs(micros).max()) > _LARGEST_MICROS:
        raise ValueError("an amount was larger than any account can have")
    whole: Numbers = micros.astype(np.int64)
    return whole


def counted(figures: ArrayLike) -> Floats:
    """Figures of a report as floats.

    Raises:
        ValueError: One of them is NaN or infinite.
    """
    numbers = np.array(figures, dtype=np.float64)
    if not np.isfinite(numbers).all():
        raise ValueError("a figure was no number")
    return numbers
