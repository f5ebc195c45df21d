"""SumMemory: what each reading knew of the conversions of its days, in memory."""

from collections.abc import Sequence

import numpy as np

from agent.domain.entity import Floats, Numbers
from agent.ledger.development import DaySums
from agent.ledger.memory.growing import Growing


class SumMemory:
    """Of an account or of one of its channels; oldest reading first."""

    def __init__(self) -> None:
        self._readings, self._since, self._until = Growing(np.int64), Growing(np.int64), Growing(np.int64)
        self._starts, self._sums = Growing(np.int64), Growing(np.float64)

    @property
    def since(self) -> Numbers:
        """First day of each reading."""
        return self._since.all

    def append(self, reading: int, since: int, until: int, sums: Floats) -> None:
        """Keep the sums of one reading, one for each of its days."""
        self._readings.append(reading)
        self._since.append(since)
        self._until.append(until)
        self._starts.append(len(self._sums))
        self._sums.append(sums)

    def readings(self, n_readings: int) -> Numbers:
        """Which of the account's first so many readings they are."""
        return self._readings.all[: int(np.searchsorted(self._readings.all, n_readings))]

    def until_reading(self, n_readings: int, local_days: Sequence[int]) -> DaySums:
        """What the first so many readings of the account knew.

        Args:
            local_days: The local date of each reading of the account.
        """
        n = int(np.searchsorted(self._readings.all, n_readings))
        return DaySums(
            read_on=np.array(local_days, dtype=np.int64)[self._readings.all[:n]],
            since=self._since.all[:n],
            until=self._until.all[:n],
            starts=self._starts.all[:n],
            conversions=self._sums.all,
        )
