"""Campaigns: schedules by chance, in memory and on SQLite, and the exhaustive list of pairs."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias

import joblib
import structlog

from agent.ledger.memory.ledger import MemoryLedger
from simulations.chaos.books import Tell, result_of
from simulations.chaos.chance import Luck
from simulations.chaos.findings import Progress, Result, Tally, Useful, merged
from simulations.chaos.invariants import Book
from simulations.chaos.on_sqlite import on_sqlite
from simulations.chaos.pairs import by_number, groups, lines
from simulations.chaos.schedule import Schedule, nothing_told
from simulations.chaos.script import Line
from simulations.chaos.shape import FIVE

Trial: TypeAlias = Callable[[int, Tell], Book]
"""What one seed does, told as it goes."""

CRASHES = 20
"""Of a schedule by chance; a few more may befall processes that stand in for others."""
USEFUL = 0.75
"""Share of the approved changes that must be applied under the hostile mix: doing nothing breaks nothing."""
_PER_TASK = 50


@dataclass(frozen=True, slots=True)
class Schedules:
    """A campaign each of whose trials is one schedule by chance."""

    name: str
    trial: Trial

    def run(self, size: int, seed: int, jobs: int, progress: Progress) -> Result:
        """See `Campaign`."""
        end = seed + size
        tasks = [range(first, min(first + _PER_TASK, end)) for first in range(seed, end, _PER_TASK)]
        results = []
        for task, result in zip(tasks, _done(_schedules, self.trial, tasks, jobs), strict=True):
            results.append(result)
            progress(len(task))
        found = merged(results)
        assert found.useful is not None, "every schedule says what it did"
        return Result((*found.tallies, enough_done(found.useful)), found.useful, counts=found.counts)

    def replay(self, seed: int) -> Iterable[str]:
        """What happened in the schedule of this seed, and how it was judged."""
        return _told(self.trial, seed)


@dataclass(frozen=True, slots=True)
class Pairs:
    """The exhaustive list. A trial is one strike at one point with all that may follow it."""

    name: str = "pairs"

    def run(self, size: int, seed: int, jobs: int, progress: Progress) -> Result:
        """See `Campaign`: so many strikes from this place of the list on, each once at most."""
        all_ = groups()
        start = seed % len(all_)
        tasks = (all_[start:] + all_[:start])[:size]
        results = []
        for result in _done(_pairs, None, tasks, jobs):
            results.append(result)
            progress(1)
        return merged(results)

    def replay(self, seed: int) -> Iterable[str]:
        """What happened in the line of this number, and how it was judged."""
        return _told(by_number, seed)


def by_chance(seed: int, tell: Tell) -> Book:
    """One schedule on a ledger in memory."""
    return Schedule(MemoryLedger(), Luck(seed), seed=seed, crashes=CRASHES, tell=tell, shape=FIVE).run()


RANDOM = Schedules("random", by_chance)
LEDGER = Schedules("ledger", on_sqlite)
PAIRS = Pairs()


@contextmanager
def quiet() -> Iterator[None]:
    """Without the product's own log: it would tell of ten thousand troubles."""
    kept = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger("critical"))
    try:
        yield
    finally:
        structlog.configure(**kept)


def _done(
    work: Callable[[Any, Any], Result], trial: Trial | None, tasks: Sequence[Any], jobs: int
) -> Iterator[Result]:
    """What came of the tasks, in their order."""
    if jobs == 1 or len(tasks) == 1:
        yield from (work(trial, task) for task in tasks)
        return
    with joblib.parallel_config("loky", inner_max_num_threads=1):
        yield from joblib.Parallel(n_jobs=jobs, return_as="generator")(
            joblib.delayed(work)(trial, task) for task in tasks
        )


def _schedules(trial: Trial, seeds: range) -> Result:
    with quiet():
        return result_of((seed, trial(seed, nothing_told)) for seed in seeds)


def _pairs(_: object, group: Line) -> Result:
    with quiet():
        return result_of(lines(group))


def _told(trial: Trial, seed: int) -> list[str]:
    told: list[str] = []
    with quiet():
        book = trial(seed, told.append)
    told += [f"BROKEN: {breach.invariant}: {breach.words}" for breach in book.breaches]
    return [*told, f"{book.applied} of {book.intents} approved changes were applied"]


def enough_done(useful: Useful) -> Tally:
    """Whether enough was applied; a small campaign may fall short by bad luck, by three standard errors."""
    intents = max(useful.intents, 1)
    spread = 3 * (USEFUL * (1 - USEFUL) / intents) ** 0.5
    short = useful.applied / intents < USEFUL - spread
    words = f"at least {USEFUL:.0%} of what was approved is applied"
    return Tally(words, useful.intents, useful.intents - useful.applied if short else 0)
