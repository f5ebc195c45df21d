"""Track C: budgets under a target, held against the best that keep to it."""

from datetime import date

import numpy as np
import pytest

from agent.cli.benchmark import benchmark
from simulations.laboratory.arena import run
from simulations.laboratory.budgets.stage import stage_of
from simulations.laboratory.kept import kept_of
from simulations.laboratory.tracks import TRACKS
from simulations.laboratory.trial import Promise, Trial
from simulations.market import Market
from simulations.oracle import best_of, expectation
from simulations.worlds import WORLDS

DAYS = 16


@pytest.mark.parametrize("policy", TRACKS["C"].policies)
@pytest.mark.parametrize("world", TRACKS["C"].worlds)
def test_every_policy_keeps_pot_and_bounds_under_a_target(policy: str, world: str) -> None:
    """And no day counts for more than the oracle's, however far below the target it was bought."""
    result = run(Trial("C", policy, world, 2, DAYS))

    assert result.violations == 0
    assert (result.value > 0.0).all() and (result.value <= 1.0).all()
    assert result.promise is not None and result.promise.due.shape == (DAYS,)


@pytest.mark.parametrize("seed", range(3))
def test_the_best_under_a_target_keeps_to_it_and_nothing_near_does_better(seed: int) -> None:
    """Random steps from the optimum either cost value or break pot or target."""
    market = Market(WORLDS["A3"], seed, date(2026, 1, 1))
    truth, bounds = expectation(market, [5]), stage_of(market, 1).bounds()
    free = best_of(truth, bounds)
    target = 1.2 * float(free.value[0] / truth.cost(free.budgets).sum())
    rng = np.random.default_rng(seed)

    best = best_of(truth, bounds, target)

    cost = truth.cost(best.budgets).sum()
    assert best.value[0] >= target * cost * (1 - 1e-6)
    assert best.value[0] < free.value[0]
    near = np.clip(best.budgets * np.exp(0.1 * rng.standard_normal((2000, 5))), bounds.low, bounds.high)
    values, costs = truth.value(near).sum(axis=1), truth.cost(near).sum(axis=1)
    allowed = (near.sum(axis=1) <= market.pot_micros) & (values >= target * costs)
    assert allowed.any() and values[allowed].max() <= best.value[0] * (1 + 1e-6)


def test_weeks_under_the_target_are_counted_from_day_15_on() -> None:
    """Two bad weeks of four; the bad warm-up and the days that fill no week do not count."""
    due = np.full(14 + 4 * 7 + 3, 100.0)
    earned = due.copy()
    earned[:14] = 10.0
    earned[14:28] = 94.9
    earned[-3:] = 10.0

    kept = kept_of([Promise(earned, due)])

    assert kept is not None and kept.weeks_under_target == 0.5
    assert kept_of([]) is None


def test_the_table_shows_how_the_target_was_kept(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Value alone would praise whoever overspends."""
    monkeypatch.setenv("COLUMNS", "160")

    benchmark(track="C", worlds="C1", policies="weekly_rule", seeds=1, days=21, jobs=1)

    shown = capsys.readouterr().out
    assert "ROAS / target" in shown and "weeks under 95 %" in shown
