"""LeverMoves: the changes of one lever as columns, and where it stood after any of them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.domain.entity import Numbers
from agent.domain.snapshot import UNSEEN

_NEVER = np.datetime64("NaT", "s")


@dataclass(frozen=True, slots=True)
class LeverMoves:
    """All changes of one lever, each entity's in the order of its readings; columns of shape (n_moves,).

    Attributes:
        entities: Numbers of entities, all of them below `n_entities`.
        readings: From which reading on it stood there.
        numbers: Where it stood; `UNSEEN` when the entity had lost it.

    Answers have shape (n_entities + 1,), the last of them for an entity that was never seen: so
    -1 may be asked for.
    """

    n_entities: int
    entities: Numbers
    readings: Numbers
    numbers: Numbers

    def changed_at(self, read_at: NDArray[np.datetime64]) -> NDArray[np.datetime64]:
        """When each came to stand where it stands; NaT for those that never moved.

        Args:
            read_at: The moment of each reading, by its number.
        """
        first, last = self._nobody(0), self._nobody(0)
        first[self.entities[::-1]] = self.readings[::-1]  # numpy keeps the last that it is given
        last[self.entities] = self.readings
        return np.where(last > first, read_at[last], _NEVER)

    def stood(self, ends: Numbers) -> Numbers:
        """Where each stood at the end of each day; shape (n_entities + 1, n_days).

        Args:
            ends: Shape (n_days,), the last reading of each day, ascending.
        """
        days = np.searchsorted(ends, self.readings)
        within = days < len(ends)
        row_begins = np.arange(self.n_entities + 1) * len(ends)
        begins = np.concatenate([row_begins, self.entities[within] * len(ends) + days[within]])
        numbers = np.concatenate([self._nobody(UNSEEN), self.numbers[within]])
        order = np.argsort(begins, kind="stable")
        # Each number stands for the cells up to the next one; of two on a day, the first for none.
        cells = np.diff(begins[order], append=len(row_begins) * len(ends))
        stood: Numbers = np.repeat(numbers[order], cells).reshape(len(row_begins), len(ends))
        return stood

    def _nobody(self, number: int) -> Numbers:
        return np.full(self.n_entities + 1, number, dtype=np.int64)
