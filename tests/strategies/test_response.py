"""Responses are learned from daily figures, and a pot is shared at equal marginal return."""

from dataclasses import replace

import numpy as np
import pytest
import sample
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.domain.portfolio import Goal
from agent.domain.snapshot import Snapshot
from strategies.budgets.pot import open_pot
from strategies.response.allocation import Target, allocate
from strategies.response.calendar import learn_calendar
from strategies.response.clicks import learn_clicks
from strategies.response.curves import Curves
from strategies.response.history import History, read_history
from strategies.response.lag import reported_share
from strategies.response.model import learn
from strategies.response.shapes import NODES, dictionary

SHAPES = dictionary()


def history_of(snapshot: Snapshot) -> History:
    return read_history(snapshot, open_pot(snapshot), 90)


def market(
    seed: int, elasticity: float, n: int = 8, n_days: int = 60, *, drift: float = 0.0, noise: float = 0.1
) -> Snapshot:
    """Clicks that grow as a power of spend, with noise and a drifting level."""
    rng = np.random.default_rng(seed)
    spend = 100.0 * np.exp(rng.normal(0.0, 0.5, (n, n_days)))
    level = np.exp(np.cumsum(rng.normal(0.0, drift, (n, n_days)), axis=1))
    clicks = rng.poisson(
        200 * level * (spend / 100.0) ** elasticity * np.exp(rng.normal(0, noise, spend.shape))
    )
    conversions = rng.binomial(clicks, 0.05)
    return sample.snapshot(
        sample.entities([100.0] * n),
        n_days=n_days,
        cost=np.round(spend, 2),
        clicks=clicks,
        conversions=conversions,
        value=conversions * 60.0,
    )


def test_every_shape_is_one_at_the_reference_and_never_falls() -> None:
    middle = len(NODES) // 2

    np.testing.assert_allclose(SHAPES.heights[middle], 1.0, rtol=1e-5)
    assert (np.diff(SHAPES.heights, axis=0) >= 0).all()
    slope = np.log(SHAPES.heights[middle + 1] / SHAPES.heights[middle - 1]) / np.log(
        NODES[middle + 1] / NODES[middle - 1]
    )
    np.testing.assert_allclose(slope, SHAPES.elasticity, atol=0.06)


@pytest.mark.parametrize("elasticity", [0.2, 0.6, 0.95])
@pytest.mark.parametrize("drift", [0.0, 0.05])
def test_the_elasticity_of_a_response_is_found_though_its_level_drifts(
    elasticity: float, drift: float
) -> None:
    """Mean over five seeds, within 0.08; the prior stands at 0.6."""
    found = []
    for seed in range(5):
        history = history_of(market(seed, elasticity, drift=drift))
        clicks = learn_clicks(history, learn_calendar(history), SHAPES)
        found.append(float((clicks.weights @ SHAPES.elasticity).mean()))

    assert np.mean(found) == pytest.approx(elasticity, abs=0.08)


def test_a_shock_of_a_whole_channel_is_not_taken_for_the_effect_of_budgets() -> None:
    snapshot = market(1, 0.6, n=12, noise=0.02)
    shocks = np.exp(np.random.default_rng(5).normal(0.0, 0.3, 60))
    shocked = replace(
        snapshot,
        metrics=replace(snapshot.metrics, clicks=np.rint(snapshot.metrics.clicks * shocks).astype(np.int64)),
    )

    calendar = learn_calendar(history_of(shocked))

    assert np.corrcoef(np.log(calendar.past[0]), np.log(shocks))[0, 1] > 0.9
    assert calendar.noise.mean() < 0.1**2


@pytest.mark.parametrize("n_days", [8, 40])
def test_the_noise_of_clicks_is_found_however_short_the_history(n_days: int) -> None:
    """A local level takes part of the noise along. Mean of five seeds, within a quarter."""
    found = [
        learn_calendar(history_of(market(seed, 0.65, 20, n_days, noise=0.25))).noise.mean()
        for seed in range(5)
    ]

    assert np.mean(found) == pytest.approx(0.25**2, rel=0.25)


def test_a_campaign_without_history_is_believed_to_be_like_the_others() -> None:
    snapshot = market(2, 0.6)
    known = snapshot.metrics.known.copy()
    known[0] = False
    newcomer = replace(snapshot, metrics=replace(snapshot.metrics, known=known))

    model = learn(history_of(newcomer), Goal.VALUE)
    value = model.believed(np.full(8, 100e6))

    row = open_pot(newcomer).rows.tolist().index(0)
    others = np.delete(value.mean, row)
    assert value.mean[row] == pytest.approx(others.mean(), rel=0.35)
    assert value.high[row] / value.low[row] > 2 * (value.high / value.low).min()


def test_channels_that_report_late_are_told_from_channels_that_convert_badly() -> None:
    """One account-wide lag curve, two channels on either side of it."""
    rng = np.random.default_rng(3)
    n, n_days = 12, 60
    ages = np.arange(n_days, 0, -1)
    curve = 1.0 - 0.5 * 0.8**ages
    pace = np.repeat([2.0, 0.5], n // 2)[:, None]
    shares = 1.0 - (1.0 - curve) ** pace
    clicks = rng.poisson(400, (n, n_days))
    table = sample.entities([100.0] * n)
    table = replace(table, channels=np.repeat(["search", "video"], n // 2))
    snapshot = sample.snapshot(
        table,
        n_days=n_days,
        cost=100.0,
        clicks=clicks,
        conversions=rng.binomial(clicks, 0.05 * shares),
        maturity=curve,
    )
    pot = open_pot(snapshot)

    found = reported_share(read_history(snapshot, pot, 90))

    np.testing.assert_allclose(found[:, -10:], shares[pot.rows][:, -10:], atol=0.1)


@given(seed=st.integers(0, 10_000), n=st.integers(1, 30), fraction=st.floats(0.1, 0.9))
@settings(max_examples=30, deadline=None)
def test_no_shift_between_two_campaigns_earns_more(seed: int, n: int, fraction: float) -> None:
    """The optimum of concave curves, checked against moving 1 % of the pot anywhere."""
    rng = np.random.default_rng(seed)
    reference = np.exp(rng.normal(18.0, 1.0, n))
    power = rng.uniform(0.2, 0.9, n)
    curves = Curves(
        reference, np.exp(rng.normal(0, 1, n))[:, None] * reference[:, None] * NODES ** power[:, None]
    )
    lowest, highest = reference * 0.1, reference * 4.0
    amount = float(lowest.sum() + fraction * (highest.sum() - lowest.sum()))

    found = allocate(curves, lowest, highest, amount)

    assert found.spend.sum() <= amount * (1 + 1e-9)
    assert found.spend.sum() >= amount * 0.999
    earned = curves.at(found.spend[:, None])[:, 0]
    move = 0.01 * amount
    for giver in range(n):
        for taker in range(n):
            other = found.spend.copy()
            other[giver] -= move
            other[taker] += move
            if giver == taker or other[giver] < lowest[giver] or other[taker] > highest[taker]:
                continue
            assert curves.at(other[:, None])[:, 0].sum() <= earned.sum() * (1 + 1e-3)


def test_a_target_holds_spend_below_the_pot() -> None:
    reference = np.array([1e8, 1e8])
    curves = Curves(reference, 2.0 * reference[:, None] * NODES**0.5)
    lowest, highest = reference * 0.01, reference * 10.0

    found = allocate(curves, lowest, highest, 4e8, [Target(2.5, curves)])

    earned = curves.at(found.spend[:, None]).sum()
    assert earned / found.spend.sum() == pytest.approx(2.5, rel=0.02)
    assert found.spend.sum() < 2e8


def test_an_unreachable_target_takes_every_budget_to_its_lowest() -> None:
    reference = np.array([1e8, 1e8])
    curves = Curves(reference, 2.0 * reference[:, None] * NODES**0.5)

    found = allocate(curves, reference * 0.5, reference * 2, 4e8, [Target(1_000.0, curves)])

    np.testing.assert_allclose(found.spend, reference * 0.5)
