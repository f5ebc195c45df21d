"""HourlyMetrics: figures of the running and the last days, hour by hour."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.domain.entity import Floats, Numbers, Strings


@dataclass(frozen=True, slots=True)
class HourlyMetrics:
    """Figures in long form; every column has shape (n_rows,), in any order.

    An hour without a row that is over means zero. Never a source for impression shares.

    Attributes:
        hours: When each hour of the account's day begins, UTC, datetime64[m]: at half past, where
            its zone is off by half an hour. One that a clock change repeats stands once, with the
            figures of both.
        cost_micros, conversion_value_micros: Millionths of the account currency.
        conversions: May be fractional; of the hour of the click where the platform can tell; NaN
            where it tells nothing of conversions by the hour.
    """

    kinds: Strings
    ids: Strings
    hours: NDArray[np.datetime64]
    cost_micros: Numbers
    impressions: Numbers
    clicks: Numbers
    conversions: Floats
    conversion_value_micros: Numbers

    def __len__(self) -> int:
        return len(self.ids)


def no_hours() -> HourlyMetrics:
    """Of a platform that has no hourly figures."""
    none: Numbers = np.empty(0, dtype=np.int64)
    words: Strings = np.empty(0, dtype=np.str_)
    return HourlyMetrics(
        words, words, np.empty(0, "datetime64[m]"), none, none, none, np.empty(0, np.float64), none
    )
