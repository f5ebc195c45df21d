"""Moved: snapshots whose levers have moved, for tests of guardrails."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import sample

from agent.domain.lever import Lever
from agent.domain.moves import Moves
from agent.domain.snapshot import Snapshot


def moved(snapshot: Snapshot, lever: Lever = Lever.DAILY_BUDGET, **columns: object) -> Snapshot:
    """The snapshot with these columns of `Moves`; a single value is the same for all rows.

    A timedelta stands for the moment so long before the snapshot's.
    """
    none = Moves.none(snapshot.entities.levers[lever].numbers)
    n = len(snapshot)

    def column(value: object) -> object:
        if isinstance(value, timedelta):
            at = (sample.NOW - value).replace(tzinfo=None)
            return np.full(n, at, dtype="datetime64[s]")
        return np.broadcast_to(np.asarray(value), n).copy()

    moves = replace(none, **{name: column(value) for name, value in columns.items()})  # type: ignore[arg-type]  # columns by name
    return replace(snapshot, memory={**snapshot.memory, lever: replace(snapshot.memory[lever], moves=moves)})
