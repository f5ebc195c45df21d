"""Chance: draws that are monotone in their mean and follow their law."""

from math import exp, factorial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulations.chance import delay_table, gamma_table, poisson, sequence


@pytest.mark.parametrize("mean", [0.05, 0.7, 3.0, 11.9, 12.1, 40.0, 900.0])
def test_poisson_counts_have_the_mean_and_variance_of_their_law(mean: float) -> None:
    luck = np.random.default_rng(1).standard_normal(60_000)

    counts = poisson(np.full(len(luck), mean), luck)

    assert counts.mean() == pytest.approx(mean, abs=5 * np.sqrt(mean / len(luck)))
    assert counts.var() == pytest.approx(mean, rel=0.05)


def test_small_poisson_counts_are_as_frequent_as_their_law_says() -> None:
    luck = np.random.default_rng(2).standard_normal(60_000)

    counts = poisson(np.full(len(luck), 2.5), luck)

    law = [exp(-2.5) * 2.5**k / factorial(k) for k in range(8)]
    np.testing.assert_allclose(np.bincount(counts, minlength=8)[:8] / len(luck), law, atol=0.006)


@given(low=st.floats(0, 300), more=st.floats(0, 300), luck=st.floats(-4, 4))
def test_a_higher_mean_never_gives_fewer(low: float, more: float, luck: float) -> None:
    """The same luck buys more with more money; where the formula changes it may be off by one."""
    few, many = poisson(np.array([low, low + more]), np.array([luck, luck]))

    across_the_seam = low < 12 <= low + more
    assert 0 <= few <= many + across_the_seam


def test_a_sequence_can_be_read_at_any_position() -> None:
    starts = np.full(5, 42, dtype=np.uint64)

    numbers = sequence(starts, np.arange(5, dtype=np.uint64))
    third = sequence(starts[:1], np.array([2], dtype=np.uint64))

    assert numbers[2] == third[0]
    assert len(set(numbers.tolist())) == 5


def test_sequences_begin_as_published() -> None:
    """SplitMix64 from 1234567, as in the test vectors of its reference implementation."""
    numbers = sequence(np.full(2, 1234567, dtype=np.uint64), np.arange(2, dtype=np.uint64))

    assert numbers.tolist() == [6457827717110365317, 3203168211198807973]


def test_order_values_have_mean_one_and_their_variation() -> None:
    table = gamma_table(0.7)

    assert table.mean() == pytest.approx(1.0)
    assert table.std() == pytest.approx(0.7, rel=1e-3)


def test_delays_are_as_frequent_as_their_formula_says() -> None:
    table = delay_table(0.35, 0.18, 28)

    shares = np.bincount(table) / len(table)

    assert len(shares) == 29
    assert shares[0] == pytest.approx(0.35, abs=1e-4)
    assert shares[2] / shares[1] == pytest.approx(0.82, rel=1e-3)
