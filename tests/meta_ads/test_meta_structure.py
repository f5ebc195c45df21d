"""Structure: budgets stand at one level, bids where the strategy has them, and reasons to keep off."""

from typing import Any

import numpy as np
import pytest
from meta_account import AD_SETS, CAMPAIGNS, FACTS, structure

from adapters.meta_ads.entities import entities_of
from adapters.meta_ads.units import unit_micros
from agent.domain.lever import Lever
from agent.domain.ref import Kind


def test_a_budget_is_told_at_the_level_where_it_stands() -> None:
    """Campaign 12 has its budget on its ad sets, 11 and 13 have it themselves."""
    table = entities_of(FACTS, structure(), all_ad_sets=False)

    budgets = {table.ids[row]: table.value(row, Lever.DAILY_BUDGET) for row in range(len(table))}
    assert {id_: None if budget is None else str(budget) for id_, budget in budgets.items()} == {
        "11": "50.00 EUR",
        "12": None,
        "13": None,
        "121": "20.00 EUR",
        "122": "30.00 EUR",
    }
    assert (
        table.number(table.ref(int(np.flatnonzero(table.ids == "13")[0])), Lever.LIFETIME_BUDGET)
        == 700_000_000
    )


def test_a_budget_stands_at_one_level_even_where_meta_tells_two() -> None:
    """Writing that of an ad set below a campaign's budget would be refused (1885621)."""
    odd = structure(CAMPAIGNS[:1], [{**AD_SETS[0], "daily_budget": "700"}])

    assert odd.campaigns["11"].budget is not None
    assert odd.ad_sets["111"].budget is None


def test_ad_sets_without_a_budget_are_told_when_they_are_asked_for() -> None:
    """They carry bids and a status, and the id of their campaign."""
    table = entities_of(FACTS, structure(), all_ad_sets=True)

    rows = table.kinds == Kind.AD_SET.value
    assert table.ids[rows].tolist() == ["111", "121", "122", "131"]
    assert table.parents[rows].tolist() == ["11", "12", "12", "13"]
    assert set(table.parents[~rows].tolist()) == {""}


def test_a_bid_is_a_lever_where_the_strategy_reads_it() -> None:
    """A cost cap is a target CPA, a floor of ROAS a target ROAS; the rest has none."""
    nodes = structure().ad_sets

    assert nodes["111"].levers() == {Lever.TARGET_CPA: 12_500_000, Lever.STATUS: 1}
    assert nodes["121"].levers() == {
        Lever.BID_CAP: 3_000_000,
        Lever.DAILY_BUDGET: 20_000_000,
        Lever.STATUS: 1,
    }
    assert nodes["122"].levers() == {Lever.DAILY_BUDGET: 30_000_000, Lever.STATUS: 1}
    assert nodes["131"].levers() == {Lever.TARGET_ROAS: 2_000_000, Lever.STATUS: 1}


def test_a_cost_cap_for_clicks_is_no_target_cpa() -> None:
    """Its amount is what a click may cost; a strategy would take it for the cost of a sale."""
    ad_sets = [{**AD_SETS[0], "optimization_goal": "LINK_CLICKS"}]

    assert structure(CAMPAIGNS, ad_sets).ad_sets["111"].bid is None


def test_what_is_deleted_or_archived_is_not_there() -> None:
    """Neither is what is below it."""
    below = {**AD_SETS[2], "id": "141", "campaign_id": "14"}
    gone = {**AD_SETS[2], "status": "DELETED", "effective_status": "DELETED"}

    found = structure(CAMPAIGNS, [*AD_SETS[:2], below, gone])

    assert sorted(found.campaigns) == ["11", "12", "13"]
    assert sorted(found.ad_sets) == ["111", "121"]


def test_a_label_of_a_campaign_protects_its_ad_sets() -> None:
    """Nobody labels twice."""
    nodes = structure()

    assert nodes.campaigns["11"].labels == {"keep"}
    assert nodes.ad_sets["111"].labels == {"keep"}
    assert nodes.ad_sets["121"].labels == {"brand"}


def test_a_campaign_learns_while_one_of_its_ad_sets_does() -> None:
    """Meta says it of ad sets only; "FAIL" (learning limited) is not learning."""
    nodes = structure()

    assert nodes.campaigns["11"].learning and nodes.ad_sets["111"].learning
    assert not nodes.campaigns["12"].learning and not nodes.ad_sets["121"].learning


def test_the_first_day_is_one_of_the_accounts_own_zone() -> None:
    """Meta writes times with their offset."""
    assert structure().campaigns["11"].started == "2026-01-31"
    assert structure().ad_sets["122"].started == "NaT"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"objective": "CONVERSIONS"}, "withdrawn its objective conversions"),
        ({"buying_type": "RESERVED"}, "bought as reserved"),
        ({"is_budget_schedule_enabled": True}, "budget schedule"),
        ({"stop_time": "2026-11-20T00:00:00-0500"}, "ended on 2026-11-20"),
        ({"stop_time": "2026-11-22T00:00:00-0500"}, ""),
        ({"stop_time": "1969-12-31T16:00:00-0800"}, ""),  # as Meta writes that it has no end
        ({"buying_type": None}, ""),
        ({"objective": None}, ""),
        ({"name": None, "adlabels": [{"id": "5"}]}, ""),
        ({}, ""),
    ],
)
def test_what_gebot_leaves_alone_says_why(fields: dict[str, Any], reason: str) -> None:
    """And what is below a campaign is left alone with it."""
    nodes = structure([{**CAMPAIGNS[0], **fields}], AD_SETS[:1])

    assert reason in nodes.campaigns["11"].locked
    assert nodes.ad_sets["111"].locked == nodes.campaigns["11"].locked
    assert bool(nodes.campaigns["11"].locked) is bool(reason)


def test_ad_sets_that_share_their_budgets_are_left_alone() -> None:
    """A day may cost more than 1.75 times the budget then."""
    nodes = structure([{**CAMPAIGNS[1], "is_adset_budget_sharing_enabled": True}], AD_SETS[1:3])

    assert "share" in nodes.ad_sets["121"].locked
    assert nodes.campaigns["12"].locked == ""


def test_a_campaign_takes_the_strategy_that_all_its_ad_sets_have() -> None:
    """Where they differ it has none of its own."""
    same = [{**AD_SETS[1]}, {**AD_SETS[2], "bid_strategy": "LOWEST_COST_WITH_BID_CAP"}]

    assert structure(CAMPAIGNS, same).campaigns["12"].bidding == "lowest_cost_with_bid_cap"
    assert structure().campaigns["12"].bidding == ""
    assert structure().campaigns["11"].bidding == "cost_cap"


@pytest.mark.parametrize(
    ("currency", "unit"), [("EUR", 10_000), ("JPY", 1_000_000), ("HUF", 1_000_000), ("BHD", 10_000)]
)
def test_the_smallest_unit_is_metas_own(currency: str, unit: int) -> None:
    """Forints have no cents there, and dinars have a hundred, not a thousand."""
    assert unit_micros(currency) == unit
