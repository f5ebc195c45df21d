"""Writing: absolute values at the right level, each once, and every outcome is told as it is."""

import pytest
from meta_account import (
    CAMPAIGNS,
    ad_set,
    campaign,
    to_budget,
    to_status,
)
from meta_fake import FakeMeta
from meta_writing import YES, because, change, no, sent

from adapters.meta_ads.adapter import MetaAdsAdapter
from agent.domain.lever import Lever, Ratio, Status
from agent.domain.money import Money
from agent.domain.outcome import Accepted, Refused
from agent.domain.plan import Change
from agent.domain.ref import Ref


@pytest.mark.parametrize(
    ("given", "id_", "body"),
    [
        (to_budget(campaign("11"), "51.20"), "11", "daily_budget=5120"),
        (to_budget(campaign("13"), "800.00", Lever.LIFETIME_BUDGET), "13", "lifetime_budget=80000"),
        (to_budget(ad_set("121"), "21.00"), "121", "daily_budget=2100"),
        (to_status(campaign("11"), Status.PAUSED), "11", "status=PAUSED"),
        (to_status(campaign("12"), Status.ENABLED), "12", "status=ACTIVE"),
        (to_status(ad_set("111"), Status.PAUSED), "111", "status=PAUSED"),
        (to_budget(ad_set("121"), "3.50", Lever.BID_CAP), "121", "bid_amount=350"),
        (to_budget(ad_set("111"), "11.00", Lever.TARGET_CPA), "111", "bid_amount=1100"),
        (
            change(ad_set("131"), Lever.TARGET_ROAS, Ratio.of("2.5")),
            "131",
            "bid_constraints=%7B%22roas_average_floor%22%3A+25000%7D",
        ),
    ],
)
def test_a_change_is_one_field_of_one_object(
    server: FakeMeta, adapter: MetaAdsAdapter, given: Change, id_: str, body: str
) -> None:
    """Absolute, in Meta's smallest unit, and nothing beside it."""
    receipts = adapter.apply([given])

    assert isinstance(receipts[0], Accepted)
    assert sent(server) == [{"method": "POST", "relative_url": id_, "body": body}]


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (to_budget(campaign("12"), "10.00"), "its budget is at its ad sets"),
        (to_budget(ad_set("111"), "10.00"), "its budget is at its campaign"),
        (to_budget(campaign("11"), "10.00", Lever.LIFETIME_BUDGET), "has a daily_budget"),
        (to_budget(ad_set("122"), "1.00", Lever.BID_CAP), "(lowest_cost_without_cap) has no bid_cap"),
        (to_budget(campaign("11"), "1.00", Lever.CPC_BID), "no lever cpc_bid"),
        (to_budget(campaign("99"), "10.00"), "no such campaign"),
        (to_budget(campaign("14"), "10.00"), "no such campaign"),
        (to_budget(campaign("11"), "10.005"), "not a multiple of 0.01 EUR"),
        (to_budget(campaign("11"), "0.00"), "above zero"),
        (change(campaign("11"), Lever.DAILY_BUDGET, Money.of(10, "USD")), "the account is in EUR"),
        (change(campaign("11"), Lever.DAILY_BUDGET, Ratio.of(1)), "was a ratio"),
        (change(ad_set("131"), Lever.TARGET_ROAS, Ratio(2_000_050)), "four decimals"),
        (change(ad_set("131"), Lever.TARGET_ROAS, Ratio.of(1001)), "0.01 to 1000"),
        (to_budget(Ref("meta_ads", "9", campaign("11").kind, "11"), "10.00"), "another account"),
    ],
)
def test_what_meta_must_not_be_asked_never_leaves(
    server: FakeMeta, adapter: MetaAdsAdapter, given: Change, reason: str
) -> None:
    """Each refusal says what would have to be different."""
    receipts = adapter.apply([given])

    assert reason in because(receipts[0])
    assert sent(server) == []


def test_what_gebot_leaves_alone_is_not_written(server: FakeMeta, adapter: MetaAdsAdapter) -> None:
    """It was locked since the plan was drawn up."""
    server.on("GET", "", {"11": {**CAMPAIGNS[0], "is_budget_schedule_enabled": True}})

    receipts = adapter.apply([to_budget(campaign("11"), "10.00")])

    assert "leaves it alone" in because(receipts[0])
    assert sent(server) == []


def test_what_stands_already_costs_no_budget_change(server: FakeMeta, adapter: MetaAdsAdapter) -> None:
    """Meta counts four an hour, and a write that changes nothing would be one."""
    receipts = adapter.apply([to_budget(campaign("11"), "50.00"), to_status(campaign("12"), Status.PAUSED)])

    assert receipts == [Accepted(), Accepted()]
    assert sent(server) == []


def test_receipts_stand_in_the_order_of_the_changes(server: FakeMeta, adapter: MetaAdsAdapter) -> None:
    """Refused, standing and sent ones together; the request id is Meta's."""
    yes = {**YES, "headers": [{"name": "x-fb-request-id", "value": "R7"}]}
    server.on("POST", "", [no(100, 1885272), yes])

    receipts = adapter.apply(
        [
            to_budget(campaign("99"), "10.00"),
            to_budget(campaign("11"), "0.10"),
            to_budget(ad_set("122"), "30.00"),
            to_budget(ad_set("121"), "21.00"),
        ]
    )

    assert [type(receipt) for receipt in receipts] == [Refused, Refused, Accepted, Accepted]
    assert "100/1885272" in because(receipts[1])
    assert receipts[3] == Accepted("R7")


def test_two_changes_of_one_object_never_share_a_request(server: FakeMeta, adapter: MetaAdsAdapter) -> None:
    """Entries of a batch run side by side, and Meta locks what it changes."""
    changes = [
        to_budget(ad_set("121"), "21.00"),
        to_budget(ad_set("121"), "3.50", Lever.BID_CAP),
        to_budget(ad_set("122"), "31.00"),
    ]

    receipts = adapter.apply(changes)

    batches = [[call["relative_url"] for call in asked.json("batch")] for asked in server.told("POST", "")]
    assert all(isinstance(receipt, Accepted) for receipt in receipts)
    assert batches == [["121", "122"], ["121"]]


def test_the_same_lever_twice_is_refused_the_second_time(server: FakeMeta, adapter: MetaAdsAdapter) -> None:
    """Which one should stand?"""
    receipts = adapter.apply([to_budget(campaign("11"), "10.00"), to_budget(campaign("11"), "11.00")])

    assert isinstance(receipts[0], Accepted)
    assert "another change" in because(receipts[1])
    assert len(sent(server)) == 1


def test_a_rehearsal_changes_nothing_and_costs_no_budget_change(
    server: FakeMeta, adapter: MetaAdsAdapter
) -> None:
    """Meta validates; what it says is what the receipt says."""
    server.on("POST", "", *[[YES]] * 6, [no(100, 1885272)])

    for _ in range(6):
        assert adapter.rehearse([to_budget(campaign("11"), "10.00")]) == [Accepted()]
    refused = adapter.rehearse([to_budget(campaign("11"), "0.10")])

    assert "1885272" in because(refused[0])
    assert all("execution_options=%5B%22validate_only%22%5D" in call["body"] for call in sent(server))
