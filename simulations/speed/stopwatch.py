"""Stopwatch: CPU time of one thread, the median of five."""

import statistics
import time
from collections.abc import Callable
from typing import TypedDict

REPEATS = 5


class Timing(TypedDict):
    """How long one thing took.

    `ms`: CPU milliseconds of one thread, median of five. `goal_ms`: what is aimed for; None for
    peers. `gap`: share of the best value that was missed; None where there is nothing to miss.
    `note`: what else a reader must know.
    """

    work: str
    size: str
    who: str
    ms: float
    goal_ms: float | None
    gap: float | None
    note: str


def timing(
    work: str, size: str, who: str, ms: float, *, goal_ms: float | None = None, note: str = ""
) -> Timing:
    """A timing without a gap."""
    return Timing(work=work, size=size, who=who, ms=ms, goal_ms=goal_ms, gap=None, note=note)


def median_ms(work: Callable[[], object], *, times: int = 1) -> float:
    """The median of five runs of `times` calls each, per call; one run before them warms up."""
    took = []
    for _ in range(REPEATS + 1):
        began = time.process_time()
        for _ in range(times):
            work()
        took.append((time.process_time() - began) / times)
    return 1000 * statistics.median(took[1:])
