"""Growth: whether what a process holds is flat, from what it told again and again for a long time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import median

from scipy.stats import theilslopes  # type: ignore[import-untyped]  # scipy ships no types

from simulations.chaos.findings import Tally

FLAT_KIB_AN_HOUR = 4096
"""Called flat: in an hour of soak some 1,300 days of an account go by, so it is 3 KiB for each of them.

Not nought: what an account's readings of metrics covered is read whole, 0.4 KiB for each; three a day here.
"""
FLAT_DESCRIPTORS_AN_HOUR = 1
_WARM = 0.25
"""Share of a life in which caches fill; a decision of each kind has been made long before."""
_LEAST_S = 1200.0
"""A life shorter than that says nothing about an hour."""
_STEP_S = 30.0


@dataclass(frozen=True, slots=True)
class Sample:
    """What a process held at a moment of its life."""

    life: int
    age_s: float
    rss_kib: int
    descriptors: int


@dataclass(frozen=True, slots=True)
class Growth:
    """How much a value grew in an hour of one life.

    Attributes:
        low, high: Where the true slope lies in 19 of 20 cases, were each half minute drawn for itself.
        first, last: The value of the first half minute that counts, and of the last one.
        n: Half minutes that counted.
    """

    an_hour: float
    low: float
    high: float
    first: float
    last: float
    n: int


def growth(samples: Sequence[Sample], value: Callable[[Sample], float]) -> Growth | None:
    """The slope of one life, by the median of each half minute after the first quarter.

    By Theil and Sen (1968): the median slope between any two; one leap does not bend it.

    Returns: None when there is too little to go by.
    """
    until_s = max((one.age_s for one in samples), default=0.0)
    warm = [one for one in samples if one.age_s >= _WARM * until_s]
    ages, values = [], []
    for step, some in groupby(warm, key=lambda one: one.age_s // _STEP_S):
        ages.append((step + 0.5) * _STEP_S / 3600)
        values.append(median(value(one) for one in some))
    if len(values) < 4:
        return None
    slope, _, low, high = theilslopes(values, ages, 0.95)
    return Growth(float(slope), float(low), float(high), values[0], values[-1], len(values))


def memory(sample: Sample) -> float:
    return sample.rss_kib


def descriptors(sample: Sample) -> float:
    return sample.descriptors


def tallies(samples: Sequence[Sample]) -> tuple[Tally, ...]:
    """Whether a life of more than 20 minutes was flat; no trial where none was as long."""
    found = []
    for words, value, flat in (
        (f"memory grows by less than {FLAT_KIB_AN_HOUR:,} KiB an hour", memory, FLAT_KIB_AN_HOUR),
        ("open files do not grow", descriptors, FLAT_DESCRIPTORS_AN_HOUR),
    ):
        grown = growth(samples, value) if samples and samples[-1].age_s >= _LEAST_S else None
        n = 0 if grown is None else grown.n
        found.append(Tally(words, n, int(grown is not None and grown.an_hour >= flat)))
    return tuple(found)
