"""UnwatchedLedger: a memory for budgets that were never seen to change, only assumed."""

from collections.abc import Mapping
from datetime import datetime

from agent.domain.entity import Days, EntityTable
from agent.domain.lever import Lever
from agent.domain.snapshot import LeverMemory
from agent.ledger.memory.ledger import MemoryLedger


class UnwatchedLedger(MemoryLedger):
    """Remembers figures, and of levers only where they stand.

    A budget that is assumed from cost is another one each morning. Nobody has moved it, so
    neither cooldowns nor the cap of a week may count that as changes.
    """

    def lever_memory(self, table: EntityTable, days: Days, as_of: datetime) -> Mapping[Lever, LeverMemory]:
        return {
            lever: LeverMemory.unseen(column.numbers, len(days)) for lever, column in table.levers.items()
        }
