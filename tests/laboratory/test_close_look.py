"""A close look: ranges are held against what the market truly does."""

import numpy as np

from simulations.laboratory.budgets.look import look, look_under_target
from simulations.laboratory.budgets.policies import OURS
from simulations.laboratory.close_look import LEVELS, Ranges, coverage_of_effects, coverage_of_values
from simulations.laboratory.looks import worth_a_look
from simulations.laboratory.trial import Trial

_NORMAL_90 = 1.2815515655446004


def test_ranges_of_an_honest_forecaster_hold_as_often_as_they_say() -> None:
    """Truths drawn from the belief itself: within three standard errors at every level."""
    n = 4000
    luck = np.random.default_rng(1).standard_normal(n)
    spread = np.linspace(0.1, 1.0, n)

    effects = coverage_of_effects(
        Ranges(np.zeros(n), -_NORMAL_90 * spread, _NORMAL_90 * spread, truth=spread * luck)
    )
    values = coverage_of_values(
        Ranges(
            np.ones(n), np.exp(-_NORMAL_90 * spread), np.exp(_NORMAL_90 * spread), truth=np.exp(spread * luck)
        )
    )

    for found in (effects, values):
        assert found.asked == n
        assert (np.abs(found.share() - LEVELS) < 3 * np.sqrt(LEVELS * (1 - LEVELS) / n)).all()


def test_ranges_that_are_half_as_wide_hold_too_seldom() -> None:
    """An 80 % range at half its width is one of 48 %."""
    luck = np.random.default_rng(2).standard_normal(4000)
    half = np.full(4000, 0.5 * _NORMAL_90)

    found = coverage_of_effects(Ranges(np.zeros(4000), -half, half, truth=luck))

    assert abs(found.at(0.8) - 0.478) < 0.025


def test_ranges_without_width_are_not_counted() -> None:
    """Nothing was said, so nothing can have held."""
    nothing = coverage_of_values(Ranges(*(np.zeros(3) for _ in range(4))))

    assert nothing.asked == 0 and np.isnan(nothing.share()).all()


def test_a_close_look_sees_where_the_money_went() -> None:
    """Shares of the pot by day and campaign, of ours and of the oracle, and ranges of most proposals."""
    trial = Trial("A", OURS, "A3", 5, 20)

    found = look(trial)

    assert found.chosen.shape == found.best.shape == (20, 5)
    np.testing.assert_allclose(found.best.sum(axis=1), 1.0, atol=1e-6)
    assert (found.chosen.sum(axis=1) <= 1.0).all()
    assert 0 < found.posterior.asked <= 100 and 0 < found.effect.asked <= 100
    assert (np.diff(found.posterior.held) >= 0).all()


def test_under_a_target_the_oracle_leaves_money_unspent() -> None:
    """Shares are of the pot, which a target does not let anybody use up."""
    found = look_under_target(Trial("C", OURS, "C1", 5, 16))

    assert found.best.shape == (16, 20) and found.best.sum(axis=1).max() < 1.0
    assert found.posterior.asked > 0


def test_only_ours_and_only_the_first_seeds_are_looked_at() -> None:
    """Living through a trial twice costs time; a baseline says nothing of itself."""
    chosen = [Trial("A", policy, "A1", seed, 20) for seed in (9, 7, 8) for policy in (OURS, "equal")]

    some = worth_a_look(chosen, OURS, 2)

    assert {(trial.policy, trial.seed) for trial in some} == {(OURS, 7), (OURS, 8)}
