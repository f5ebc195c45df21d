"""The market of smart bidding is honest, and whoever steers in it loses nothing by it."""

import numpy as np
import pytest

from agent.domain.lever import Ratio
from agent.domain.money import MICROS, Money
from agent.domain.portfolio import Goal, Portfolio
from simulations.smart_bidding.life import HISTORY_DAYS, opened, steered
from simulations.smart_bidding.market import SmartBidding, World
from simulations.smart_bidding.oracle import best
from strategies.hold import Hold
from strategies.thompson_target import ThompsonTarget

SMALL = World(n_campaigns=6)
STILL = np.zeros(6)
PORTFOLIO = Portfolio("all", Goal.VALUE)


def test_a_looser_target_brings_more_at_a_higher_price() -> None:
    market = SmartBidding(SMALL, seed=1, n_days=10)

    tight = market.mean(market.first, 3, STILL, budget=np.inf)
    loose = market.mean(market.first * 1.2, 3, STILL, budget=np.inf)

    assert (loose.value > tight.value).all()
    assert (loose.cost / loose.value > tight.cost / tight.value).all()


def test_where_the_budget_runs_out_a_looser_target_brings_less() -> None:
    market = SmartBidding(SMALL, seed=1, n_days=10)
    budget = market.mean(market.first, 3, STILL, budget=np.inf).cost * 0.7

    tight = market.mean(market.first, 3, STILL, budget=budget)
    loose = market.mean(market.first * 1.2, 3, STILL, budget=budget)

    np.testing.assert_allclose(loose.cost, budget)
    assert (loose.value < tight.value).all()


def test_a_change_takes_days_and_begins_with_a_learning_phase() -> None:
    market = SmartBidding(SMALL, seed=1, n_days=HISTORY_DAYS + 10)
    life = opened(market, PORTFOLIO)

    life.set(life.roas / 2)
    life.live()
    first = life.snapshot()
    for _ in range(8):
        life.live()

    assert first.entities.learning.all()
    assert not life.snapshot().entities.learning.any()
    assert market.settled(np.ones(6), np.full(6, 2.0)) == pytest.approx(2**0.25)


def test_the_same_seed_is_the_same_market_whoever_steers() -> None:
    market = SmartBidding(SMALL, seed=3, n_days=HISTORY_DAYS + 20)

    once = steered(opened(market, PORTFOLIO), Hold("hold"), 20, seed=3)
    again = steered(opened(market, PORTFOLIO), Hold("hold"), 20, seed=3)

    assert once.value.tolist() == again.value.tolist()


def test_the_oracle_keeps_its_limits_and_wants_more_from_more_money() -> None:
    market = SmartBidding(SMALL, seed=2, n_days=10)
    present = market.mean(market.first, 0, STILL)
    pot = float(present.cost.sum())

    even, more = best(market, 0, pot=pot), best(market, 0, pot=1.2 * pot)

    assert even.cost <= pot
    assert even.value > float(present.value.sum())
    assert more.value > even.value
    assert more.price < even.price
    assert best(market, 0, roas=4.0).value >= 4.0 * best(market, 0, roas=4.0).cost * 0.999


def test_moving_targets_earns_more_than_leaving_them_and_keeps_a_wanted_return() -> None:
    """Two markets of eight weeks, where a sixth more is wanted than is returned: mean over seeds."""
    gains, returns = [], []
    for seed in range(2):
        market = SmartBidding(SMALL, seed, HISTORY_DAYS + 56)
        before = opened(market, PORTFOLIO).snapshot().metrics
        cost = before.cost_micros[:, -35:-7].sum()
        roas = round(before.conversion_value_micros[:, -35:-7].sum() / cost * 1.15, 2)
        wanted = Portfolio("all", Goal.VALUE, target_roas=Ratio(int(roas * MICROS)))

        story = steered(opened(market, wanted), ThompsonTarget("target"), 56, seed)
        left = steered(opened(market, wanted), Hold("hold"), 56, seed)

        last = slice(-28, None)
        returns.append(story.value[last].sum() / story.cost[last].sum() / roas)
        gains.append(returns[-1] - left.value[last].sum() / left.cost[last].sum() / roas)
        assert story.steps <= 6 * 5

    assert np.mean(gains) > 0.05
    assert np.mean(returns) > 0.95


def test_a_pot_is_kept_and_the_learning_phases_cost_little() -> None:
    """Two markets within eight weeks; what is gained in the long run is measured over more of both."""
    gains = []
    for seed in range(2):
        market = SmartBidding(SMALL, seed, HISTORY_DAYS + 56)
        spent = opened(market, PORTFOLIO).snapshot().metrics.cost_micros[:, -28:].sum() / 28
        pot = Portfolio("all", Goal.VALUE, daily_pot=Money(int(spent), "EUR"))

        story = steered(opened(market, pot), ThompsonTarget("target"), 56, seed)
        left = steered(opened(market, pot), Hold("hold"), 56, seed)

        last = slice(-28, None)
        gains.append(story.value[last].sum() / left.value[last].sum() - 1.0)
        assert story.cost[last].sum(axis=1).mean() < 1.1 * spent / MICROS

    assert np.mean(gains) > -0.03
