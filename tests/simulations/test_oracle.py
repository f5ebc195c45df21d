"""The oracle: nobody does better in expectation."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from simulations.market import Market
from simulations.oracle import expectation, mean_value, optimum
from simulations.worlds import BASE, WORLDS

DAYS = range(0, 60, 7)


@pytest.mark.parametrize("world", sorted(WORLDS))
@pytest.mark.parametrize("seed", range(3))
def test_the_optimum_keeps_pot_and_bounds(world: str, seed: int) -> None:
    market = Market(WORLDS[world], seed, date(2026, 1, 1))

    best = optimum(market, DAYS)

    assert (best.budgets.sum(axis=1) <= market.pot_micros).all()
    assert (best.budgets >= market.low_micros).all()
    assert (best.budgets <= market.high_micros).all()


@pytest.mark.parametrize("seed", range(5))
def test_no_other_split_of_the_pot_is_worth_more(seed: int) -> None:
    """Equal, and a thousand splits near the optimum and far from it."""
    market = Market(BASE, seed, date(2026, 1, 1))
    best = optimum(market, [10])
    rng = np.random.default_rng(seed)
    near = best.budgets * np.exp(0.1 * rng.standard_normal((500, 20)))
    far = rng.dirichlet(np.ones(20), 500) * market.pot_micros
    others = np.clip(np.vstack([near, far]), market.low_micros, market.high_micros)
    others *= np.minimum(1.0, market.pot_micros / others.sum(axis=1, keepdims=True))

    values = mean_value(market, 10, others).sum(axis=1)

    equal = mean_value(market, 10, np.full(20, market.pot_micros // 20)).sum()
    assert values.max() <= best.value[0] * (1 + 1e-9)
    assert equal < 0.97 * best.value[0]


def test_the_optimum_is_exact() -> None:
    """Moving 1 % of a budget from any campaign to any other gains less than 1e-6."""
    market = Market(WORLDS["A3"], 2, date(2026, 1, 1))
    best = optimum(market, [4]).budgets[0]
    value = mean_value(market, 4, best).sum()

    for giver in range(5):
        for taker in set(range(5)) - {giver}:
            moved = best.copy()
            step = min(best[giver] // 100, best[giver] - market.low_micros, market.high_micros - best[taker])
            moved[giver] -= step
            moved[taker] += step
            assert mean_value(market, 4, moved).sum() <= value * (1 + 1e-6)


def test_a_pot_below_the_low_bounds_is_refused() -> None:
    market = Market(BASE, 1, date(2026, 1, 1))

    with pytest.raises(ValueError, match="do not fit into a pot"):
        optimum(market, [0], pot_micros=100, low_micros=10)


def test_realised_value_comes_to_the_expected_value() -> None:
    """Over 2,000 campaigns and ten days, within the margin of heavy-tailed order values."""
    market = Market(replace(BASE, n_campaigns=2000), 8, date(2026, 1, 1))
    budgets = market.campaigns.reference.astype(np.int64)

    realised = sum(market.outcome(day, budgets).value_micros.sum() for day in range(10))

    expected = expectation(market, range(10)).value(budgets).sum()
    assert realised == pytest.approx(expected, rel=0.03)


def test_expected_value_rises_and_bends_down_with_the_budget() -> None:
    market = Market(BASE, 3, date(2026, 1, 1))
    budgets = np.linspace(0.1, 4.0, 40)[:, None] * market.campaigns.reference

    values = mean_value(market, 0, budgets)

    steps = np.diff(values, axis=0)
    assert (steps >= -1e-6).all()
    assert (np.diff(steps, axis=0) <= 1e-6 * values.max()).all()
