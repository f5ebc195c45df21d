"""Campaign: schedules of real kills by chance, over SQLite and PostgreSQL."""

import gc
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cache
from multiprocessing import get_context
from pathlib import Path

from simulations.chaos.books import result_of
from simulations.chaos.campaigns import enough_done, quiet
from simulations.chaos.findings import SEEDS_KEPT, Count, Progress, Result, Tally, merged
from simulations.chaos.invariants import Book
from simulations.chaos.kill.company import Company
from simulations.chaos.kill.dooms import Dooms
from simulations.chaos.kill.memory import KEPT, WHOLE, Memory
from simulations.chaos.kill.server import Server, postgresql, temporary
from simulations.chaos.kill.stage import Stage
from simulations.chaos.kill.stores import Stores

_PER_TASK = 5
_DATABASE_EVERY = 4
"""Of so many schedules, one is on PostgreSQL."""


@dataclass(frozen=True, slots=True)
class Kill:
    """A campaign each of whose trials is one schedule of processes that are killed."""

    name: str = "kill"

    def run(self, size: int, seed: int, jobs: int, progress: Progress) -> Result:
        """See `Campaign`. What was killed when is drawn from the seed; what it was doing then is not."""
        end = seed + size
        tasks = [range(first, min(first + _PER_TASK, end)) for first in range(seed, end, _PER_TASK)]
        results = []
        with ExitStack() as stack:
            folder = stack.enter_context(temporary("gebot-kill-"))
            asks = any(on_database(one) for one in range(seed, end))
            server = stack.enter_context(postgresql()) if asks else None
            # Workers that are started anew have one thread, so that they may fork.
            pool = stack.enter_context(ProcessPoolExecutor(jobs, mp_context=get_context("spawn")))
            done = pool.map(_schedules, tasks, [folder] * len(tasks), [server] * len(tasks))
            for task, result in zip(tasks, done, strict=True):
                results.append(result)
                progress(len(task))
        found = merged(results)
        assert found.useful is not None, "every schedule says what it did"
        return replace(found, tallies=(*found.tallies, enough_done(found.useful)))

    def replay(self, seed: int) -> Iterable[str]:
        """The schedule of this seed once more: the same dooms, though not at the same instruction."""
        told: list[str] = []
        with ExitStack() as stack:
            folder = stack.enter_context(temporary("gebot-kill-"))
            server = stack.enter_context(postgresql()) if on_database(seed) else None
            stack.enter_context(quiet())
            shown = schedule(seed, Stores(folder, server, "kill_replay"), told.append)
        told += [f"BROKEN: {one.invariant}: {one.words}" for one in shown.book.breaches]
        told += [f"BROKEN: {KEPT}: {words}" for words in shown.memory.lost]
        told += [f"BROKEN: {WHOLE}: {words}" for words in shown.memory.broken]
        return [*told, f"{shown.book.applied} of {shown.book.intents} approved changes were applied"]


KILL = Kill()


@dataclass(frozen=True, slots=True)
class Shown:
    """What one schedule has shown, or an hour of soak."""

    company: Company
    recovery_s: Sequence[float]
    store: str
    recovery_cpu_s: Sequence[float] = ()

    @property
    def book(self) -> Book:
        return self.company.world.book

    @property
    def memory(self) -> Memory:
        return self.company.memory


def on_database(seed: int) -> bool:
    """Whether the schedule of this seed is on PostgreSQL, where there is one."""
    return seed % _DATABASE_EVERY == _DATABASE_EVERY - 1


def schedule(seed: int, stores: Stores, tell: Callable[[str], None]) -> Shown:
    """Live through the schedule of this seed."""
    store = stores.store(database=on_database(seed))
    dooms = Dooms.drawn(seed)
    tell(f"on {store.name}, {1 + dooms.two} at a time; {', '.join(map(str, dooms.of_lives))}")
    stage = Stage(store, dooms, seed, tell)
    stage.run()
    return Shown(stage.company, stage.recovery_s, store.name, stage.recovery_cpu_s)


def result(shown: Sequence[tuple[int, Shown]]) -> Result:
    """What so many schedules have shown, by their seeds."""
    found = result_of((seed, one.book) for seed, one in shown)
    on = [one.store for _, one in shown]
    return replace(
        found,
        tallies=(
            *found.tallies,
            _tally(
                KEPT,
                [(seed, len(one.memory.acknowledged), one.memory.lost) for seed, one in shown],
            ),
            _tally(WHOLE, [(seed, 1, one.memory.broken) for seed, one in shown]),
        ),
        recovery_s=tuple(second for _, one in shown for second in one.recovery_s),
        counts=(
            *found.counts,
            *(Count(f"schedules on {name}", on.count(name)) for name in sorted(set(on))),
            *_computed([second for _, one in shown for second in one.recovery_cpu_s]),
        ),
    )


def _computed(recovery_cpu_s: Sequence[float]) -> Iterator[Count]:
    """What recoveries cost: a clock on the wall tells more of a busy machine than of them."""
    if recovery_cpu_s:
        yield Count("recoveries", len(recovery_cpu_s))
        yield Count("ms of CPU for all of them", round(sum(recovery_cpu_s) * 1000))


def _tally(invariant: str, found: Sequence[tuple[int, int, list[str]]]) -> Tally:
    broken = tuple(seed for seed, _, words in found if words)
    return Tally(
        invariant, sum(n for _, n, _ in found), sum(len(words) for _, _, words in found), broken[:SEEDS_KEPT]
    )


def _schedules(seeds: range, folder: Path, server: Server | None) -> Result:
    """In a worker: one schedule after the other, in a process that is warm and forks."""
    stores = _stores(folder, server)
    with quiet():
        return result([(seed, schedule(seed, stores, _nobody)) for seed in seeds])


@cache
def _stores(folder: Path, server: Server | None) -> Stores:
    gc.collect()
    gc.freeze()
    return Stores(folder, server, f"kill_{os.getpid()}")


def _nobody(words: str) -> None:
    """Nobody replays it."""
