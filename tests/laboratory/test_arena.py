"""The arena: every policy meets the same market and nobody sees tomorrow."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from agent.domain.entity import Floats, Numbers
from simulations.laboratory.arena import run, run_all
from simulations.laboratory.budgets.diary import Diary
from simulations.laboratory.budgets.life import live, violations
from simulations.laboratory.budgets.morning import Morning
from simulations.laboratory.budgets.policies import OURS, POLICIES
from simulations.laboratory.budgets.stage import Stage, stage_of
from simulations.laboratory.trial import Trial
from simulations.market import Flow, Market, Outcome
from simulations.oracle import mean_value, optimum
from simulations.worlds import WORLDS

FIRST_DAY = date(2025, 1, 6)
DAYS = 20


class ChangedAfter(Market):
    """A market in which everything is different from one day on."""

    def __init__(self, seed: int, changed_day: int) -> None:
        super().__init__(WORLDS["A1"], seed, FIRST_DAY)
        self._changed_day = changed_day

    def realise(self, day: int, flow: Flow) -> Outcome:
        outcome = super().realise(day, flow)
        if day < self._changed_day:
            return outcome
        return replace(
            outcome,
            clicks=outcome.clicks[::-1] * 3,
            conversions=outcome.conversions[::-1] * 2,
            value_micros=outcome.value_micros[::-1] * 5,
        )


class Remembering:
    """Sets fixed budgets and keeps what it was shown."""

    def __init__(self, budgets: Numbers) -> None:
        self._budgets = budgets
        self.mornings: list[Morning] = []

    def budgets(self, morning: Morning, rng: np.random.Generator) -> Numbers:
        self.mornings.append(morning)
        return self._budgets


def market(world: str = "A1", seed: int = 3) -> Market:
    return Market(WORLDS[world], seed, FIRST_DAY)


def stage(days: int = DAYS) -> Stage:
    return stage_of(market(), days)


def rng() -> np.random.Generator:
    return np.random.default_rng(5)


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("seed", [1, 2])
def test_every_policy_keeps_pot_and_bounds(policy: str, seed: int) -> None:
    """A violation is a fault of the policy, never part of its score."""
    result = run(Trial("A", policy, "A1", seed, DAYS))

    assert result.violations == 0
    assert result.value.shape == (DAYS,)
    assert (result.value > 0.3).all() and (result.value <= 1.0 + 1e-9).all()


@pytest.mark.parametrize("policy", POLICIES)
def test_a_decision_does_not_depend_on_what_happens_from_that_day_on(policy: str) -> None:
    """Outcomes of day d and later leave the budgets up to day d untouched."""
    changed_day = 15
    truth = live(stage(), POLICIES[policy](), rng()).budgets

    other = live(stage_of(ChangedAfter(3, changed_day), DAYS), POLICIES[policy](), rng()).budgets

    np.testing.assert_array_equal(other[: changed_day + 1], truth[: changed_day + 1])


def test_what_happened_yesterday_does_reach_a_learner() -> None:
    """The planted change is seen as soon as it may be: the test above has teeth."""
    truth = live(stage(), POLICIES[OURS](), rng()).budgets

    other = live(stage_of(ChangedAfter(3, 15), DAYS), POLICIES[OURS](), rng()).budgets

    assert (other[16:] != truth[16:]).any()


def test_policies_that_set_the_same_budgets_see_the_same_days() -> None:
    """The market's chance is its own: what a policy draws does not touch it."""
    flat = np.full(20, market().pot_micros // 20)
    one, two = Remembering(flat), Remembering(flat)

    live(stage(days=10), one, rng())
    spoilt = rng()
    spoilt.random(1000)
    live(stage(days=10), two, spoilt)

    metrics, others = one.mornings[-1].snapshot.metrics, two.mornings[-1].snapshot.metrics
    np.testing.assert_array_equal(metrics.clicks, others.clicks)
    np.testing.assert_array_equal(metrics.conversion_value_micros, others.conversion_value_micros)


def test_a_conversion_is_known_the_morning_after_it_was_reported() -> None:
    """A click of day t that is reported d days later is unknown until the morning of day t + d + 1."""
    here = market()
    flat = np.full(20, here.pot_micros // 20)
    outcomes = [here.outcome(day, flat) for day in range(5)]
    diary = Diary(stage_of(here, 6))
    for outcome in outcomes:
        diary.enter(flat, outcome)

    known = diary.morning(5, flat).conversions

    for day, outcome in enumerate(outcomes):
        np.testing.assert_array_equal(known[:, day], outcome.conversions[:, : 5 - day].sum(axis=1))


def test_a_day_that_was_shown_does_not_change_in_the_hands_of_a_policy() -> None:
    """A morning is a copy: later reports go into later mornings."""
    here = market()
    flat = np.full(20, here.pot_micros // 20)
    watching = Remembering(flat)

    live(stage_of(here, 10), watching, rng())

    early = watching.mornings[5]
    again = Diary(stage(days=10))
    for day in range(5):
        again.enter(flat, here.outcome(day, flat))
    np.testing.assert_array_equal(early.conversions, again.morning(5, flat).conversions)


def test_equal_budgets_are_worth_what_the_oracle_says() -> None:
    """The arena's figure for the equal split is the oracle's own evaluation of equal budgets."""
    here = market()
    flat = np.full(20, here.pot_micros / 20)

    result = run(Trial("A", "equal", "A1", 3, DAYS))

    best = optimum(here, range(DAYS)).value
    worth: Floats = np.array([mean_value(here, day, flat).sum() for day in range(DAYS)])
    np.testing.assert_allclose(result.value, worth / best, rtol=1e-6)


def test_history_comes_before_the_first_decision() -> None:
    """A8 starts with 28 days near the reference spends."""
    here = market("A8")
    watching = Remembering(np.full(20, here.pot_micros // 20))

    live(stage_of(here, 2), watching, rng())

    first = watching.mornings[0]
    assert first.n_days == 28
    np.testing.assert_allclose(first.budgets / here.campaigns.reference[:, None], 1.0, atol=0.6)
    assert first.snapshot.today == date(2025, 2, 3)


def test_results_do_not_depend_on_the_number_of_processes() -> None:
    """The same figures to the last bit, whoever computes them."""
    trials = [Trial("A", policy, "A3", 7, 16) for policy in POLICIES]

    alone = {result.trial: result for result in run_all(trials, 1)}
    together = {result.trial: result for result in run_all(trials, 2)}

    for trial in trials:
        np.testing.assert_array_equal(alone[trial].value, together[trial].value)


def test_broken_bounds_and_pots_are_counted() -> None:
    """Each day counts once, whatever was broken on it."""
    here = market()
    flat = np.full(20, here.pot_micros // 20)
    low, high, dear = flat.copy(), flat.copy(), flat + 1_000_000
    low[0], high[0] = here.low_micros - 1, here.high_micros + 1

    assert violations(stage_of(here, 5), np.array([flat, low, high, dear, flat])) == 3
