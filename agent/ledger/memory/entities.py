"""EntityMemory: the entities of one account as each reading found them, in memory."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agent.domain.entity import Days, EntityTable, LeverColumn
from agent.domain.lever import Lever, number_of
from agent.domain.plan import Change
from agent.domain.ref import AccountId
from agent.domain.snapshot import LeverMemory
from agent.ledger.lever_past import ends_of
from agent.ledger.memory.campaigns import NO_CAMPAIGNS, Campaigns
from agent.ledger.memory.levers import Asked, LeverHistory
from agent.ledger.moments import micros, refuse_older
from agent.ledger.numbering import Numbering

_COLUMNS = tuple(
    field.name for field in fields(EntityTable) if field.name not in ("account", "labels", "levers")
)


class EntityMemory:
    """One account. What it is handed is copied where it differs, so callers may go on using it."""

    def __init__(self) -> None:
        self._read_at: list[datetime] = []
        self._tables: list[EntityTable] = []
        self._campaigns: list[Campaigns] = []
        self._numbers = Numbering()
        self._levers: dict[Lever, LeverHistory] = {}
        self._sent_at: list[datetime] = []

    def record(self, table: EntityTable, at: datetime) -> None:
        """Append a reading."""
        refuse_older("entities", at, self._read_at)
        entities = self._numbers.sure(table.kinds, table.ids)
        for lever in table.levers:
            if lever not in self._levers:
                self._levers[lever] = LeverHistory(len(self._tables))
        for lever, history in self._levers.items():
            history.record(table.levers.get(lever), entities, len(self._numbers), at)
        self._tables.append(_kept(table, self._tables[-1] if self._tables else None))
        self._campaigns.append((self._campaigns[-1] if self._campaigns else NO_CAMPAIGNS).seen(table))
        self._read_at.append(at)

    def send(self, account: AccountId, change: Change, at: datetime) -> None:
        """Take note of a change that is about to be sent."""
        insort(self._sent_at, at)
        history = self._levers.get(change.lever)
        kind, id_ = np.array([change.ref.kind.value]), np.array([account.id_of(change.ref)])
        entity = int(self._numbers.known(kind, id_)[0])
        if history is not None and entity >= 0:
            history.send(entity, number_of(change.after), at)

    def sent(self, since: datetime, as_of: datetime) -> int:
        """How many changes were sent from `since` until before `as_of`."""
        return max(0, bisect_left(self._sent_at, as_of) - bisect_left(self._sent_at, since))

    def table(self, as_of: datetime) -> EntityTable | None:
        """What was known at that moment."""
        reading = self._reading(as_of)
        return self._tables[reading] if reading >= 0 else None

    def campaigns(self, as_of: datetime) -> Campaigns:
        """All that were seen up to that moment, also what was removed."""
        reading = self._reading(as_of)
        return self._campaigns[reading] if reading >= 0 else NO_CAMPAIGNS

    def lever_memory(self, table: EntityTable, days: Days, as_of: datetime) -> Mapping[Lever, LeverMemory]:
        """When each lever last changed, and where it stood on these days and a week before."""
        reading, zone = self._reading(as_of), table.account.time_zone
        asked = Asked(
            as_of=as_of,
            reading=reading,
            ends=[self._reading(end) for end in ends_of(days, zone, as_of)],
            time_zone=zone,
            n_entities=len(self._numbers),
            first_send_us=micros(self._sent_at[0]) if self._sent_at else None,
        )
        entities = self._numbers.known(table.kinds, table.ids)
        return {
            lever: self._levers[lever].memory(column, entities, asked)
            if reading >= 0 and lever in self._levers
            else LeverMemory.unseen(column.numbers, len(days))
            for lever, column in table.levers.items()
        }

    def _reading(self, by: datetime) -> int:
        """Position of the newest reading up to that moment; -1 when there was none."""
        return bisect_right(self._read_at, by) - 1


def _kept(table: EntityTable, before: EntityTable | None) -> EntityTable:
    """A copy that shares each column with the table before where they are equal."""
    columns: dict[str, Any] = {
        name: _shared(getattr(table, name), getattr(before, name, None)) for name in _COLUMNS
    }
    levers = {}
    for lever, column in table.levers.items():
        former = before.levers.get(lever) if before is not None else None
        if column.present.any():
            levers[lever] = LeverColumn(
                _shared(column.numbers, None if former is None else former.numbers),
                _shared(column.present, None if former is None else former.present),
            )
    return replace(table, **columns, levers=levers)


def _shared(column: NDArray[Any], before: NDArray[Any] | None) -> NDArray[Any]:
    if before is not None and column.dtype == before.dtype and np.array_equal(column, before):
        return before
    return column.copy()
