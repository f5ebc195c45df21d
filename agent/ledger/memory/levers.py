"""LeverHistory: where one lever stood at each reading, in memory."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from agent.domain.entity import LeverColumn
from agent.domain.snapshot import UNSEEN, LeverMemory
from agent.ledger.lever_moved import LeverMoved, Sends
from agent.ledger.lever_past import lever_memory_of
from agent.ledger.moments import micros

_ABSENT = np.iinfo(np.int64).min  # also how numpy writes NaT

_Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of each lever's past.

    Attributes:
        reading: Position of the newest reading by `as_of`.
        ends: Position of the last reading of each day; -1 when there was none by then.
        n_entities: How many entities the account ever had.
        first_send_us: When gebot first sent anything to the account; None: it never did.
    """

    as_of: datetime
    reading: int
    ends: Sequence[int]
    time_zone: str
    n_entities: int
    first_send_us: int | None


class LeverHistory:
    """One lever of one account. A reading at which nothing moved shares its arrays with the last."""

    def __init__(self, n_readings: int) -> None:
        nobody = np.empty(0, dtype=np.int64)
        self._stood: list[_Numbers] = [nobody] * n_readings
        self._changed_s: list[_Numbers] = [nobody] * n_readings
        self._seen = np.empty(0, dtype=bool)
        self._moved: list[_Numbers] = []  # of each reading, shape (3, n): entities, moment, numbers
        self._sent: list[_Numbers] = []  # of each change sent, shape (3, 1): entity, moment, target

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
            rows = np.flatnonzero(moved)
            numbers = np.where(now[rows] == _ABSENT, UNSEEN, now[rows])
            self._moved.append(np.stack([rows, np.full(len(rows), micros(at)), numbers]))
        self._stood.append(before)
        self._changed_s.append(changed_s)

    def send(self, entity: int, target: int, at: datetime) -> None:
        """Take note of a change that is about to be sent."""
        self._sent.append(np.array([[entity], [micros(at)], [target]]))

    def memory(
        self,
        column: LeverColumn,
        entities: _Numbers,
        asked: Asked,
    ) -> LeverMemory:
        """The past of these entities as of a moment.

        Args:
            entities: Shape (n_rows,); -1 for an entity that was never seen.
        """
        stood = np.full((len(asked.ends), len(entities)), _ABSENT)
        for day, position in enumerate(asked.ends):
            if position >= 0:
                stood[day] = _taken(self._stood[position], entities)
        changed_s = _taken(self._changed_s[asked.reading], entities)
        rows = _until(asked.as_of, self._moved)
        by_entity = rows[:, np.lexsort((rows[1], rows[0]))]
        moved = LeverMoved.of(asked.n_entities, *by_entity)
        sent = _until(asked.as_of, self._sent)
        sends = Sends(sent[0], sent[2], sent[1], asked.first_send_us)
        return lever_memory_of(
            column,
            changed_s.view("datetime64[s]"),
            moved.baseline(asked.as_of)[entities],
            np.where(stood == _ABSENT, UNSEEN, stood).T.copy(),
            moved.moves(sends, asked.as_of, asked.time_zone).take(entities),
            day_ago=moved.day_ago(asked.as_of)[entities],
        )


def _until(moment: datetime, parts: Sequence[_Numbers]) -> _Numbers:
    """Columns side by side, shape (3, n): those whose moment, in the second row, has come."""
    whole = np.concatenate([np.empty((3, 0), dtype=np.int64), *parts], axis=1)
    return whole[:, whole[1] <= micros(moment)]


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
