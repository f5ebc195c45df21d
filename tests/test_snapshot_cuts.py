"""A snapshot that is cut or wound back keeps rows and days of everything together."""

from dataclasses import replace

import numpy as np
import sample

from agent.domain.lever import Lever
from agent.domain.snapshot import Snapshot

BUDGET = Lever.DAILY_BUDGET


def told_apart() -> Snapshot:
    """Three campaigns and four days, each cell of its own."""
    snapshot = sample.snapshot(
        sample.entities([10.0, 20.0, 30.0]), n_days=4, cost=np.arange(12).reshape(3, 4)
    )
    memory = replace(snapshot.memory[BUDGET], stood=np.arange(12).reshape(3, 4))
    return replace(snapshot, memory={**snapshot.memory, BUDGET: memory})


def test_a_cut_takes_the_past_of_its_rows_along() -> None:
    """In the order that was asked for."""
    cut = told_apart().only(np.array([2, 0]))

    assert cut.memory[BUDGET].stood.tolist() == [[8, 9, 10, 11], [0, 1, 2, 3]]
    assert cut.memory[BUDGET].baseline.tolist() == [30_000_000, 10_000_000]
    assert (cut.metrics.cost_micros[:, -1] / 1e6).tolist() == [11, 3]


def test_a_snapshot_that_is_wound_back_loses_its_last_days_everywhere() -> None:
    """Where levers stand now stays: it is the question whether something has been true."""
    earlier = told_apart().before(1)

    assert len(earlier.days) == 3
    assert earlier.memory[BUDGET].stood.tolist() == [[0, 1, 2], [4, 5, 6], [8, 9, 10]]
    assert earlier.metrics.cost_micros.shape == (3, 3)
    assert earlier.entities.levers[BUDGET].numbers.tolist() == [10_000_000, 20_000_000, 30_000_000]
