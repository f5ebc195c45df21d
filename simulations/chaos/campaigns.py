"""Campaigns: schedules by chance, in memory and on SQLite, and the exhaustive list of pairs."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias

import joblib
import structlog

from agent.ledger.memory.ledger import MemoryLedger
from simulations.chaos.chance import Luck
from simulations.chaos.findings import SEEDS_KEPT, Count, Progress, Result, Tally, Useful, merged
from simulations.chaos.invariants import Book, Invariant
from simulations.chaos.on_sqlite import on_sqlite
from simulations.chaos.schedule import Schedule, nothing_told
from simulations.chaos.script import LINES, Line, Script

Tell: TypeAlias = Callable[[str], None]
Trial: TypeAlias = Callable[[int, Tell], Book]
"""What one seed does, told as it goes."""

CRASHES = 20
"""Of a schedule by chance; a few more may befall processes that stand in for others."""
_PER_TASK = 50
_ONE_DAY = timedelta(hours=20)


@dataclass(frozen=True, slots=True)
class Schedules:
    """A campaign each of whose trials is one schedule.

    Attributes:
        most: How many different trials there are; None: as many as there are seeds.
    """

    name: str
    trial: Trial
    most: int | None = None

    def run(self, size: int, seed: int, jobs: int, progress: Progress) -> Result:
        """See `Campaign`. An exhaustive list is run once, from wherever the seed says."""
        if self.most is not None:
            size = min(size, self.most)
        tasks = [
            range(first, min(first + _PER_TASK, seed + size)) for first in range(seed, seed + size, _PER_TASK)
        ]
        results = []
        for task, result in zip(tasks, _done(self, tasks, jobs), strict=True):
            results.append(result)
            progress(len(task))
        return merged(results)

    def replay(self, seed: int) -> Iterable[str]:
        """What happened in the schedule of this seed, and how it was judged."""
        lines: list[str] = []
        with quiet():
            book = self.trial(seed, lines.append)
        lines += [f"BROKEN: {breach.invariant}: {breach.words}" for breach in book.breaches]
        return [*lines, f"{book.applied} of {book.intents} approved changes were applied"]


def by_chance(seed: int, tell: Tell) -> Book:
    """One schedule on a ledger in memory."""
    return Schedule(MemoryLedger(), Luck(seed), seed=seed, crashes=CRASHES, tell=tell).run()


def by_list(number: int, tell: Tell) -> Book:
    """One line of the exhaustive list: a day's decision, struck where the line says."""
    line = Line.of(number % LINES)
    if tell is not nothing_told:
        tell(str(line))
    script = Script(line)
    return Schedule(MemoryLedger(), script, seed=1, crashes=FEW, tell=tell, longest=_ONE_DAY).run()


FEW = 3
RANDOM = Schedules("random", by_chance)
PAIRS = Schedules("pairs", by_list, most=LINES)
LEDGER = Schedules("ledger", on_sqlite)


@contextmanager
def quiet() -> Iterator[None]:
    """Without the product's own log: it would tell of ten thousand troubles."""
    kept = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger("critical"))
    try:
        yield
    finally:
        structlog.configure(**kept)


def _done(campaign: Schedules, tasks: Sequence[range], jobs: int) -> Iterator[Result]:
    if jobs == 1 or len(tasks) == 1:
        yield from (_task(campaign.trial, task) for task in tasks)
        return
    with joblib.parallel_config("loky", inner_max_num_threads=1):
        yield from joblib.Parallel(n_jobs=jobs, return_as="generator")(
            joblib.delayed(_task)(campaign.trial, task) for task in tasks
        )


def _task(trial: Trial, seeds: range) -> Result:
    with quiet():
        return _result([(seed, trial(seed, nothing_told)) for seed in seeds])


def _result(books: Sequence[tuple[int, Book]]) -> Result:
    trials: Counter[Invariant] = Counter()
    broken: Counter[Invariant] = Counter()
    seeds: dict[Invariant, dict[int, None]] = {invariant: {} for invariant in Invariant}
    counts: Counter[str] = Counter({"schedules": len(books)})
    for seed, book in books:
        trials.update(book.trials)
        counts.update(book.counts)
        for breach in book.breaches:
            broken[breach.invariant] += 1
            seeds[breach.invariant][seed] = None
    return Result(
        tuple(
            Tally(invariant, trials[invariant], broken[invariant], tuple(seeds[invariant])[:SEEDS_KEPT])
            for invariant in Invariant
        ),
        Useful(sum(book.applied for _, book in books), sum(book.intents for _, book in books)),
        counts=tuple(Count(name, number) for name, number in sorted(counts.items())),
    )
