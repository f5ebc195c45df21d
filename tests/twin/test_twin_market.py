"""The twin as a market: pure, monotone, and its clairvoyant is the best there is."""

import numpy as np
from fitted import history

from simulations.twin.elasticity import elasticities
from simulations.twin.market import TwinMarket
from simulations.twin.oracle import expectation

SEEDS = 60


def market(seed: int = 1) -> TwinMarket:
    made = history()
    return TwinMarket(made, elasticities(made), seed, habit=np.ones((0, 3)))


def test_a_day_is_the_same_whenever_it_is_asked() -> None:
    """Policies meet the same luck, in whatever order days are looked at."""
    one, other = market(), market()
    budgets = np.array([90e6, 110e6, 70e6])

    for day in (5, 20, 5, 0):
        first, second = one.outcome(day, budgets), other.outcome(day, budgets)
        np.testing.assert_array_equal(first.conversions, second.conversions)
        np.testing.assert_array_equal(first.value_micros, second.value_micros)


def test_more_money_never_brings_less() -> None:
    """The same luck, more of it."""
    twin = market()

    for day in range(0, 50, 7):
        small, large = (twin.outcome(day, np.full(3, money)) for money in (40e6, 120e6))
        assert (large.clicks >= small.clicks).all()
        assert (large.conversions >= small.conversions).all()
        assert (large.cost_micros > small.cost_micros).all()


def test_the_mean_curves_are_the_mean_of_what_happens() -> None:
    """Within 4 % over 60 draws and 56 days."""
    made, days = history(), np.arange(56)
    budgets = np.array([60e6, 100e6, 140e6])
    believed = elasticities(made)
    got, due = np.zeros(3), np.zeros(3)
    for seed in range(SEEDS):
        twin = TwinMarket(made, believed, seed, habit=np.ones((0, 3)))
        due += expectation(twin, days).value(budgets).sum(axis=0)
        got += sum(twin.outcome(int(day), budgets).value_micros.sum(axis=1) for day in days[::7]) * 7.0

    np.testing.assert_allclose(got / due, 1.0, atol=0.04)


def test_the_clairvoyant_keeps_to_the_pot_and_beats_every_other_split() -> None:
    """Hundreds of random splits of the same pot bring less."""
    truth, rows = expectation(market(), np.arange(56)), np.arange(3)
    pot = 300e6

    best = truth.best(pot, rows)

    assert (best.sum(axis=1) <= pot * (1 + 1e-9)).all()
    assert (best.sum(axis=1) >= pot * 0.999).all()
    top = truth.value(best).sum(axis=1)
    rng = np.random.default_rng(2)
    for shares in rng.dirichlet(np.ones(3), 300):
        assert (truth.value(shares * pot).sum(axis=1) <= top * (1 + 1e-9)).all()


def test_a_pot_beyond_what_can_be_spent_is_not_spent() -> None:
    """Each row gets its most, and no more."""
    truth, rows = expectation(market(), np.arange(56)), np.arange(3)

    best = truth.best(1e15, rows)

    np.testing.assert_allclose(best, truth.most / truth.use, rtol=1e-6)
