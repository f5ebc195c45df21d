"""Growth: a process that keeps more and more is told from one whose caches fill."""

from collections.abc import Callable

import numpy as np
import pytest

from simulations.chaos.kill.growth import FLAT_KIB_AN_HOUR, Sample, descriptors, growth, memory, tallies

HOUR_S = 3600


def life(
    rss_kib: Callable[[float], float], n_files: Callable[[float], float] = lambda age: 11
) -> list[Sample]:
    """An hour of one process, told every two seconds, with leaps of a few pages up and down."""
    noise = np.random.default_rng(7)
    return [
        Sample(1, age, round(rss_kib(age) + 60 * float(noise.normal())), round(n_files(age)))
        for age in range(0, HOUR_S, 2)
    ]


def test_a_cache_that_fills_is_not_growth() -> None:
    """Ten MiB in the first minutes and nothing after them is flat."""
    samples = life(lambda age: 100_000 + 10_000 * min(age / 300, 1.0))

    grown = growth(samples, memory)

    assert grown is not None and abs(grown.an_hour) < 100
    assert [tally.violations for tally in tallies(samples)] == [0, 0]
    assert all(tally.trials > 80 for tally in tallies(samples))


def test_a_leak_of_a_few_kib_a_minute_is_found() -> None:
    """A hundred KiB a minute are six MiB an hour."""
    samples = life(lambda age: 100_000 + 100 * age / 60)

    grown = growth(samples, memory)

    assert grown is not None and grown.an_hour == pytest.approx(6000, rel=0.05)
    assert grown.low < 6000 < grown.high
    assert [tally.violations for tally in tallies(samples)] == [1, 0]


def test_open_files_that_grow_are_found() -> None:
    """One in ten minutes."""
    samples = life(lambda age: 100_000, lambda age: 11 + age // 600)

    grown = growth(samples, descriptors)

    assert grown is not None and grown.an_hour > 4
    assert [tally.violations for tally in tallies(samples)] == [0, 1]


def test_a_short_life_says_nothing() -> None:
    """What was not tried is not called flat."""
    samples = [one for one in life(lambda age: 100_000 + age * FLAT_KIB_AN_HOUR) if one.age_s < 600]

    assert [tally.trials for tally in tallies(samples)] == [0, 0]
    assert growth(samples[:5], memory) is None
