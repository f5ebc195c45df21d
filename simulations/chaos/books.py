"""Books: what many schedules have shown, added up into one result."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import TypeAlias

from simulations.chaos.findings import SEEDS_KEPT, Count, Result, Tally, Useful
from simulations.chaos.invariants import Book, Invariant

Tell: TypeAlias = Callable[[str], None]


def result_of(books: Iterable[tuple[int, Book]]) -> Result:
    """One result of the books of many seeds."""
    trials: Counter[Invariant] = Counter()
    broken: Counter[Invariant] = Counter()
    seeds: dict[Invariant, dict[int, None]] = {invariant: {} for invariant in Invariant}
    counts: Counter[str] = Counter()
    applied = intents = 0
    for seed, book in books:
        trials.update(book.trials)
        counts.update(book.counts)
        counts["schedules"] += 1
        applied, intents = applied + book.applied, intents + book.intents
        for breach in book.breaches:
            broken[breach.invariant] += 1
            seeds[breach.invariant][seed] = None
    return Result(
        tuple(
            Tally(invariant, trials[invariant], broken[invariant], tuple(seeds[invariant])[:SEEDS_KEPT])
            for invariant in Invariant
        ),
        Useful(applied, intents),
        counts=tuple(Count(name, number) for name, number in sorted(counts.items())),
    )
