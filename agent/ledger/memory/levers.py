"""LeverHistory: where one lever stood at each reading, in memory."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from agent.domain.entity import LeverColumn
from agent.domain.snapshot import UNSEEN, LeverMemory
from agent.ledger.lever_past import lever_memory_of

_ABSENT = np.iinfo(np.int64).min  # also how numpy writes NaT

_Numbers = NDArray[np.int64]


class LeverHistory:
    """One lever of one account. A reading at which nothing moved shares its arrays with the last."""

    def __init__(self, n_readings: int) -> None:
        nobody = np.empty(0, dtype=np.int64)
        self._stood: list[_Numbers] = [nobody] * n_readings
        self._changed_s: list[_Numbers] = [nobody] * n_readings
        self._seen = np.empty(0, dtype=bool)

    def record(self, column: LeverColumn | None, entities: _Numbers, n_entities: int, at: datetime) -> None:
        """Append a reading; None when no entity has the lever any more.

        Args:
            entities: Shape (n_rows,), the number of each row's entity; others stand as they stood.
        """
        before = _widened(self._stood[-1] if self._stood else np.empty(0, dtype=np.int64), n_entities)
        changed_s = _widened(self._changed_s[-1] if self._changed_s else before[:0], n_entities)
        now = before.copy()
        now[entities] = _ABSENT if column is None else np.where(column.present, column.numbers, _ABSENT)
        moved = now != before
        if moved.any():
            seen = np.zeros(n_entities, dtype=bool)
            seen[: len(self._seen)] = self._seen
            changed_s = np.where(moved & seen, int(at.timestamp() // 1), changed_s)
            self._seen = seen | moved
            before = now
        self._stood.append(before)
        self._changed_s.append(changed_s)

    def memory(
        self, column: LeverColumn, entities: _Numbers, reading: int, week_before: int, ends: Sequence[int]
    ) -> LeverMemory:
        """The past of these entities as of a reading.

        Args:
            entities: Shape (n_rows,); -1 for an entity that was never seen.
            reading, week_before: Positions of readings; -1 when there was none by then.
            ends: Position of the last reading of each day; -1 when there was none by then.
        """
        baseline = np.full(len(entities), _ABSENT)
        for position in range(max(week_before, 0), reading + 1):
            missing = column.present & (entities >= 0) & (baseline == _ABSENT)
            if not missing.any():
                break
            baseline[missing] = _taken(self._stood[position], entities[missing])
        stood = np.full((len(ends), len(entities)), _ABSENT)
        for day, position in enumerate(ends):
            if position >= 0:
                stood[day] = _taken(self._stood[position], entities)
        changed_s = _taken(self._changed_s[reading], entities)
        return lever_memory_of(
            column,
            changed_s.view("datetime64[s]"),
            np.where(baseline == _ABSENT, UNSEEN, baseline),
            np.where(stood == _ABSENT, UNSEEN, stood).T.copy(),
        )


def _widened(numbers: _Numbers, n: int) -> _Numbers:
    if len(numbers) == n:
        return numbers
    return np.concatenate([numbers, np.full(n - len(numbers), _ABSENT)])


def _taken(numbers: _Numbers, entities: _Numbers) -> _Numbers:
    """The numbers of these entities; absent for those that came later or never."""
    there = (entities >= 0) & (entities < len(numbers))
    if there.all():
        return numbers[entities]
    taken = np.full(len(entities), _ABSENT)
    taken[there] = numbers[entities[there]]
    return taken
