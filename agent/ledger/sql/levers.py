"""Levers in the database: a row for each change of a lever, whoever changed it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy import bindparam, func, insert
from sqlmodel import Session

from agent.domain.entity import Days, EntityTable, Numbers
from agent.domain.lever import Lever
from agent.domain.money import MICROS
from agent.domain.snapshot import UNSEEN, LeverMemory
from agent.ledger.lever_moved import LeverMoved
from agent.ledger.lever_past import ends_of, lever_memory_of
from agent.ledger.moments import micros
from agent.ledger.sql.lever_moves import LeverMoves
from agent.ledger.sql.newest import newest_rows
from agent.ledger.sql.readings import account_number, numbering, table_of
from agent.ledger.sql.seen_tables import LeverSeenRow, ReadingRow
from agent.ledger.sql.sent import sends

_Key = tuple[int, str]
_CODES = {lever: code for code, lever in enumerate(Lever)}
_CODES_BY_NAME = {lever.value: code for lever, code in _CODES.items()}

_SEEN, _READING = table_of(LeverSeenRow), table_of(ReadingRow)
_LATEST = newest_rows(_SEEN, ("entity", "lever"))
_MOVES = (
    sa.select(
        sa.case(_CODES_BY_NAME, value=_SEEN.c.lever, else_=-1),
        _SEEN.c.entity,
        _SEEN.c.reading,
        func.coalesce(_SEEN.c.number, UNSEEN),
    )
    .where(_SEEN.c.account == bindparam("account"), _SEEN.c.reading <= bindparam("reading"))
    .order_by(_SEEN.c.entity, _SEEN.c.lever, _SEEN.c.reading)
)
_READ = (
    sa.select(_READING.c.number, _READING.c.observed_at_us)
    .where(
        _READING.c.account == bindparam("account"),
        _READING.c.about == "entities",
        _READING.c.observed_at_us <= bindparam("by"),
    )
    .order_by(_READING.c.number)
)


def record_levers(
    session: Session, account: int, reading: int, numbers: Sequence[int], table: EntityTable
) -> None:
    """Append the levers that stand elsewhere than known; those of entities not in the table stay."""
    before = _standing(session, account, reading)
    rows = []
    for lever in Lever:
        column = table.levers.get(lever)
        now = [None] * len(table) if column is None else column.listed()
        rows += [
            {"account": account, "entity": entity, "lever": lever.value, "reading": reading, "number": number}
            for entity, number in zip(numbers, now, strict=True)
            if before.get((entity, lever.value)) != number
        ]
    if rows:
        session.connection().execute(insert(_SEEN), rows)


def levers_at(
    session: Session, account: int, reading: int, entities: Sequence[int]
) -> Mapping[Lever, Sequence[int | None]]:
    """Where the levers of these entities stood; only levers that any of them had."""
    standing = _standing(session, account, reading)
    columns = {lever: [standing.get((entity, lever.value)) for entity in entities] for lever in Lever}
    return {
        lever: column for lever, column in columns.items() if any(number is not None for number in column)
    }


def lever_memory(
    session: Session, table: EntityTable, days: Days, as_of: datetime
) -> Mapping[Lever, LeverMemory]:
    """When each lever of the table last changed, and where it stood on these days and a week before."""
    account = account_number(session, table.account.id)
    readings = _Readings.load(session, account, as_of)
    if account is None or readings.newest == 0:
        n_days = len(days)
        return {lever: LeverMemory.unseen(column.numbers, n_days) for lever, column in table.levers.items()}
    ends = readings.by(ends_of(days, table.account.time_zone, as_of))
    known = numbering(session, account)
    rows = known.known(table.kinds, table.ids)
    moves = _moves(session, account, readings.newest)
    sent = sends(session, account, as_of)
    memory = {}
    for lever, column in table.levers.items():
        past = LeverMoves(len(known), *moves[moves[:, 0] == _CODES[lever], 1:].T)
        moved = LeverMoved.of(len(known), past.entities, readings.read_at_us[past.readings], past.numbers)
        memory[lever] = lever_memory_of(
            column,
            past.changed_at(readings.read_at)[rows],
            moved.baseline(as_of)[rows],
            past.stood(ends)[rows],
            moved.moves(sent[lever], as_of, table.account.time_zone).take(rows),
            day_ago=moved.day_ago(as_of)[rows],
        )
    return memory


@dataclass(frozen=True, slots=True)
class _Readings:
    """Looks at the entities of an account up to a moment; columns, oldest first.

    Attributes:
        read_at_us: The moment of each reading, by its number; 0 where there is no such reading.
    """

    numbers: Numbers
    observed_at_us: Numbers
    read_at_us: Numbers

    @classmethod
    def load(cls, session: Session, account: int | None, as_of: datetime) -> "_Readings":
        found = session.connection().execute(_READ, {"account": account, "by": micros(as_of)})
        numbers, observed_at_us = _integers(found, 2).T
        read_at_us = np.zeros(numbers.max(initial=0) + 1, dtype=np.int64)
        read_at_us[numbers] = observed_at_us
        return cls(numbers, observed_at_us, read_at_us)

    @property
    def read_at(self) -> NDArray[np.datetime64]:
        """The same in seconds."""
        return (self.read_at_us // MICROS).astype("datetime64[s]")

    @property
    def newest(self) -> int:
        """Number of the newest reading; 0 when there was none."""
        return len(self.read_at_us) - 1

    def by(self, moments: Sequence[datetime]) -> Numbers:
        """The newest reading up to each moment; 0 when there was none."""
        asked = np.array([micros(moment) for moment in moments], dtype=np.int64)
        found = np.searchsorted(self.observed_at_us, asked, side="right")
        return np.concatenate([[0], self.numbers])[found]


def _moves(session: Session, account: int, until: int) -> Numbers:
    """All changes of all levers up to a reading.

    Returns: shape (n, 4): code of the lever, then the columns of `LeverMoves`.
    """
    result = session.connection().execute(_MOVES, {"account": account, "reading": until})
    assert result.cursor is not None, "a query"
    # The driver's own rows: SQLAlchemy's take half as long again.
    return _integers(iter(result.cursor.fetchone, None), 4)


def _integers(rows: Iterable[Iterable[int]], n_columns: int) -> Numbers:
    """Shape (n_rows, n_columns). Row by row: to hold a million at once takes longer."""
    return np.fromiter(chain.from_iterable(rows), dtype=np.int64).reshape(-1, n_columns)


def _standing(session: Session, account: int, reading: int) -> dict[_Key, int | None]:
    """Where each lever stood as of that reading; None where an entity had lost it."""
    rows = session.connection().execute(_LATEST, {"account": account, "reading": reading})
    return {(row.entity, row.lever): row.number for row in rows}
