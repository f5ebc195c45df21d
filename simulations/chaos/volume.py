"""Volume: campaigns of many small trials, each named by its seed, spread over processes."""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeAlias

import joblib
import structlog

from simulations.chaos.findings import SEEDS_KEPT, Count, Progress, Result, Tally, merged

Line: TypeAlias = Callable[[], str]


class Notes:
    """What a trial found: invariants that were put to the test, and figures.

    Attributes:
        told: Lines of the trial as it went, for a replay.
    """

    def __init__(self) -> None:
        self.told: list[Line] = []
        self._seed = 0
        self._trials: Counter[str] = Counter()
        self._violations: Counter[str] = Counter()
        self._seeds: dict[str, list[int]] = {}
        self._counts: Counter[str] = Counter()

    def begin(self, seed: int) -> None:
        """What follows is of this seed's trial."""
        self._seed = seed
        self.told.clear()

    def check(self, invariant: str, holds: bool, otherwise: object = "") -> None:
        """Note whether an invariant held; `otherwise` is what was found."""
        self._trials[invariant] += 1
        if holds:
            return
        self._violations[invariant] += 1
        seeds = self._seeds.setdefault(invariant, [])
        if len(seeds) < SEEDS_KEPT and self._seed not in seeds:
            seeds.append(self._seed)
        self.told.append(lambda: f"BROKEN: {invariant}" + (f": {otherwise}" if otherwise else ""))

    def count(self, name: str, number: int = 1) -> None:
        """Add to a figure that is no invariant."""
        self._counts[name] += number

    def tell(self, line: Line) -> None:
        """Say a step of the trial; a replay puts it into words."""
        self.told.append(line)

    @property
    def result(self) -> Result:
        """All trials so far."""
        tallies = tuple(
            Tally(name, trials, self._violations[name], tuple(self._seeds.get(name, ())))
            for name, trials in self._trials.items()
        )
        return Result(tallies, counts=tuple(Count(name, number) for name, number in self._counts.items()))


Trial: TypeAlias = Callable[[int, Notes], None]


@dataclass(frozen=True, slots=True)
class Volume:
    """A `Campaign` each of whose trials is one call with a seed of its own.

    Attributes:
        trial: A function that other processes find by its name.
        per_task: Trials that a process is handed at once.
    """

    name: str
    trial: Trial
    per_task: int = 200

    def run(self, size: int, seed: int, jobs: int, progress: Progress) -> Result:
        """See `Campaign`."""
        end = seed + size
        tasks = [range(first, min(first + self.per_task, end)) for first in range(seed, end, self.per_task)]
        results = []
        for task, result in zip(tasks, _done(self.trial, tasks, jobs), strict=True):
            results.append(result)
            progress(len(task))
        return merged(results)

    def replay(self, seed: int) -> Iterable[str]:
        """What happened in the trial of this seed, and what of it was broken."""
        notes = Notes()
        notes.begin(seed)
        with _quiet():
            self.trial(seed, notes)
        return [line() for line in notes.told] or ["all held"]


def _done(trial: Trial, tasks: Sequence[range], jobs: int) -> Iterator[Result]:
    """The results in the order of the tasks."""
    if jobs == 1:
        yield from (_trials(trial, task) for task in tasks)
        return
    with joblib.parallel_config("loky", inner_max_num_threads=1):
        yield from joblib.Parallel(n_jobs=jobs, return_as="generator")(
            joblib.delayed(_trials)(trial, task) for task in tasks
        )


def _trials(trial: Trial, seeds: Iterable[int]) -> Result:
    notes = Notes()
    with _quiet():
        for seed in seeds:
            notes.begin(seed)
            trial(seed, notes)
    return notes.result


@contextmanager
def _quiet() -> Iterator[None]:
    """What is broken on purpose is not worth a line of the log."""
    before = structlog.get_config()
    silent = structlog.make_filtering_bound_logger(logging.CRITICAL)
    structlog.configure(wrapper_class=silent, cache_logger_on_first_use=False)
    try:
        yield
    finally:
        structlog.configure(**before)
