"""LeverPast: what both ledgers must agree on about the past of a lever."""

from collections.abc import Sequence
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from agent.domain.entity import Days, LeverColumn, Numbers
from agent.domain.moves import Moves
from agent.domain.snapshot import UNSEEN, LeverMemory


def lever_memory_of(
    column: LeverColumn,
    changed_at: NDArray[np.datetime64],
    baseline: Numbers,
    stood: Numbers,
    moves: Moves,
    *,
    day_ago: Numbers,
) -> LeverMemory:
    """The memory of one lever; where `baseline` or `day_ago` is UNSEEN, it never moved."""
    return LeverMemory(
        changed_at=np.where(column.present, changed_at, np.datetime64("NaT", "s")),
        baseline=_or_now(baseline, column),
        stood=stood,
        moves=moves,
        day_ago=_or_now(day_ago, column),
    )


def ends_of(days: Days, time_zone: str, as_of: datetime) -> Sequence[datetime]:
    """When each day was over in that time zone (UTC); `as_of` for those that were not by then."""
    zone = ZoneInfo(time_zone)
    midnights = [datetime.combine(day, time(), zone).astimezone(UTC) for day in (days + 1).tolist()]
    return [min(midnight, as_of) for midnight in midnights]


def _or_now(numbers: Numbers, column: LeverColumn) -> Numbers:
    return np.where(column.present, np.where(numbers != UNSEEN, numbers, column.numbers), 0)
