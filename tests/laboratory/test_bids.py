"""Track B: every bidder meets the same auctions, nobody sees tomorrow, and the oracle is one."""

from dataclasses import replace

import numpy as np
import pytest

from agent.domain.entity import Numbers
from agent.domain.money import MICROS
from simulations.laboratory.bids.auctions import Auctions, Outcome
from simulations.laboratory.bids.diary import Diary
from simulations.laboratory.bids.life import live, violations
from simulations.laboratory.bids.morning import Morning
from simulations.laboratory.bids.oracle import mean_value, optimum
from simulations.laboratory.bids.policies import POLICIES
from simulations.laboratory.bids.track import run
from simulations.laboratory.bids.worlds import WORLDS
from simulations.laboratory.trial import Trial

DAYS = 20


def auctions(world: str = "B2", seed: int = 3, days: int = DAYS) -> Auctions:
    return Auctions(WORLDS[world], seed, days)


def rng() -> np.random.Generator:
    return np.random.default_rng(5)


class ChangedAfter(Auctions):
    """Auctions in which everything is different from one day on."""

    def __init__(self, changed_day: int) -> None:
        super().__init__(WORLDS["B2"], 3, DAYS)
        self._changed_day = changed_day

    def outcome(self, day: int, bids: Numbers) -> Outcome:
        outcome = super().outcome(day, bids)
        if day < self._changed_day:
            return outcome
        return replace(
            outcome,
            clicks=outcome.clicks[::-1] * 3,
            conversions=outcome.conversions[::-1] * 2,
            value_micros=outcome.value_micros[::-1] * 5,
        )


class Remembering:
    """Sets fixed bids and keeps what it was shown."""

    def __init__(self, bids: Numbers) -> None:
        self._bids = bids
        self.mornings: list[Morning] = []

    def bids(self, morning: Morning, rng: np.random.Generator) -> Numbers:
        self.mornings.append(morning)
        return self._bids


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("world", ["B2", "B5"])
def test_every_policy_keeps_the_bounds_and_earns_something(policy: str, world: str) -> None:
    """A violation is a fault of the policy, never part of its score."""
    result = run(Trial("B", policy, world, 1, DAYS))

    assert result.violations == 0
    assert result.value.shape == (DAYS,)
    assert (result.value > 0.1).all() and (result.value <= 1.0 + 1e-9).all()


@pytest.mark.parametrize("policy", POLICIES)
def test_a_decision_does_not_depend_on_what_happens_from_that_day_on(policy: str) -> None:
    """Outcomes of day d and later leave the bids up to day d untouched; later ones they move."""
    truth = live(auctions(), POLICIES[policy](), rng(), DAYS).bids

    other = live(ChangedAfter(15), POLICIES[policy](), rng(), DAYS).bids

    np.testing.assert_array_equal(other[:16], truth[:16])
    assert policy == "uniform_paced" or (other[16:] != truth[16:]).any()


def test_a_longer_life_begins_like_a_shorter_one() -> None:
    """A seed gives the same world whatever else is run."""
    short, long = auctions(days=10), auctions(days=40)
    bids = np.full(20, MICROS)

    np.testing.assert_array_equal(short.outcome(9, bids).clicks, long.outcome(9, bids).clicks)
    assert short.pot_micros == long.pot_micros


def test_higher_bids_on_the_same_day_are_more_of_the_same_luck() -> None:
    """As long as the pot lasts, no click is lost by bidding more."""
    here = auctions("B1")
    low = here.outcome(4, np.full(200, MICROS // 2))
    high = here.outcome(4, np.full(200, MICROS * 3 // 5))

    assert low.delivered == high.delivered == 1.0
    assert (high.clicks >= low.clicks).all() and high.clicks.sum() > low.clicks.sum()


@pytest.mark.parametrize("world", WORLDS)
def test_a_day_never_costs_more_than_the_pot_and_says_when_it_ended(world: str) -> None:
    """Delivery stops where the pot is empty."""
    here = auctions(world, days=1)

    dear = here.outcome(0, np.full(len(here), here.high_micros))

    assert 0.97 * here.pot_micros < dear.cost_micros.sum() <= here.pot_micros
    assert 0.0 < dear.delivered < 1.0


def test_a_conversion_is_known_the_morning_after_it_was_reported() -> None:
    """A click of day t that is reported d days later is unknown until the morning of day t + d + 1."""
    here = auctions()
    bids = np.full(20, MICROS)
    outcomes = [here.outcome(day, bids) for day in range(5)]
    diary = Diary(here, 5)
    for outcome in outcomes:
        diary.enter(bids, outcome)

    metrics = diary.morning(bids).snapshot.metrics

    for day, outcome in enumerate(outcomes):
        expected = outcome.conversions[:, : 5 - day].sum(axis=1)
        np.testing.assert_array_equal(metrics.conversions[:, day], expected)


def test_a_morning_tells_past_bids_and_what_was_lost() -> None:
    """Bids by day, the share lost to budget, and the other shares where the world tells them."""
    watching, blind = Remembering(np.full(200, 5 * MICROS)), Remembering(np.full(20, 5 * MICROS))

    live(auctions("B7", days=4), watching, rng(), 4)
    live(auctions("B2", days=4), blind, rng(), 4)

    told = watching.mornings[-1].snapshot.metrics
    assert (watching.mornings[-1].bids == 5 * MICROS).all()
    lost = told.search_budget_lost_impression_share
    assert ((lost > 0.3) & (lost < 1)).all()
    shares = told.search_impression_share + lost + told.search_rank_lost_impression_share
    np.testing.assert_allclose(shares, 1.0)
    assert np.isnan(blind.mornings[-1].snapshot.metrics.search_impression_share).all()


@pytest.mark.parametrize("world", ["B2", "B5", "B6"])
def test_no_bids_are_better_than_the_best(world: str) -> None:
    """Moving single bids, up or down, with everything paced again, never beats the oracle."""
    here = auctions(world, days=3)
    days = np.arange(3)
    best = optimum(here, days)
    chosen = np.rint(best.bids * MICROS).astype(np.int64)

    reached = mean_value(here, days, chosen) / best.value

    assert (reached > 0.985).all()
    for seed in range(20):
        factor = np.exp(0.3 * np.random.default_rng(seed).standard_normal(chosen.shape))
        for scale in (0.8, 1.0, 1.25):
            other = np.rint(chosen * factor * scale).astype(np.int64)
            assert (mean_value(here, days, other) <= best.value * (1 + 1e-9)).all()


def test_the_mean_value_is_what_days_bring_on_average() -> None:
    """The yardstick and the auctions are the same world: 40 first days."""
    value, means = [], []
    for seed in range(40):
        here = auctions("B1", seed=seed, days=1)
        bids = np.full(200, 600_000)
        outcome = here.outcome(0, bids)
        value.append(outcome.value_micros.sum() / MICROS)
        means.append(mean_value(here, np.arange(1), bids[None])[0])

    assert np.sum(value) == pytest.approx(np.sum(means), rel=0.05)


def test_bids_outside_their_bounds_are_counted() -> None:
    """Each day counts once."""
    here = auctions()
    good = np.full(20, MICROS)
    low, high = good.copy(), good.copy()
    low[:2], high[0] = here.low_micros - 1, here.high_micros + 1

    assert violations(here, np.array([good, low, high, good])) == 2
