"""Day parts: which share of a day's clicks each hour has, by channel, in the account's local time."""

from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np

from simulations.campaigns import Channel
from simulations.curves import Floats

# Relative traffic of the hours from midnight on; one row for each channel, in the order of `Channel`.
_NIGHT = [3, 2, 1.5, 1, 1, 1.5, 3, 5]
_HOURS = np.array(
    [
        [*_NIGHT, 7, 8.5, 9, 9, 8, 8.5, 9, 9, 8.5, 8, 7.5, 8, 8, 7.5, 6, 4],  # search: office hours
        [*_NIGHT, 6, 7, 7.5, 8, 8, 7.5, 7.5, 7.5, 8, 8.5, 9, 10, 10.5, 9.5, 7, 4.5],
        [*_NIGHT, 6, 6, 6, 6.5, 8, 7.5, 6.5, 6.5, 7, 8, 9, 10.5, 11.5, 11, 8.5, 5],
        [*_NIGHT, 4.5, 5, 5, 5.5, 7, 6.5, 6, 6.5, 7, 8.5, 10, 12, 13.5, 13, 10, 6],  # video: evenings
    ]
)


class DayParts:
    """How much of a day passes within a part of it, as clicks count it."""

    def __init__(self, channels: list[str], zone: ZoneInfo) -> None:
        """Take campaigns.

        Args:
            channels: Of each campaign, as `Campaign.channel`.
        """
        rows = [Channel[name.upper()].value for name in channels]
        self._hours = _HOURS[rows]
        self._zone = zone

    def share(self, hours: list[datetime], since: datetime, until: datetime) -> Floats:
        """Share of the day between two moments of it, shape (n_campaigns,).

        Args:
            hours: When each hour of the day begins, and the end of the last, UTC; a day on which
                clocks change has 23 or 25.
        """
        weights = np.stack([self._hours[:, hour.astimezone(self._zone).hour] for hour in hours[:-1]], axis=1)
        starts = np.array([hour.timestamp() for hour in hours])
        begun = np.clip(since.timestamp() - starts[:-1], 0, np.diff(starts))
        over = np.clip(until.timestamp() - starts[:-1], 0, np.diff(starts))
        share: Floats = weights @ ((over - begun) / np.diff(starts)) / weights.sum(axis=1)
        return share
