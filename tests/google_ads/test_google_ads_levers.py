"""Levers below and above the campaign: told and set only where they do something."""

from typing import Any

import pytest
from google_ads_rows import (
    ACCOUNT,
    BY_CPA,
    BY_HAND,
    BY_ROAS,
    PORTFOLIO,
    account_of,
    campaign,
    change,
    deep,
    drafted,
    group,
    keyword,
    refusal,
    strategy,
)

from adapters.google_ads.entities import entities_of
from agent.domain.lever import Lever, Status, Value
from agent.domain.money import Money
from agent.domain.outcome import Accepted
from agent.domain.ref import Kind

EURO = Money.of("1.00", "EUR")


@pytest.mark.parametrize(
    ("fields", "of_group", "of_keyword"),
    [
        (BY_HAND, {Lever.STATUS: 1, Lever.CPC_BID: 1_200_000}, {Lever.STATUS: 1, Lever.CPC_BID: 900_000}),
        (BY_CPA, {Lever.STATUS: 1, Lever.TARGET_CPA: 15_000_000}, {Lever.STATUS: 1}),
        (BY_ROAS, {Lever.STATUS: 1, Lever.TARGET_ROAS: 3_500_000}, {Lever.STATUS: 1}),
        (PORTFOLIO, {Lever.STATUS: 1}, {Lever.STATUS: 1}),
        ({"campaign__bidding_strategy_type": "MAXIMIZE_CONVERSIONS"}, {Lever.STATUS: 1}, {Lever.STATUS: 1}),
    ],
)
def test_bids_and_overrides_are_levers_only_where_google_heeds_them(
    fields: dict[str, Any], of_group: dict[Lever, int], of_keyword: dict[Lever, int]
) -> None:
    """Bids under manual CPC; a group's target where the campaign has set one of the same kind itself."""
    structure = deep(fields)

    assert structure.levers(Kind.AD_GROUP, "70") == of_group
    assert structure.levers(Kind.KEYWORD, "70~700") == of_keyword


def test_a_keyword_without_a_bid_of_its_own_has_no_bid_lever() -> None:
    """Its ad group's bid counts, and setting one would cut it loose."""
    structure = account_of(
        campaign(**BY_HAND), keywords={"70~700": keyword(ad_group_criterion__cpc_bid_micros=0)}
    )

    batch = drafted(structure, change(Lever.CPC_BID, EURO, Kind.KEYWORD, "70~700"))

    assert structure.levers(Kind.KEYWORD, "70~700") == {Lever.STATUS: 1}
    assert "no bid of its own" in refusal(batch)


@pytest.mark.parametrize(
    ("fields", "kind", "id_", "lever", "value", "why"),
    [
        (BY_CPA, Kind.KEYWORD, "70~700", Lever.CPC_BID, EURO, "bids by target_cpa"),
        (PORTFOLIO, Kind.AD_GROUP, "70", Lever.CPC_BID, EURO, "bids by target_cpa"),
        (BY_HAND, Kind.AD_GROUP, "70", Lever.TARGET_CPA, EURO, "overrides no target_cpa"),
        (
            PORTFOLIO,
            Kind.CAMPAIGN,
            "7",
            Lever.TARGET_CPA,
            Money.of("1.00", "EUR"),
            "change bidding_strategy 5",
        ),
        (BY_HAND, Kind.CAMPAIGN, "7", Lever.LIFETIME_BUDGET, Money.of("9.00", "EUR"), "is a daily_budget"),
        (BY_HAND, Kind.AD_GROUP, "71", Lever.CPC_BID, EURO, "no such ad_group"),
        (BY_HAND, Kind.KEYWORD, "70~701", Lever.STATUS, Status.PAUSED, "no such keyword"),
        (
            {**BY_HAND, "campaign__experiment_type": "EXPERIMENT"},
            Kind.KEYWORD,
            "70~700",
            Lever.CPC_BID,
            EURO,
            "experiment",
        ),
    ],
)
def test_what_would_do_nothing_or_too_much_is_refused_with_the_reason(  # one row of a table
    fields: dict[str, Any], kind: Kind, id_: str, lever: Lever, value: Value, why: str
) -> None:
    """Before the wire; the reviewer reads why."""
    batch = drafted(deep(fields), change(lever, value, kind, id_))

    assert batch.operations == ()
    assert why in refusal(batch)


def test_a_portfolio_strategy_is_one_entity_and_its_campaigns_have_no_target() -> None:
    """One write moves every campaign that is attached; how many stands in its name."""
    members = [campaign(**PORTFOLIO, campaign__id=id_) for id_ in (7, 8)]
    structure = account_of(*members, strategies={"5": strategy(), "6": strategy(bidding_strategy__id=6)})

    table = entities_of(ACCOUNT, structure)
    batch = drafted(structure, change(Lever.TARGET_CPA, Money.of("18.00", "EUR"), Kind.BIDDING_STRATEGY, "5"))

    row = table.index()["bidding_strategy", "5"]
    attached = [table.index()["campaign", id_] for id_ in ("7", "8")]
    assert len(table) == 3
    assert (table.ids[row], table.names[row]) == ("5", "Shoes (2 campaigns)")
    assert table.value(row, Lever.TARGET_CPA) == Money.of("20.00", "EUR")
    assert [table.value(each, Lever.TARGET_CPA) for each in attached] == [None, None]
    (operation,) = batch.operations
    assert operation.resource_name == "customers/1234567890/biddingStrategies/5"
    assert [setting.path for setting in operation.settings] == ["target_cpa.target_cpa_micros"]


def test_a_portfolio_strategy_in_another_currency_or_with_an_experiment_is_left_alone() -> None:
    """Its money cannot be compared; an experiment must not move under somebody's hands."""
    foreign = account_of(
        campaign(**PORTFOLIO), strategies={"5": strategy(bidding_strategy__effective_currency_code="USD")}
    )
    tried = account_of(
        campaign(**PORTFOLIO, campaign__experiment_type="EXPERIMENT"), strategies={"5": strategy()}
    )

    locked = [entities_of(ACCOUNT, each).locked[0] for each in (foreign, tried)]

    assert locked == ["its money is USD", "experiment"]


def test_what_is_in_a_campaign_carries_its_labels_lock_and_place() -> None:
    """A label protects all of a campaign; a keyword's parent is its campaign."""
    structure = account_of(
        campaign(**BY_HAND, campaign__labels=["labels/1"], campaign__experiment_type="EXPERIMENT"),
        groups={"70": group(ad_group__labels=["labels/2"])},
        keywords={"70~700": keyword(ad_group__labels=["labels/2"], ad_group_criterion__labels=["labels/3"])},
        labels={"labels/1": "brand", "labels/2": "boots", "labels/3": "test"},
    )

    table = entities_of(ACCOUNT, structure)

    found = [
        (table.kinds[row], table.names[row], table.parents[row], table.labels[row], table.locked[row])
        for row in range(len(table))
    ]
    assert found == [
        ("ad_group", "Boots", "7", {"brand", "boots"}, "experiment"),
        ("campaign", "Shoes", "", {"brand"}, "experiment"),
        ("keyword", "[red boots]", "7", {"brand", "boots", "test"}, "experiment"),
    ]


def test_what_stands_already_is_accepted_without_an_operation() -> None:
    """Quota is scarce, and absolute values say the same twice."""
    batch = drafted(
        deep(BY_HAND),
        change(Lever.CPC_BID, Money.of("0.90", "EUR"), Kind.KEYWORD, "70~700"),
        change(Lever.DAILY_BUDGET, Money.of("50.00", "EUR")),
        change(Lever.STATUS, Status.ENABLED, Kind.AD_GROUP, "70"),
    )

    assert batch.operations == ()
    assert [type(batch.settled[position]) for position in range(3)] == [Accepted] * 3
