"""The market: the same luck for everybody, and the moments that its formulas promise."""

from dataclasses import fields
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulations.market import Market, Outcome
from simulations.worlds import WORLDS, World

FIRST_DAY = date(2026, 1, 1)


def market(world: str = "base", seed: int = 1) -> Market:
    return Market(WORLDS[world], seed, FIRST_DAY)


def reference(of: Market) -> np.ndarray:
    return of.campaigns.reference.astype(np.int64)


def same(one: Outcome, other: Outcome) -> bool:
    return all(
        np.array_equal(getattr(one, field.name), getattr(other, field.name), equal_nan=True)
        for field in fields(Outcome)
    )


def test_a_day_is_the_same_in_whatever_order_days_are_asked() -> None:
    """Purity: (seed, world, day, budgets) decide alone."""
    forwards, backwards = market(), market()

    ahead = [forwards.outcome(day, reference(forwards)) for day in range(150)]
    back = [backwards.outcome(day, reference(backwards)) for day in reversed(range(150))]

    assert all(same(one, other) for one, other in zip(ahead, reversed(back), strict=True))


@pytest.mark.parametrize("seed", range(3))
def test_the_budget_of_one_campaign_does_not_touch_the_luck_of_another(seed: int) -> None:
    """Every policy meets the same market, campaign by campaign."""
    drawn = market(seed=seed)
    budgets = reference(drawn)
    changed = budgets.copy()
    changed[7] *= 3

    before, after = drawn.outcome(5, budgets), drawn.outcome(5, changed)

    others = np.arange(len(drawn)) != 7
    assert before.cost_micros[7] != after.cost_micros[7]
    for field in fields(Outcome):
        one, other = getattr(before, field.name)[others], getattr(after, field.name)[others]
        np.testing.assert_array_equal(one, other)


def test_another_seed_is_another_market() -> None:
    assert not np.array_equal(reference(market(seed=1)), reference(market(seed=2)))


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 50),
    day=st.integers(0, 200),
    factors=st.lists(st.floats(0.0, 20.0), min_size=20, max_size=20),
)
def test_no_day_costs_more_than_its_budget(seed: int, day: int, factors: list[float]) -> None:
    """Nor more clicks than impressions, nor more conversions than clicks."""
    drawn = market(seed=seed)
    budgets = (reference(drawn) * np.array(factors)).astype(np.int64)

    outcome = drawn.outcome(day, budgets)

    assert (outcome.cost_micros <= budgets).all()
    assert (outcome.cost_micros % 10_000 == 0).all()
    assert (outcome.value_micros % 10_000 == 0).all()
    assert (outcome.clicks <= outcome.impressions).all()
    assert (outcome.conversions.sum(axis=1) <= outcome.clicks).all()
    assert ((outcome.value_micros > 0) == (outcome.conversions > 0)).all()


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 50), day=st.integers(0, 90), share=st.floats(0.0, 1.0))
def test_part_of_a_day_never_brings_more_than_the_whole(seed: int, day: int, share: float) -> None:
    """So figures of a running day only grow."""
    drawn = market(seed=seed)
    flow = drawn.flow(day, reference(drawn))

    part, whole = drawn.realise(day, flow.times(share)), drawn.realise(day, flow)

    assert (part.cost_micros <= whole.cost_micros).all()
    assert (part.conversions <= whole.conversions).all()
    assert (part.value_micros <= whole.value_micros).all()


def test_nothing_is_bought_without_a_budget() -> None:
    drawn = market()

    outcome = drawn.outcome(3, np.zeros(20, dtype=np.int64))

    assert outcome.cost_micros.sum() == outcome.impressions.sum() == outcome.conversions.sum() == 0
    assert np.isnan(outcome.reach).all()


def test_days_before_the_first_do_not_exist() -> None:
    with pytest.raises(ValueError, match="starts on day 0"):
        market().outcome(-1, np.zeros(20, dtype=np.int64))


def test_draws_have_the_moments_of_their_formulas() -> None:
    """Many campaigns at once: reference spend, cost per click, return, lag, order values."""
    n = 6000
    world = Market(World(n_campaigns=n, volume_drift=0.0, rate_drift=0.0, jump_hazard=0.0), 3, FIRST_DAY)
    drawn = world.campaigns
    search = drawn.channel == 0

    spend = np.log(drawn.reference / 1e6)
    cost_per_click = np.log(drawn.reference / 1e6 / drawn.clicks)
    orders = np.log(drawn.order_value[search] / 1e6)

    assert spend.mean() == pytest.approx(np.log(100), abs=0.04)
    assert spend.std() == pytest.approx(0.8, abs=0.03)
    assert cost_per_click[search].mean() == pytest.approx(np.log(2.0), abs=0.03)
    assert orders.mean() == pytest.approx(np.log(90.0), abs=0.04)
    assert orders.std() == pytest.approx(0.4, abs=0.03)
    assert np.bincount(drawn.channel) / n == pytest.approx(np.full(4, 0.25), abs=0.03)


def test_clicks_conversions_and_values_have_the_means_of_their_formulas() -> None:
    """Over many campaigns and days, realised sums come to what the flow promises."""
    n = 3000
    drawn = Market(World(n_campaigns=n), 4, FIRST_DAY)
    budgets = reference(drawn)
    expected_clicks = expected_conversions = expected_value = 0.0
    clicks = conversions = value = 0
    by_delay = np.zeros(29)

    for day in range(6):
        flow, outcome = drawn.flow(day, budgets), drawn.outcome(day, budgets)
        buyers = flow.clicks * drawn.rate(day)
        expected_clicks += flow.clicks.sum()
        expected_conversions += buyers.sum()
        expected_value += (buyers * drawn.campaigns.order_value).sum()
        clicks += outcome.clicks.sum()
        conversions += outcome.conversions.sum()
        value += outcome.value_micros.sum()
        by_delay += outcome.conversions[drawn.campaigns.channel == 0].sum(axis=0)

    assert clicks == pytest.approx(expected_clicks, rel=0.005)
    assert conversions == pytest.approx(expected_conversions, rel=0.01)
    assert value == pytest.approx(expected_value, rel=0.02)
    shares = by_delay / by_delay.sum()
    assert shares[:3] == pytest.approx([0.6, 0.16, 0.096], abs=0.01)


def test_daily_noise_has_the_spread_of_its_formula() -> None:
    """Log clicks per mean clicks vary by 0.12 alone and 0.08 together; money by 0.03 one-sided."""
    drawn = Market(World(n_campaigns=400, volume_drift=0.0), 5, FIRST_DAY)
    budgets = reference(drawn)
    flows = [drawn.flow(day, budgets) for day in range(60)]

    luck = np.log([drawn.flow(day, budgets).clicks for day in range(60)])
    kept = np.array([flow.cost for flow in flows]) / budgets
    same_weekday = luck[7:] - luck[:-7]  # the weekday factor cancels

    assert same_weekday.std() / np.sqrt(2) == pytest.approx(np.hypot(0.12, 0.08), rel=0.1)
    unspent = -np.log(kept[kept < 1.0])
    assert np.median(unspent) == pytest.approx(0.03 * 0.6745, rel=0.1)


def test_conversion_rates_jump_as_often_as_the_hazard_says() -> None:
    """Without walks and shifts, what changes is a jump."""
    drawn = Market(World(n_campaigns=2000, rate_drift=0.0), 6, FIRST_DAY)
    logs = np.log([drawn._paths.rate(day) for day in range(91)])

    steps = np.diff(logs, axis=0)

    jumps = steps[np.abs(steps) > 1e-12]
    assert len(jumps) / steps.size == pytest.approx(1 / 90, rel=0.05)
    assert jumps.std() == pytest.approx(0.4, rel=0.05)


def test_volume_walks_as_far_as_its_drift_says() -> None:
    drawn = Market(World(n_campaigns=3000), 7, FIRST_DAY)

    week = np.log(drawn.volume(84)) - np.log(drawn.volume(77))

    assert week.std() == pytest.approx(0.02 * np.sqrt(7), rel=0.05)


@pytest.mark.parametrize(
    ("world", "attribute", "factor"),
    [("A4", "rate", 0.1), ("A4", "order_value", 10.0), ("A6", "reference", 1.0)],
)
def test_worlds_differ_from_the_base_in_what_they_name(world: str, attribute: str, factor: float) -> None:
    """The rest of the draw is the same, so worlds can be compared in pairs."""
    base, other = market(), market(world)

    ratio = getattr(other.campaigns, attribute) / getattr(base.campaigns, attribute)

    np.testing.assert_allclose(ratio, factor)


def test_the_pot_and_its_bounds_follow_the_pot_factor() -> None:
    base, poor = market("A1"), market("A6")

    assert poor.pot_micros == pytest.approx(0.4 * base.pot_micros, abs=1)
    assert base.low_micros == pytest.approx(0.05 * base.pot_micros / 20, abs=1)
    assert base.high_micros == pytest.approx(5 * base.pot_micros / 20, abs=1)


def test_the_still_world_reports_at_once_and_does_not_move() -> None:
    """A2: no drift, no jumps, no lag."""
    still = market("A2")

    outcome = still.outcome(40, reference(still))

    assert outcome.conversions[:, 1:].sum() == 0
    np.testing.assert_array_equal(still.rate(0), still.rate(88))
    np.testing.assert_array_equal(still.volume(0), still.volume(84))


def test_there_is_a_world_for_each_row_of_the_benchmark() -> None:
    assert set(WORLDS) == {"base", *(f"A{number}" for number in range(1, 11))}
    assert (WORLDS["A3"].n_campaigns, WORLDS["A9"].n_campaigns) == (5, 100)
    assert WORLDS["A5"].jump_hazard == pytest.approx(1 / 30)
    assert (WORLDS["A8"].history_days, WORLDS["A8"].history_jitter) == (28, 0.1)
    assert (WORLDS["A10"].campaign_noise, WORLDS["A10"].shortfall) == (0.3, 0.06)
