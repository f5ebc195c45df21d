"""In which order a platform lists what it has makes no difference to what is decided."""

from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

import numpy as np
from live import Live
from lived import account, lived
from numpy.random import Generator

from adapters.wrappers.passing import Call, T, passing
from agent.domain.entity import EntityTable, entity_table
from agent.domain.metrics import MetricsTable
from agent.ledger.memory.ledger import MemoryLedger
from agent.ports.ledger import Ledger


@dataclass(frozen=True)
class Shuffled:
    """Entities and metrics in another order at each call, put together as adapters do."""

    rng: Generator

    def __call__(self, call: Call[T]) -> T:
        answer: Any = call.run()
        if isinstance(answer, EntityTable):
            return self._entities(answer)  # type: ignore[return-value]  # T is the answer's type
        if isinstance(answer, MetricsTable):
            return self._metrics(answer)  # type: ignore[return-value]  # T is the answer's type
        return answer  # type: ignore[no-any-return]  # T is the answer's type

    def _entities(self, table: EntityTable) -> EntityTable:
        mixed = table.take(self.rng.permutation(len(table)))
        return entity_table(
            mixed.account,
            mixed.ids.tolist(),
            names=mixed.names.tolist(),
            kinds=mixed.kinds.tolist(),
            parents=mixed.parents.tolist(),
            channels=mixed.channels.tolist(),
            bidding=mixed.bidding.tolist(),
            labels=mixed.labels,
            started=mixed.started,
            learning=mixed.learning.tolist(),
            locked=mixed.locked.tolist(),
            levers={lever: column.listed() for lever, column in mixed.levers.items()},
        )

    def _metrics(self, table: MetricsTable) -> MetricsTable:
        order = self.rng.permutation(len(table))
        columns = {
            field.name: getattr(table, field.name)[order]
            for field in fields(table)
            if isinstance(getattr(table, field.name), np.ndarray)
        }
        return replace(table, **columns)


def shuffled(one: Live, seed: int) -> Live:
    one.give(reader=passing(one.adapter, Shuffled(np.random.default_rng(seed))))
    return one


def test_a_platform_may_answer_in_any_order(ledger: Ledger) -> None:
    """The same plans to the last digit of the evidence, however rows come."""
    plain = lived(account(MemoryLedger()), 3)
    mixed = lived(shuffled(account(ledger), seed=3), 3)

    assert all(plan.changes for plan in plain)
    assert mixed == plain


def test_the_shuffle_shuffles() -> None:
    """Else the test above would say nothing."""
    one = account(MemoryLedger())
    since, until = date(2026, 11, 1), date(2026, 11, 20)

    told = one.adapter.metrics(since, until)
    mixed = shuffled(one, seed=3).parts.reader.metrics(since, until)

    assert sorted(mixed.cost_micros.tolist()) == sorted(told.cost_micros.tolist())
    assert mixed.cost_micros.tolist() != told.cost_micros.tolist()
