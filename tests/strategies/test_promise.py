"""Targets are planned for with something to spare."""

import numpy as np
import pytest

from agent.domain.lever import Ratio
from agent.domain.money import Money
from agent.domain.portfolio import Goal, Portfolio
from strategies.response.history import History
from strategies.response.model import learn
from strategies.response.promise import targets_of

N_DAYS = 40


def history() -> History:
    """Five campaigns with a few conversions a day."""
    rng = np.random.default_rng(3)
    spend = 100e6 * np.exp(0.2 * rng.standard_normal((5, N_DAYS)))
    clicks = rng.poisson(100.0, spend.shape).astype(np.float64)
    conversions = rng.binomial(100, 0.04, spend.shape).astype(np.float64)
    return History(
        told=np.ones(spend.shape, dtype=bool),
        counted=np.ones(spend.shape, dtype=bool),
        spend=spend,
        clicks=clicks,
        conversions=conversions,
        value=conversions * 80e6,
        maturity=np.ones((1, N_DAYS)),
        paced=np.zeros(1, dtype=bool),
        channel=np.zeros(5, dtype=np.intp),
        weekday=np.arange(N_DAYS) % 7,
        weekday_today=0,
        reference=np.full(5, 100e6),
    )


def least(portfolio: Portfolio, caution: float) -> float:
    model = learn(history(), Goal.VALUE)
    return targets_of(portfolio, model, np.full(5, 100e6), caution=caution)[0].least


def test_a_target_is_raised_by_what_the_plan_may_be_wrong_by() -> None:
    """More so the more caution, and by 4 % for each standard deviation at most."""
    portfolio = Portfolio("shop", Goal.VALUE, target_roas=Ratio.of("3"))

    raised = [least(portfolio, caution) for caution in (0.0, 0.5, 1.0)]

    assert raised[0] == pytest.approx(3.0)
    assert 3.0 < raised[1] <= 3.0 * 1.02 + 1e-9
    assert raised[2] / 3.0 - 1.0 == pytest.approx(2.0 * (raised[1] / 3.0 - 1.0))


def test_a_target_cpa_asks_for_conversions() -> None:
    """A cost of 20 a conversion is at least one conversion for 20."""
    portfolio = Portfolio("shop", Goal.VALUE, target_cpa=Money.of(20, "EUR"))

    asked = least(portfolio, 0.0)

    assert asked == pytest.approx(1 / 20e6)
