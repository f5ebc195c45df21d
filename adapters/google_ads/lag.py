"""Lag: Google's report of how long after the click conversions come, as shares by days. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

# Days after the click at which each bucket begins and ends; two weeks are told day by day.
_BUCKETS = {2 + day: (day, day + 1) for day in range(14)} | {
    16: (14, 21),
    17: (21, 30),
    18: (30, 45),
    19: (45, 60),
    20: (60, 90),
}
LONGEST_DAYS = 90
_LOOK_BACK_DAYS, _OLD_ENOUGH_DAYS = 120, 31  # 30 days is Google's usual conversion window


@dataclass(frozen=True, slots=True)
class Reported:
    """Shares of conversions that are reported 0, 1, 2, … days after the day of the click.

    Attributes:
        shares: Never falling, ends with 1; empty when there were no conversions.
        n: Conversions that it was made from.
    """

    shares: tuple[float, ...]
    n: float


def lag_days(today: date) -> tuple[date, date]:
    """The days of clicks whose conversions have come by now, both included."""
    return today - timedelta(days=_LOOK_BACK_DAYS), today - timedelta(days=_OLD_ENOUGH_DAYS)


def reported_of(rows: Iterable[Any]) -> Reported:
    """Sum rows of the lag query (protobuf form) over campaigns.

    What came less than a day after the click counts as reported on day 0, and so on: an upper
    bound by up to a day, since Google counts hours and not midnights. A bucket of several days is
    spread evenly over them. Conversions of unknown lag, and later than 90 days, are left out.
    """
    came = np.zeros(LONGEST_DAYS)
    for row in rows:
        bucket = _BUCKETS.get(row.segments.conversion_lag_bucket)
        if bucket is not None:
            first, last = bucket
            came[first:last] += row.metrics.conversions / (last - first)
    total = float(came.sum())
    if total <= 0.0:
        return Reported((), 0.0)
    shares = np.minimum(np.cumsum(came) / total, 1.0)
    needed = int(np.searchsorted(shares, 1.0 - 1e-9)) + 1  # the rest is 1 as well
    shares[needed - 1] = 1.0
    return Reported(tuple(shares[:needed].tolist()), total)
