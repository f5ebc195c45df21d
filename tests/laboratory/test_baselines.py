"""The baselines' own parts, held against slower and plainer ways to the same answer."""

from datetime import date
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.domain.entity import Numbers
from simulations.laboratory.budgets.baselines.log_log import fit_lines
from simulations.laboratory.budgets.baselines.proportional import Proportional
from simulations.laboratory.budgets.baselines.weekly_rule import WeeklyRule
from simulations.laboratory.budgets.diary import Diary
from simulations.laboratory.budgets.gaussian_process import Observations, regress
from simulations.laboratory.budgets.levels import Levels, levels
from simulations.laboratory.budgets.life import live
from simulations.laboratory.budgets.morning import Morning
from simulations.laboratory.budgets.sharing import shared
from simulations.laboratory.budgets.stage import stage_of
from simulations.market import Market
from simulations.worlds import WORLDS

FIRST_DAY = date(2025, 1, 6)


def mornings(n_days: int) -> tuple[Market, Morning]:
    """A market and its morning after `n_days` days of equal budgets."""
    market = Market(WORLDS["A1"], 4, FIRST_DAY)
    flat = np.full(20, market.pot_micros // 20)
    diary = Diary(stage_of(market, n_days + 1))
    for day in range(n_days):
        diary.enter(flat, market.outcome(day, flat))
    return market, diary.morning(n_days, flat)


@given(seed=st.integers(0, 10_000), n=st.integers(1, 4))
@settings(max_examples=40, deadline=None)
def test_the_knapsack_finds_what_trying_everything_finds(seed: int, n: int) -> None:
    """Exact, and within the pot."""
    rng = np.random.default_rng(seed)
    choices = Levels(np.array([1, 2, 4, 7]), 1000, room=n + int(rng.integers(0, 12)))
    worth = rng.normal(size=(n, 4))

    budgets = choices.best(worth)

    def worth_of(picked: tuple[int, ...]) -> float:
        return float(sum(worth[row, level] for row, level in enumerate(picked)))

    possible = [p for p in product(range(4), repeat=n) if choices.units[list(p)].sum() <= choices.room]
    chosen = tuple(int(np.flatnonzero(choices.units * 1000 == budget)[0]) for budget in budgets)
    assert budgets.sum() <= choices.room * 1000
    assert worth_of(chosen) == pytest.approx(max(map(worth_of, possible)))


def test_levels_stand_within_the_bounds_and_one_is_the_equal_share() -> None:
    """So that days of equal budgets are days of one arm."""
    market, morning = mornings(1)

    choices = levels(morning, 10)

    budgets = choices.units * choices.unit_micros
    assert budgets[0] == market.low_micros and market.high_micros * 0.98 < budgets[-1] <= market.high_micros
    assert 20 in choices.units
    assert (choices.nearest(budgets) == np.arange(len(budgets))).all()


def test_gathered_observations_give_the_textbook_posterior() -> None:
    """The same as a Gaussian process on single days (Rasmussen and Williams 2006, 2.25 and 2.26)."""
    rng = np.random.default_rng(1)
    places = np.log(np.array([1.0, 2.0, 5.0, 10.0]))
    level = rng.integers(4, size=30)
    heights = np.sqrt(np.exp(places))[level] * 0.3 + 0.1 * rng.standard_normal(30)
    played = level[:, None] == np.arange(4)
    seen = Observations(
        count=played.sum(axis=0, dtype=float)[None],
        total=(played * heights[:, None]).sum(axis=0)[None],
        square=(played * heights[:, None] ** 2).sum(axis=0)[None],
    )

    found = regress(places, seen, lengths=(1.0,), noises=(0.1,))

    kernel = np.exp(-0.5 * (places[:, None] - places) ** 2)
    across = kernel[:, level]
    noisy = kernel[np.ix_(level, level)] + 0.01 * np.eye(30)
    np.testing.assert_allclose(found.mean[0], across @ np.linalg.solve(noisy, heights), atol=1e-6)
    expected = kernel - across @ np.linalg.solve(noisy, across.T)
    np.testing.assert_allclose(found.covariance[0], expected, atol=1e-6)


def test_a_gaussian_process_picks_the_noise_that_the_data_have() -> None:
    """Marginal likelihood tells noisy campaigns from quiet ones."""
    rng = np.random.default_rng(2)
    places = np.linspace(0.0, 4.0, 5)
    days = rng.integers(5, size=200)
    played = days[:, None] == np.arange(5)
    quiet, noisy = (np.sin(places)[days] + deviation * rng.standard_normal(200) for deviation in (0.05, 0.4))
    heights = np.stack([quiet, noisy])
    seen = Observations(
        count=np.tile(played.sum(axis=0, dtype=float), (2, 1)),
        total=heights @ played,
        square=heights**2 @ played,
    )

    found = regress(places, seen, lengths=(1.0,), noises=(0.05, 0.4))

    deviation = found.deviation()
    np.testing.assert_allclose(found.mean[0], np.sin(places), atol=0.05)
    assert (deviation[1] > 3 * deviation[0]).all()


def test_the_mixed_model_finds_the_lines_and_draws_them_together() -> None:
    """Slopes of campaigns that vary in spend are found; one that never did takes the shared slope."""
    rng = np.random.default_rng(3)
    n, n_days = 12, 60
    slope = 0.6 + 0.1 * rng.standard_normal(n)
    level = 4.0 + rng.standard_normal(n)
    log_spend = rng.normal(size=(n, n_days))
    log_spend[0] = 0.0
    clicks = np.exp(level[:, None] + slope[:, None] * log_spend + 0.1 * rng.standard_normal((n, n_days)))

    lines = fit_lines(log_spend, clicks)

    np.testing.assert_allclose(lines.mean[1:, 1], slope[1:], atol=0.06)
    assert abs(lines.mean[0, 1] - slope[1:].mean()) < 0.1
    assert lines.covariance[0, 1, 1] > 5 * lines.covariance[1:, 1, 1].max()


@given(shares=st.lists(st.floats(0.0, 1e6), min_size=20, max_size=20))
@settings(max_examples=40, deadline=None)
def test_shares_become_budgets_within_pot_and_bounds(shares: list[float]) -> None:
    """Whatever the shares are."""
    market, morning = mornings(0)

    budgets = shared(morning, np.array(shares))

    assert budgets.sum() <= market.pot_micros
    assert (budgets >= market.low_micros).all() and (budgets <= market.high_micros).all()


def test_proportional_shares_are_in_proportion_to_roas_as_reported() -> None:
    """Away from the bounds, budgets relate as value over cost of 14 days do."""
    market, morning = mornings(20)

    budgets = Proportional().budgets(morning, np.random.default_rng(0))

    roas = morning.value[:, -14:].sum(axis=1) / morning.cost[:, -14:].sum(axis=1)
    inside = (budgets > market.low_micros * 1.01) & (budgets < market.high_micros * 0.99)
    assert inside.sum() > 10
    np.testing.assert_allclose((budgets / roas)[inside], (budgets / roas)[inside][0], rtol=1e-3)


def test_the_weekly_rule_moves_once_a_week_by_a_fifth() -> None:
    """Up and down by the same step; then everything is scaled to the pot."""
    market = Market(WORLDS["A1"], 4, FIRST_DAY)

    budgets: Numbers = live(stage_of(market, 10), WeeklyRule(), np.random.default_rng(0)).budgets

    assert np.ptp(budgets[:7], axis=0).max() <= 2
    steps = np.unique(np.round(budgets[7] / budgets[6], 3))
    assert len(steps) == 2 and steps[1] / steps[0] == pytest.approx(1.5, abs=0.01)
