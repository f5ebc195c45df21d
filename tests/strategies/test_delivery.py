"""What campaigns can spend is read from what they left of past budgets."""

from dataclasses import replace

import numpy as np
import pytest
import sample

from agent.domain.lever import Lever
from agent.domain.snapshot import UNSEEN, LeverMemory, Snapshot
from strategies.budgets.pot import open_pot
from strategies.response.delivery import Delivery, learn_delivery
from strategies.response.history import read_history
from strategies.response.shapes import NODES


def under(budgets: list[float], spent: list[list[float]], present: float = 100.0) -> Snapshot:
    """Campaigns with the same past budgets, EUR a day; 0 for days on which nobody looked."""
    n, n_days = len(spent), len(budgets)
    memory = LeverMemory.unseen(np.full(n, int(present * 1e6)), n_days)
    stood = np.where(np.array(budgets) > 0, np.array(budgets) * 1e6, UNSEEN).astype(np.int64)
    memory = replace(memory, stood=np.tile(stood, (n, 1)))
    return sample.snapshot(
        sample.entities([present] * n), n_days=n_days, cost=spent, memory={Lever.DAILY_BUDGET: memory}
    )


def read(snapshot: Snapshot) -> Delivery:
    pot = open_pot(snapshot)
    return learn_delivery(snapshot, pot, read_history(snapshot, pot, 90), growth=1.2)


def odds_of(snapshot: Snapshot, spend: float) -> float:
    """Probability that the first campaign can spend as much, EUR."""
    pot = open_pot(snapshot)
    history = read_history(snapshot, pot, 90)
    row = pot.rows.tolist().index(0)
    found = learn_delivery(snapshot, pot, history, growth=1.2)
    return float(np.interp(spend * 1e6, NODES * history.reference[row], found.odds[row]))


def test_what_was_spent_can_be_spent_and_more_is_the_less_likely_the_more_it_is() -> None:
    snapshot = under([100.0] * 10, [[98.0] * 10])

    odds = [odds_of(snapshot, spend) for spend in (50.0, 90.0, 150.0, 400.0)]

    assert odds[0] > 0.98
    assert odds[1] > 0.85
    assert odds[0] > odds[1] > odds[2] > odds[3] > 0.3


def test_two_days_that_fell_short_alike_are_a_limit() -> None:
    """Whatever the budget was on these days; days that used up a smaller one say nothing against it."""
    snapshot = under([40.0, 90.0, 120.0, 40.0], [[39.5, 60.0, 61.0, 39.0]])

    assert odds_of(snapshot, 50.0) > 0.9
    assert odds_of(snapshot, 80.0) < 0.15


def test_falling_short_is_no_limit_where_everybody_often_falls_short() -> None:
    """A noisy account, seed 1: budgets are left by 15 % on usual days."""
    left = np.exp(-np.abs(np.random.default_rng(1).normal(0.0, 0.2, (20, 28))))

    snapshot = under([100.0] * 28, (100.0 * left).tolist())

    assert np.mean(np.isinf(read(snapshot).reach)) == 1.0
    assert odds_of(snapshot, 95.0) > 0.7


def test_a_limit_is_forgotten_once_more_was_spent() -> None:
    snapshot = under([100.0] * 20, [[60.0] * 5 + [99.0] * 15])

    assert odds_of(snapshot, 95.0) > 0.8
    assert np.isinf(read(snapshot).reach[0])


def test_what_a_short_campaign_really_spends_is_told() -> None:
    assert read(under([100.0] * 5, [[60.0] * 5])).reach[0] / 1e6 == pytest.approx(60.0, rel=0.1)


@pytest.mark.parametrize(
    ("budgets", "most"),
    [
        ([100.0, 100.0, 100.0], np.inf),  # seen: the odds alone decide
        ([0.0, 0.0, 0.0], 120.0),  # nobody looked: by steps from what was spent
    ],
)
def test_budgets_nobody_has_seen_grow_by_steps(budgets: list[float], most: float) -> None:
    assert read(under(budgets, [[100.0, 100.0, 100.0]])).most[0] / 1e6 == pytest.approx(most)


def test_a_campaign_without_a_day_has_odds_too() -> None:
    odds = read(under([0.0], [[0.0]])).odds

    assert np.isfinite(odds).all()
    assert (np.diff(odds, axis=1) <= 0).all()
