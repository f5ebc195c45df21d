"""Masks: each change names one leaf of one resource, and nothing else can change."""

from typing import Any

import pytest
from google_ads_rows import (
    BY_CPA,
    BY_HAND,
    BY_ROAS,
    CUSTOMER,
    PORTFOLIO,
    account_of,
    campaign,
    change,
    deep,
    drafted,
    strategy,
)

from adapters.google_ads.operations import request_of
from adapters.google_ads.structure import Structure
from agent.domain.lever import Lever, Ratio, Status, Value
from agent.domain.money import Money
from agent.domain.ref import Kind

EUROS = Money.of("12.00", "EUR")
FOR_LIFE = {
    "campaign_budget__period": "CUSTOM_PERIOD",
    "campaign_budget__amount_micros": 0,
    "campaign_budget__total_amount_micros": 900_000_000,
}
CPC, CPA, ROAS = "cpc_bid_micros", "target_cpa_micros", "target_roas"


def attached() -> Structure:
    return account_of(campaign(**PORTFOLIO), strategies={"5": strategy()})


@pytest.mark.parametrize(
    ("account", "kind", "id_", "lever", "value", "path", "sent"),
    [
        (deep(BY_HAND), Kind.KEYWORD, "70~700", Lever.CPC_BID, EUROS, CPC, 12_000_000),
        (deep(BY_HAND), Kind.AD_GROUP, "70", Lever.CPC_BID, EUROS, CPC, 12_000_000),
        (deep(BY_CPA), Kind.AD_GROUP, "70", Lever.TARGET_CPA, EUROS, CPA, 12_000_000),
        (deep(BY_ROAS), Kind.AD_GROUP, "70", Lever.TARGET_ROAS, Ratio.of("2.5"), ROAS, 2.5),
        (deep(BY_CPA), Kind.KEYWORD, "70~700", Lever.STATUS, Status.PAUSED, "status", 3),
        (deep(BY_CPA), Kind.AD_GROUP, "70", Lever.STATUS, Status.PAUSED, "status", 3),
        (deep(BY_CPA), Kind.CAMPAIGN, "7", Lever.STATUS, Status.PAUSED, "status", 3),
        (deep(BY_CPA), Kind.CAMPAIGN, "7", Lever.TARGET_CPA, EUROS, f"target_cpa.{CPA}", 12_000_000),
        (attached(), Kind.BIDDING_STRATEGY, "5", Lever.TARGET_CPA, EUROS, f"target_cpa.{CPA}", 12_000_000),
        (deep(BY_HAND), Kind.CAMPAIGN, "7", Lever.DAILY_BUDGET, EUROS, "amount_micros", 12_000_000),
        (deep(FOR_LIFE), Kind.CAMPAIGN, "7", Lever.LIFETIME_BUDGET, EUROS, "total_amount_micros", 12_000_000),
    ],
)
def test_each_lever_has_one_leaf_and_nothing_else_is_in_the_mask(  # one row of a table
    account: Structure, kind: Kind, id_: str, lever: Lever, value: Value, path: str, sent: float
) -> None:
    """What is not in the mask cannot change; a budget is a resource of its own."""
    batch = drafted(account, change(lever, value, kind, id_))

    (operation,) = batch.operations
    request = request_of(batch.operations, CUSTOMER, validate_only=False)
    (message,) = type(request).pb(request).operations
    is_budget = lever in (Lever.DAILY_BUDGET, Lever.LIFETIME_BUDGET)
    end = "campaignBudgets/9" if is_budget else f"{operation.service.collection}/{id_}"
    assert message.update.resource_name == f"customers/{CUSTOMER}/{end}"
    assert list(message.update_mask.paths) == [path]
    assert leaf(message.update, path) == sent


def leaf(message: Any, path: str) -> Any:
    for part in path.split("."):
        message = getattr(message, part)
    return message
