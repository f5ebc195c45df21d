"""The speed figures measure what they say."""

import math
import sys

import numpy as np
import pytest

from simulations.speed import decisions, draws, lives
from simulations.speed.__main__ import table
from simulations.speed.allocations import hills, solved, tabulated
from simulations.speed.stopwatch import median_ms, timing
from strategies.response.allocation import allocate
from strategies.thompson_budget import ThompsonBudget


@pytest.mark.parametrize("n", [3, 100, 3000])
def test_the_allocation_is_within_a_ten_thousandth_of_the_exact_optimum(n: int) -> None:
    """On curves whose optimum is known in closed form; pot and bounds kept."""
    exact = hills(n, seed=n)

    spend = allocate(tabulated(exact), exact.low, exact.high, exact.amount).spend

    assert exact.gap(spend) <= 1e-4
    assert spend.sum() <= exact.amount * (1 + 1e-9)
    assert (spend >= exact.low * (1 - 1e-9)).all() and (spend <= exact.high * (1 + 1e-9)).all()


def test_the_exact_optimum_beats_every_other_split() -> None:
    """The yardstick itself: money moved between any two campaigns loses value; SLSQP agrees."""
    exact = hills(8)
    best = exact.best()
    rng = np.random.default_rng(1)

    for _ in range(200):
        one, other = rng.choice(8, 2, replace=False)
        moved = best.copy()
        step = 0.1 * rng.random() * best[one]
        moved[one], moved[other] = moved[one] - step, moved[other] + step
        inside = (moved >= exact.low).all() and (moved <= exact.high).all()
        assert not inside or exact.value(moved) <= exact.value(best) * (1 + 1e-12)
    assert abs(exact.gap(solved(exact))) < 1e-6
    assert best.sum() == pytest.approx(exact.amount, rel=1e-9)


def test_what_is_spent_above_the_pot_counts_for_nothing() -> None:
    """Nobody is fast by overspending."""
    exact = hills(8)

    assert exact.gap(exact.best() * 1.01) == 1.0


def test_the_decision_that_is_timed_moves_budgets() -> None:
    """An account on which the strategy found nothing to do would be fast for the wrong reason."""
    proposals = list(ThompsonBudget("thompson").propose(decisions.account(50), np.random.default_rng(1)))

    assert len(proposals) > 20
    assert all(one.evidence.posterior is not None for one in proposals)


def test_peers_that_are_not_installed_are_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """A row without a figure and with what to do."""
    monkeypatch.setitem(sys.modules, "mabwiser", None)
    monkeypatch.setitem(sys.modules, "bayesianbandits", None)

    ours, *peers = draws.timings()

    assert ours["ms"] > 0
    assert [one["who"] for one in peers] == ["mabwiser", "bayesianbandits"]
    assert all(math.isnan(one["ms"]) and "make peers" in one["note"] for one in peers)


def test_whole_lives_are_timed_with_and_without_guardrails() -> None:
    """A short one of each runs through."""
    bare, guarded = lives.timings(n_days=15, lived=1)

    assert bare["ms"] > 0 and guarded["ms"] > 0
    assert "from 1 seeds" in bare["note"]


def test_a_missed_goal_is_said() -> None:
    """Beside the figure."""
    found = table([timing("draw", "1 arm", "us", 2.0, goal_ms=1.0), timing("draw", "1 arm", "them", 3.0)])

    assert list(found.columns[4].cells) == ["1.0 missed", ""]


def test_the_median_of_five_is_per_call() -> None:
    """One run before them warms up."""
    calls = []

    ms = median_ms(lambda: calls.append(1), times=3)

    assert len(calls) == 18 and ms >= 0
