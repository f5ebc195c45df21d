"""A value that no platform could take is named before anything is sent."""

import pytest

from agent.domain.entity import Account
from agent.domain.lever import Lever, Ratio, Status, Value
from agent.domain.money import Money
from agent.domain.ref import AccountId
from agent.domain.value_fault import value_fault

ACCOUNT = Account(AccountId("simulated", "demo"), "Demo", "EUR", "UTC", unit_micros=10_000)


def eur(amount: str) -> Money:
    return Money.of(amount, "EUR")


@pytest.mark.parametrize(
    ("lever", "value"),
    [
        (Lever.DAILY_BUDGET, eur("0.01")),
        (Lever.TARGET_ROAS, Ratio.of("0.01")),
        (Lever.CONVERSION_RATE_MODIFIER, Ratio.of(2)),
        (Lever.STATUS, Status.PAUSED),
        (Lever.DATA_EXCLUSION, Status.ENABLED),
    ],
)
def test_a_value_of_the_levers_own_kind_has_no_fault(lever: Lever, value: Value) -> None:
    """What is left to object to is the platform's own."""
    assert value_fault(lever, value, ACCOUNT) == ""


@pytest.mark.parametrize(
    ("lever", "value", "fault"),
    [
        (Lever.STATUS, eur("1"), "status was money, which it cannot be"),
        (Lever.TARGET_ROAS, eur("1"), "target_roas was money, which it cannot be"),
        (Lever.CPC_BID, Money.of("1", "USD"), "the value was in USD, the account is in EUR"),
        (
            Lever.CPC_BID,
            eur("0"),
            "cpc_bid was 0.00 EUR, it must be above zero (to stop an entity, pause it)",
        ),
        (Lever.CPC_BID, eur("1.005"), "cpc_bid was 1.005 EUR, which is not a multiple of 0.01 EUR"),
        (Lever.DAILY_BUDGET, Ratio.of(4), "daily_budget was a ratio, which it cannot be"),
        (Lever.TARGET_ROAS, Ratio.of(0), "target_roas was 0.00, it must be above zero"),
        (Lever.TARGET_ROAS, Status.PAUSED, "target_roas was a status, which it cannot be"),
    ],
)
def test_a_fault_names_the_lever_and_what_was_found(lever: Lever, value: Value, fault: str) -> None:
    """A reviewer reads it as the reason of a refusal."""
    assert value_fault(lever, value, ACCOUNT) == fault
