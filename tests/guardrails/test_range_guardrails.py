"""Floor and ceiling hold a lever inside its range, and let one that stands outside come back."""

from dataclasses import replace

import pytest
import sample
from wishes import eur, told, wish

from agent.config.guardrails import GuardrailSettings
from agent.domain.entity import Account
from agent.domain.lever import Lever, Ratio
from agent.domain.money import Money
from agent.domain.verdict import Clamp, Deny
from agent.guardrails.judge import judge
from agent.guardrails.range import Ceiling, Floor, PlatformMinimum
from agent.guardrails.step import MaxStep
from agent.wiring.fencing import fence

BUDGET = Lever.DAILY_BUDGET
TAKES_TWO = replace(sample.ACCOUNT, min_daily_budget_micros=2_000_000)


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


@pytest.mark.parametrize(
    ("present", "target", "verdict"),
    [
        (50, "2.00", "allow"),  # the edge
        (50, "1.99", "clamp 2.00 EUR"),
        (2, "1.99", "deny"),
        (1, "0.90", "deny"),
        (1, "1.20", "deny"),  # the platform would refuse this raise as well
        (1, "2.00", "allow"),
    ],
)
def test_no_budget_ends_below_what_the_platform_accepts(present: float, target: str, verdict: str) -> None:
    """Unlike a floor of the user it holds raises too: what ends below it is refused there."""
    table = sample.entities([present], account=TAKES_TWO)

    said = PlatformMinimum().judge(wish(table, target), sample.snapshot(table))

    assert told(said) == verdict


def test_a_reason_names_what_the_platform_accepts() -> None:
    """Nobody finds that figure in the configuration."""
    table = sample.entities([2], account=TAKES_TWO)

    said = PlatformMinimum().judge(wish(table, "1.50"), sample.snapshot(table))

    assert said == Deny(
        "1.50 EUR is below 2.00 EUR, the smallest daily budget that the platform accepts; "
        "it stands at 2.00 EUR"
    )


@pytest.mark.parametrize("account", [sample.ACCOUNT, TAKES_TWO])
def test_the_smallest_budget_says_nothing_about_bids_nor_where_nobody_knows_it(account: Account) -> None:
    """A bid of a few cents is usual; 0 is not a minimum."""
    table = sample.entities([50], account=account, levers={Lever.CPC_BID: [1_000_000]})
    about = wish(table, "0.10", lever=Lever.CPC_BID if account is TAKES_TWO else BUDGET)

    said = PlatformMinimum().judge(about, sample.snapshot(table))

    assert told(said) == "allow"


def test_a_raise_that_a_step_holds_below_the_smallest_budget_is_denied() -> None:
    """From 1 EUR a step of 20 % ends at 1.20, which the platform refuses."""
    limits = {"daily_budget": {"floor": "0.50 EUR", "ceiling": "80 EUR", "max_step": "20%"}}
    guardrails = [
        guardrail
        for guardrail in fence(GuardrailSettings.model_validate(limits)).guardrails
        if isinstance(guardrail, Floor | Ceiling | MaxStep | PlatformMinimum)
    ]
    table = sample.entities([1], account=TAKES_TWO)

    (decision,) = judge([wish(table, "2.50")], sample.snapshot(table), guardrails)

    assert decision.change is None
    assert [word.guardrail for word in decision.words] == ["daily_budget.max_step", "platform_minimum"]
