"""Growing: an array that takes more at its end without copying each time."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


class Growing:
    """A one-dimensional array; room is doubled when it runs out."""

    def __init__(self, dtype: type[np.generic]) -> None:
        self._room: NDArray[Any] = np.empty(64, dtype=dtype)
        self._n = 0

    def __len__(self) -> int:
        return self._n

    def append(self, values: Any) -> None:
        """Take one value, or an array of values."""
        values = np.atleast_1d(values)
        end = self._n + len(values)
        if end > len(self._room):
            room = np.empty(max(end, 2 * len(self._room)), dtype=self._room.dtype)
            room[: self._n] = self.all
            self._room = room
        self._room[self._n : end] = values
        self._n = end

    @property
    def all(self) -> NDArray[Any]:
        """What was taken, as a view: it is not to be written to."""
        return self._room[: self._n]
