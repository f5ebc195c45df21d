"""What a month budget leaves for today."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from month.months import N_DAYS, month_of, morning

from agent.domain.money import Money
from agent.domain.month.budget import MonthBudget
from agent.domain.month.pot import MonthOutlook, month_note, month_outlook, with_todays_pot, with_widest_pot
from agent.domain.month.spending import learn_spending
from agent.domain.snapshot import Snapshot


def outlook_of(snapshot: Snapshot) -> MonthOutlook:
    outlook = month_outlook(snapshot)
    assert outlook is not None
    return outlook


def of_november(day: int, before: float, since: float) -> np.ndarray:
    """Cost of a campaign on each day: one figure before November, another since."""
    return np.where(np.arange(N_DAYS) < N_DAYS - (day - 1), before, since)


def test_without_a_month_budget_the_pot_is_left_alone() -> None:
    snapshot = morning(10, portfolio=replace(month_of(), month=None))

    assert month_outlook(snapshot) is None
    assert with_todays_pot(snapshot) is snapshot


def test_a_month_budget_in_another_currency_is_left_out_and_a_reviewer_reads_why() -> None:
    """Euros of an account say nothing about a budget in dollars."""
    dollars = replace(month_of(), month=MonthBudget(Money.of(30_000, "USD")))
    snapshot = morning(10, portfolio=dollars)

    assert month_outlook(snapshot) is None
    assert with_todays_pot(snapshot) is snapshot
    assert with_widest_pot(snapshot) is snapshot
    assert month_note(snapshot) == (
        "the month budget of 30000.00 USD is left out, since the account is in EUR"
    )


def test_budgets_that_meet_the_month_stay_as_they_are() -> None:
    """100 EUR a day are 3,000 EUR in 30 days: nothing to change, not even by a cent."""
    outlook = outlook_of(morning(11))

    assert outlook.is_near_enough
    assert outlook.pot == Money.of(100, "EUR")
    assert outlook.as_is.mean == pytest.approx(3000e6, rel=1e-3)
    assert outlook.left_days == 20


@pytest.mark.parametrize(("spent", "direction"), [(65.0, -1), (35.0, 1)])
def test_too_much_or_too_little_so_far_is_shared_among_the_days_that_are_left(
    spent: float, direction: int
) -> None:
    """After 10 days at 130 (or 70) the other 20 should cost 1,700 (or 2,300) together."""
    snapshot = morning(11, of_november(11, 50.0, spent), stood=of_november(11, 50.0, spent))

    outlook = outlook_of(snapshot)

    assert outlook.pot.micros / 1e6 == pytest.approx((3000 - 20 * spent) / 20, rel=0.02)
    assert np.sign(outlook.pot.micros - outlook.present) == direction


def test_the_same_miss_matters_more_the_fewer_days_are_left() -> None:
    """The tolerance is a share of the budgets that are left to give, so for the month it narrows."""
    early = morning(3, of_november(3, 50.0, 58.0), stood=50.0)
    late = morning(27, np.where(np.arange(N_DAYS) >= N_DAYS - 2, 58.0, 50.0), stood=50.0)

    assert outlook_of(early).spent - 200e6 == pytest.approx(outlook_of(late).spent - 2600e6)
    assert outlook_of(early).is_near_enough
    assert not outlook_of(late).is_near_enough


def test_budgets_that_are_not_used_up_are_given_more_of_them() -> None:
    """A pot of 100 costs 85 a day, so it takes more than 100 of it to spend 100."""
    outlook = outlook_of(morning(11, 42.5))

    assert learn_spending(morning(11, 42.5)).ratio == pytest.approx(0.85, abs=0.01)
    assert outlook.pot.micros == pytest.approx((3000 - 850) / 20 / 0.85 * 1e6, rel=0.02)


def test_no_day_is_given_more_than_its_plan_times_the_catch_up() -> None:
    """What a month did not spend is not thrown out on its last days."""
    outlook = outlook_of(morning(29, of_november(29, 50.0, 10.0)))

    assert outlook.pot.micros <= 1.5 * 100e6 / 0.75


def test_a_daily_pot_beside_the_month_is_never_exceeded() -> None:
    outlook = outlook_of(morning(11, of_november(11, 50.0, 35.0), portfolio=month_of(pot="105")))

    assert outlook.pot == Money.of(105, "EUR")


def test_a_month_that_is_used_up_leaves_the_least_there_is() -> None:
    """A pot of nothing would read as "no limit" somewhere, so it is one cent."""
    outlook = outlook_of(morning(21, of_november(21, 50.0, 75.0)))

    assert outlook.used_up
    assert outlook.pot == Money.of("0.01", "EUR")
    assert "nothing is left for today" in outlook.sentence()


def test_on_the_first_the_month_starts_anew() -> None:
    outlook = outlook_of(morning(1, 75.0, budgets=(1.0, 1.0), stood=75.0))

    assert outlook.spent == 0
    assert outlook.pot.micros == pytest.approx(100e6, rel=0.02)


def test_a_day_without_weight_gets_nothing_and_the_others_its_share() -> None:
    idle = outlook_of(morning(11, portfolio=month_of(plan="11 0")))
    before = outlook_of(morning(10, portfolio=month_of(plan="11 0")))

    assert idle.used_up
    assert before.needed > 100e6


def test_unknown_days_count_as_what_they_probably_cost() -> None:
    """Missing is not zero: else an outage would raise every budget."""
    known = np.arange(N_DAYS) < N_DAYS - 5

    outlook = outlook_of(morning(11, np.where(known, 50.0, 0.0), known=known))

    assert outlook.unknown_days == 5
    assert outlook.spent == pytest.approx(1000e6, rel=0.01)
    assert "(5 of them estimated)" in outlook.sentence()


def test_days_before_the_history_are_estimated_too() -> None:
    outlook = outlook_of(morning(30, n_days=20))

    assert outlook.unknown_days == 9
    assert outlook.spent == pytest.approx(2900e6, rel=0.01)


def test_weekdays_are_learned() -> None:
    """Sundays cost half of the other days."""
    days = np.arange(np.datetime64("2026-11-23") - N_DAYS, np.datetime64("2026-11-23"))
    sunday = (days.astype(int) + 3) % 7 == 6
    snapshot = morning(23, np.where(sunday, 25.0, 50.0), stood=50.0)

    spending = learn_spending(snapshot)

    assert spending.weekday[6] == pytest.approx(0.54, abs=0.06)
    assert spending.weekday[:6].min() > 1.0


def test_an_approved_plan_is_not_held_back_by_the_cuts_that_pay_for_its_raises() -> None:
    """Half-way through a plan budgets sum to less, and today's pot must not shrink with them."""
    whole = with_todays_pot(morning(11, 48.0, stood=50.0)).portfolio
    halfway = with_widest_pot(morning(11, 48.0, budgets=(50.0, 35.0), stood=50.0)).portfolio

    assert whole is not None
    assert halfway is not None
    assert whole.daily_pot is not None
    assert halfway.daily_pot is not None
    assert whole.daily_pot <= halfway.daily_pot


@given(day=st.integers(1, 30), cost=st.floats(0, 200), budget=st.floats(0, 300), seed=st.integers(0, 99))
def test_what_is_left_is_never_given_out_twice(day: int, cost: float, budget: float, seed: int) -> None:
    """If every coming day costs what the pot says, the month's budget holds but for the tolerance."""
    rng = np.random.default_rng(seed)
    noisy = cost * rng.uniform(0.5, 1.0, (2, N_DAYS))

    outlook = outlook_of(morning(day, noisy, budgets=(budget, budget)))

    left = max(3000e6 - outlook.spent, 0.0)
    most = 1.5 * left / (outlook.left_days * 0.75) + 1e4
    assert outlook.pot.micros <= max(most * (1 + Fraction(1, 10)), 10_000)
    assert outlook.pot.micros % 10_000 == 0
    assert outlook.as_is.low <= outlook.as_is.mean <= outlook.as_is.high


@pytest.mark.parametrize("day", [1, 2, 15, 30])
def test_an_account_of_which_nothing_is_known_has_a_pot_all_the_same(day: int) -> None:
    outlook = outlook_of(morning(day, 0.0, known=False))

    assert outlook.pot.micros > 0
    assert outlook.unknown_days == day - 1
