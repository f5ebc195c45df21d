"""LeverPast: what both ledgers must agree on about the past of a lever."""

from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from agent.domain.entity import Flags, LeverColumn, Numbers
from agent.domain.snapshot import LeverMemory

BASELINE_AGE = timedelta(days=7)


def lever_memory_of(
    column: LeverColumn, changed_at: NDArray[np.datetime64], baseline: Numbers, seen: Flags
) -> LeverMemory:
    """The memory of one lever; where it was never `seen`, it has always stood where it stands now."""
    return LeverMemory(
        changed_at=np.where(column.present, changed_at, np.datetime64("NaT", "s")),
        baseline=np.where(column.present, np.where(seen, baseline, column.numbers), 0),
    )


def unseen(column: LeverColumn) -> LeverMemory:
    """The memory of a lever that the ledger knows nothing of."""
    n = len(column.numbers)
    never = np.full(n, "NaT", dtype="datetime64[s]")
    return lever_memory_of(column, never, column.numbers, np.zeros(n, dtype=bool))
