"""The pot and how wishes fit it: bounds, dead band, and money that is never made."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
import sample
from hypothesis import given
from hypothesis import strategies as st

from agent.domain.lever import Lever
from agent.domain.money import MICROS, Money
from agent.domain.portfolio import Goal, Limits, Portfolio
from strategies.budgets.fit import settle
from strategies.budgets.pot import Pot, open_pot
from strategies.budgets.window import window

EURO = MICROS


def pot_of(present: list[int], amount: int, lowest: int = 1, highest: int = 1_000) -> Pot:
    """Whole euros."""
    n = len(present)
    return Pot(
        rows=np.arange(n),
        present=np.array(present, dtype=np.int64) * EURO,
        lowest=np.full(n, lowest * EURO),
        highest=np.full(n, highest * EURO),
        amount=amount * EURO,
        unit=10_000,
    )


def test_wishes_share_a_filled_pot_in_proportion() -> None:
    budgets = settle(pot_of([10, 10, 10], 60), np.array([1.0, 2.0, 3.0]), fill=True, min_change=0.0)

    np.testing.assert_allclose(budgets / EURO, [10, 20, 30], atol=0.011)
    assert budgets.sum() <= 60 * EURO


def test_what_a_bound_takes_from_one_goes_to_the_others() -> None:
    budgets = settle(pot_of([10, 10], 60, highest=35), np.array([1.0, 9.0]), fill=True, min_change=0.0)

    np.testing.assert_allclose(budgets / EURO, [25, 35], atol=0.011)


def test_wishes_below_the_pot_are_not_blown_up_unless_it_is_to_be_filled() -> None:
    budgets = settle(pot_of([10, 10], 60), np.array([20.0, 30.0]) * EURO, fill=False, min_change=0.0)

    assert (budgets / EURO).tolist() == [20, 30]


def test_small_moves_are_not_made_and_the_rest_shares_what_is_left() -> None:
    wishes = np.array([10.1, 15.0, 34.9]) * EURO

    budgets = settle(pot_of([10, 20, 30], 60), wishes, fill=True, min_change=0.05)

    assert budgets[0] == 10 * EURO
    assert budgets[1] < 20 * EURO
    assert budgets.sum() <= 60 * EURO
    assert budgets.sum() > 59.9 * EURO


def test_small_moves_are_made_when_the_pot_has_shrunk() -> None:
    """The dead band must not keep spend above the pot."""
    budgets = settle(pot_of([50, 50], 98), np.array([49.0, 49.0]) * EURO, fill=True, min_change=0.05)

    assert budgets.sum() <= 98 * EURO


@given(
    present=st.lists(st.integers(2, 500), min_size=1, max_size=12),
    wishes=st.lists(st.floats(0, 1e9, allow_subnormal=False), min_size=12, max_size=12),
    amount=st.integers(20, 5_000),
    fill=st.booleans(),
    min_change=st.sampled_from([0.0, 0.03, 0.3]),
)
def test_money_is_never_made(
    present: list[int], wishes: list[float], amount: int, fill: bool, min_change: float
) -> None:
    """Whatever is wished: bounds hold, and the pot does wherever the lowest bounds let it."""
    pot = pot_of(present, amount)

    budgets = settle(pot, np.array(wishes[: len(present)]), fill=fill, min_change=min_change)

    assert (budgets >= pot.lowest).all()
    assert (budgets <= pot.highest).all()
    assert int(budgets.sum()) <= max(pot.amount, int(pot.lowest.sum()))


def test_a_pot_leaves_out_what_is_locked_and_what_is_paused() -> None:
    table = sample.entities([100.0, 50.0, 30.0, None], levers={Lever.STATUS: [1, 1, 0, 1]})
    table = replace(table, locked=np.array(["", "experiment", "", ""]))
    portfolio = Portfolio("shop", Goal.VALUE, daily_pot=Money.of("200", "EUR"))

    pot = open_pot(sample.snapshot(table, portfolio=portfolio))

    assert pot.rows.tolist() == [0]
    assert pot.amount == 150 * EURO


@pytest.mark.parametrize(
    ("budget", "expected"),
    [
        (100.0, (80, 120)),
        (4.0, (4.8, 4.8)),  # below the floor of 5: up as fast as the step lets it
        (1_500.0, (1_200, 1_200)),  # above the ceiling of 1000: down as fast as the step lets it
    ],
)
def test_bounds_are_floor_ceiling_and_step_and_lead_back_inside(
    budget: float, expected: tuple[float, float]
) -> None:
    limits = Limits(Money.of("5", "EUR"), Money.of("1000", "EUR"), Fraction(1, 5))
    portfolio = Portfolio("shop", Goal.VALUE, limits=limits)

    pot = open_pot(sample.snapshot(sample.entities([budget]), portfolio=portfolio))

    assert (pot.lowest[0] / EURO, pot.highest[0] / EURO) == expected


@pytest.mark.parametrize(
    ("floor", "minimum", "lowest"), [("5", 0, 5), ("5", 3, 5), ("5", 8, 8), (None, 8, 8), (None, 0, 0.01)]
)
def test_the_lower_bound_is_the_floor_or_what_the_platform_accepts(
    floor: str | None, minimum: int, lowest: float
) -> None:
    """The higher of both: what is planned below it would be held or refused."""
    account = replace(sample.ACCOUNT, min_daily_budget_micros=minimum * EURO)
    limits = Limits(None if floor is None else Money.of(floor, "EUR"))
    portfolio = Portfolio("shop", Goal.VALUE, limits=limits)

    pot = open_pot(sample.snapshot(sample.entities([100.0], account=account), portfolio=portfolio))

    assert pot.lowest[0] / EURO == lowest


@pytest.mark.parametrize(
    ("budget", "lowest", "highest"), [(50.0, 50, 50), (90.0, 100, 108), (110.0, 100, 132)]
)
def test_a_budget_is_held_where_no_step_reaches_what_the_platform_accepts(
    budget: float, lowest: float, highest: float
) -> None:
    """A raise that ends below it would be denied each day; one that reaches it is planned."""
    account = replace(sample.ACCOUNT, min_daily_budget_micros=100 * EURO)
    limits = Limits(Money.of("5", "EUR"), Money.of("1000", "EUR"), Fraction(1, 5))
    portfolio = Portfolio("shop", Goal.VALUE, limits=limits)

    pot = open_pot(sample.snapshot(sample.entities([budget], account=account), portfolio=portfolio))

    assert (pot.lowest[0] / EURO, pot.highest[0] / EURO) == (lowest, highest)


def test_a_window_weighs_cost_by_what_has_been_reported_of_it() -> None:
    """Two conversions for 100 EUR of which half has been reported are a CPA of 25 EUR."""
    snapshot = sample.snapshot(
        sample.entities([10.0]), n_days=2, cost=50.0, conversions=1.0, value=30.0, maturity=[0.6, 0.4]
    )

    recent = window(snapshot, np.array([0]), 14)

    assert recent.maturity[0] == pytest.approx(0.5)
    figures = {figure.name: figure.text for figure in recent.figures(0, Goal.CONVERSIONS)}
    assert figures["cpa_14d expected"] == "25.00 EUR"
    assert figures["conversions_14d expected"] == "4.0"
