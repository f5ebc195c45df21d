"""Findings: what a campaign of broken runs has counted, invariant by invariant."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

SEEDS_KEPT = 10
"""Seeds of failures that a tally names; the count goes on."""

Progress: TypeAlias = Callable[[int], None]
"""Told how many more trials are done. Called in the process that started the campaign."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How often one invariant was put to the test, and how often it broke.

    Attributes:
        invariant: A sentence that must be true, in lower case: "nothing is sent twice for one intent".
        seeds: Of the first violations; `gebot chaos --only CAMPAIGN --seed N` replays one.
    """

    invariant: str
    trials: int
    violations: int
    seeds: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Useful:
    """Work that got done in spite of all: a harness that does nothing must not pass."""

    applied: int
    intents: int

    @property
    def share(self) -> float | None:
        """None when nothing was intended."""
        return self.applied / self.intents if self.intents else None


@dataclass(frozen=True, slots=True)
class Count:
    """A figure that is no invariant: how many crashes, or late writes that hit a person's edit."""

    name: str
    number: int


@dataclass(frozen=True, slots=True)
class Result:
    """All that a campaign found.

    Attributes:
        recovery_s: Real seconds from each crash until the successor was reconciled and deciding.
    """

    tallies: tuple[Tally, ...]
    useful: Useful | None = None
    recovery_s: tuple[float, ...] = ()
    counts: tuple[Count, ...] = ()

    @property
    def violations(self) -> int:
        return sum(tally.violations for tally in self.tallies)


class Campaign(Protocol):
    """One way of breaking things, many times."""

    @property
    def name(self) -> str: ...

    def run(self, size: int, seed: int, jobs: int, progress: Progress) -> Result:
        """Break things `size` times, from this seed on, in so many processes.

        The same size and seed find the same, whatever `jobs` is, but for times.
        """
        ...


def merged(results: Sequence[Result]) -> Result:
    """The results of parts of one campaign as one; counts in the order of their names."""
    tallies: dict[str, Tally] = {}
    counts: dict[str, int] = {}
    for result in results:
        for one in result.tallies:
            before = tallies.get(one.invariant, Tally(one.invariant, 0, 0))
            tallies[one.invariant] = Tally(
                one.invariant,
                before.trials + one.trials,
                before.violations + one.violations,
                (before.seeds + one.seeds)[:SEEDS_KEPT],
            )
        for count in result.counts:
            counts[count.name] = counts.get(count.name, 0) + count.number
    useful = [result.useful for result in results if result.useful is not None]
    return Result(
        tuple(tallies.values()),
        Useful(sum(one.applied for one in useful), sum(one.intents for one in useful)) if useful else None,
        tuple(second for result in results for second in result.recovery_s),
        tuple(Count(name, number) for name, number in sorted(counts.items())),
    )
