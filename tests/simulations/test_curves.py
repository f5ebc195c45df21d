"""Response curves: they rise, bend down, and their slopes can be inverted."""

import numpy as np
import pytest

from simulations.curves import Curves, draw_curves

GRID = np.linspace(0.02, 12.0, 600)[:, None]


@pytest.fixture(scope="module")
def curves() -> Curves:
    return draw_curves(np.random.default_rng(1), 200)


def test_every_family_is_drawn(curves: Curves) -> None:
    assert all(30 <= len(rows) <= 70 for rows in curves.rows)


def test_curves_pass_through_one_at_the_reference_spend(curves: Curves) -> None:
    np.testing.assert_allclose(curves.at(np.ones(200)), 1.0)


def test_curves_start_at_nothing(curves: Curves) -> None:
    np.testing.assert_allclose(curves.at(np.zeros(200)), 0.0, atol=1e-12)


def test_curves_rise_and_bend_down_until_their_cap(curves: Curves) -> None:
    """More money buys more, each next unit less; beyond the cap it buys nothing."""
    height = curves.at(GRID + np.zeros(200))

    steps = np.diff(height, axis=0)
    inside = GRID[1:] < curves.cap
    assert (steps[inside] > 0.0).all()
    assert (np.diff(steps, axis=0) <= 1e-9).all()
    np.testing.assert_allclose(curves.at(2 * curves.cap), curves.top)


def test_a_ratio_is_found_by_its_slope(curves: Curves) -> None:
    """`ratio_at` inverts the derivative."""
    ratio = np.full(200, 0.7)
    slope = (curves.at(ratio + 1e-6) - curves.at(ratio - 1e-6)) / 2e-6

    found = curves.ratio_at(slope)

    np.testing.assert_allclose(found, ratio, rtol=1e-4)
