"""Floor and ceiling hold a lever inside its range, and let one that stands outside come back."""

import pytest
import sample
from wishes import eur, told, wish

from agent.domain.lever import Lever, Ratio
from agent.domain.money import Money
from agent.domain.verdict import Clamp, Deny
from agent.guardrails.range import Ceiling, Floor

BUDGET = Lever.DAILY_BUDGET


@pytest.mark.parametrize(
    ("present", "target", "verdict"),
    [
        (50, "40.00", "allow"),
        (50, "20.00", "allow"),  # the edge
        (50, "19.99", "clamp 20.00 EUR"),
        (20, "19.99", "deny"),  # it stands at the floor
        (10, "9.00", "deny"),  # below it, and would go further
        (10, "12.00", "allow"),  # below it, and comes back
        (10, "500.00", "allow"),
    ],
)
def test_a_cut_ends_at_the_floor(present: float, target: str, verdict: str) -> None:
    """A floor stops cuts only; it never turns one into a raise."""
    table = sample.entities([present])

    said = Floor(BUDGET, eur(20)).judge(wish(table, target), sample.snapshot(table))

    assert told(said) == verdict


@pytest.mark.parametrize(
    ("present", "target", "verdict"),
    [
        (50, "60.00", "allow"),
        (50, "80.00", "allow"),  # the edge
        (50, "80.01", "clamp 80.00 EUR"),
        (80, "80.01", "deny"),
        (100, "110.00", "deny"),
        (100, "90.00", "allow"),  # above it, and comes back: a cut always passes
        (50, "0.01", "allow"),
    ],
)
def test_a_raise_ends_at_the_ceiling(present: float, target: str, verdict: str) -> None:
    """A ceiling stops raises only; a cut passes from wherever the lever stands."""
    table = sample.entities([present])

    said = Ceiling(BUDGET, eur(80)).judge(wish(table, target), sample.snapshot(table))

    assert told(said) == verdict


def test_a_reason_names_the_wish_the_limit_and_where_the_lever_stands() -> None:
    """A reviewer needs no other page to see why."""
    table = sample.entities([50])

    said = Floor(BUDGET, eur(20)).judge(wish(table, 5), sample.snapshot(table))

    assert isinstance(said, Clamp)
    assert said.because == "5.00 EUR is below the floor of 20.00 EUR; it stands at 50.00 EUR"


@pytest.mark.parametrize("guardrail", [Floor(BUDGET, None), Ceiling(BUDGET, None)])
def test_an_absent_limit_denies(guardrail: Floor | Ceiling) -> None:
    """Nobody said how far the lever may go, so it may not move."""
    table = sample.entities([50])

    said = guardrail.judge(wish(table, 51), sample.snapshot(table))

    assert said == Deny(f"no {guardrail.name} is set")


@pytest.mark.parametrize("guardrail", [Floor(BUDGET, None), Ceiling(BUDGET, None)])
def test_a_limit_of_one_lever_is_silent_about_others(guardrail: Floor | Ceiling) -> None:
    """What holds a budget has nothing to say about a bid."""
    table = sample.entities([50], levers={Lever.CPC_BID: [1_000_000]})

    said = guardrail.judge(wish(table, 2, lever=Lever.CPC_BID), sample.snapshot(table))

    assert told(said) == "allow"


@pytest.mark.parametrize("limit", [Floor, Ceiling])
@pytest.mark.parametrize("amount", [eur(0), eur(-1), Ratio.of(4)])
def test_a_limit_of_zero_or_of_another_kind_is_refused(limit: type[Floor | Ceiling], amount: Money) -> None:
    """A limit of 0 is a slip, not a wish."""
    with pytest.raises(ValueError, match="daily_budget"):
        limit(BUDGET, amount)  # type: ignore[call-arg]  # both take a lever and a limit


def test_a_limit_in_another_currency_denies_instead_of_comparing() -> None:
    """100 USD says nothing about 50 EUR."""
    table = sample.entities([50])

    said = Ceiling(BUDGET, Money.of(100, "USD")).judge(wish(table, 51), sample.snapshot(table))

    assert isinstance(said, Deny)
    assert "EUR" in said.because


def test_a_limit_that_is_not_a_whole_step_is_rounded_inwards() -> None:
    """A clamp must itself be an amount that the platform takes."""
    table = sample.entities([50])
    snapshot = sample.snapshot(table)

    low = Floor(BUDGET, eur("20.005")).judge(wish(table, 5), snapshot)
    high = Ceiling(BUDGET, eur("80.005")).judge(wish(table, 500), snapshot)

    assert (told(low), told(high)) == ("clamp 20.01 EUR", "clamp 80.00 EUR")


def test_a_target_roas_is_held_by_its_floor_where_spend_would_rise() -> None:
    """A lower target ROAS asks for more spend: there the floor is the limit on money."""
    table = sample.entities([50], levers={Lever.TARGET_ROAS: [4_000_000]})
    floor = Floor(Lever.TARGET_ROAS, Ratio.of(3))

    said = floor.judge(wish(table, 1, lever=Lever.TARGET_ROAS), sample.snapshot(table))

    assert told(said) == "clamp 3.00"
