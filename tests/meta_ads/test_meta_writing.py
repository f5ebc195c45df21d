"""Writing: absolute values at the right level, each once, and every outcome is told as it is."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from meta_account import (
    CAMPAIGNS,
    NOW,
    ad_set,
    adapter_on,
    campaign,
    stock,
    to_budget,
    to_status,
)
from meta_fake import Asked, FakeMeta, Reply, error, fake_meta

from adapters.meta_ads.adapter import MetaAdsAdapter
from adapters.meta_ads.budget_edits import BudgetEdits
from adapters.meta_ads.client import Client
from adapters.meta_ads.errors import CallFailed
from adapters.meta_ads.posts import Draft, Post
from adapters.meta_ads.sending import Sending
from agent.clock import SteppedClock
from agent.domain.errors import AccessDenied, RateLimited, Unreachable
from agent.domain.lever import Lever, Ratio, Status, Value
from agent.domain.money import Money
from agent.domain.outcome import Accepted, Ambiguous, Receipt, Refused
from agent.domain.plan import Change
from agent.domain.ref import Ref

YES: dict[str, Any] = {"code": 200, "body": json.dumps({"success": True})}


@pytest.fixture
def server() -> Iterator[FakeMeta]:
    with fake_meta() as running:
        stock(running)
        running.on("POST", "", lambda asked: Reply([YES] * len(asked.json("batch"))))
        yield running


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock(NOW)


@pytest.fixture
def adapter(server: FakeMeta, clock: SteppedClock) -> MetaAdsAdapter:
    return adapter_on(server, clock)


def sent(server: FakeMeta) -> list[dict[str, str]]:
    return [call for asked in server.told("POST", "") for call in asked.json("batch")]


def no(code: int, subcode: int | None = None, **more: Any) -> dict[str, Any]:
    return {"code": 400, "body": json.dumps(error(code, subcode, **more).body)}


def because(receipt: Receipt) -> str:
    assert isinstance(receipt, Refused | Ambiguous)
    return receipt.because


def change(ref: Ref, lever: Lever, after: Value) -> Change:
    return Change(ref, lever, after, after)


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


def test_an_entry_without_an_answer_is_ambiguous(server: FakeMeta, adapter: MetaAdsAdapter) -> None:
    """Meta leaves it null when it took too long; it may have been done."""
    server.on("POST", "", [YES, None])

    receipts = adapter.apply([to_budget(campaign("11"), "10.00"), to_budget(ad_set("121"), "10.00")])

    assert isinstance(receipts[0], Accepted)
    assert isinstance(receipts[1], Ambiguous)


@pytest.mark.parametrize(
    "entry",
    [
        {"code": 200, "body": "{}"},
        {"code": 200, "body": "not json"},
        {"code": 200},
        {"code": 200, "body": json.dumps({"success": False})},
        no(1),
        no(2, is_transient=True),
        {"code": 500, "body": json.dumps({"error": {"message": "?"}})},
    ],
)
def test_only_a_clear_yes_is_one(server: FakeMeta, adapter: MetaAdsAdapter, entry: dict[str, Any]) -> None:
    """And only a clear no is one: the rest is settled by reading."""
    server.on("POST", "", [entry])

    receipts = adapter.apply([to_budget(campaign("11"), "10.00")])

    assert isinstance(receipts[0], Ambiguous)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(None),
        Reply("<html>502 Bad Gateway, an error, no success</html>", 502),
        Reply("<html>200</html>"),
        Reply("{", 200),
        Reply({"success": False}),
        Reply({"id": "no list"}),
        Reply({"error": "text"}, 500),
        Reply('{"error": {"message": "x", "code": 1, "error_data": "no json"}}', 500),
        error(2, is_transient=True),
        error(1, status=500),
        Reply([]),
    ],
)
def test_a_request_that_nobody_confirmed_is_ambiguous(
    server: FakeMeta, adapter: MetaAdsAdapter, reply: Reply
) -> None:
    """Broken off, answered by a proxy, unreadable or too short: it may have been done."""
    server.on("POST", "", reply)

    receipts = adapter.apply([to_budget(campaign("11"), "10.00")])

    assert isinstance(receipts[0], Ambiguous)
    assert len(server.told("POST", "")) == 1


@pytest.mark.parametrize(
    ("reply", "error_"),
    [
        (error(4), RateLimited),
        (error(17, 2446079), RateLimited),
        (error(80004), RateLimited),
        (error(190, 463), AccessDenied),
        (Reply([no(80004)]), RateLimited),
        (Reply([no(190)]), AccessDenied),
    ],
)
def test_a_request_that_was_refused_whole_raises(
    server: FakeMeta, adapter: MetaAdsAdapter, reply: Reply, error_: type[Exception]
) -> None:
    """Nothing was applied, and that is certain."""
    server.on("POST", "", reply)

    with pytest.raises(error_, match="meta_ads:123"):
        adapter.apply([to_budget(campaign("11"), "10.00")])


def test_a_connection_that_never_stood_carried_nothing(clock: SteppedClock) -> None:
    """So a write that came to this is not ambiguous; one whose answer is missing is."""
    with fake_meta() as server:
        server.on("POST", "", Reply(None))
        client = Client("123", "token", clock, endpoint=server.address)
        with pytest.raises(CallFailed) as lost:
            client.batch([])

    with pytest.raises(CallFailed, match="nobody answers") as never:
        client.batch([])

    assert never.value.fault.surely_not_applied
    assert not lost.value.fault.surely_not_applied


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


def test_after_an_unanswered_request_nothing_more_is_sent(server: FakeMeta, adapter: MetaAdsAdapter) -> None:
    """Who knows what goes on there; the next cycle will see."""
    server.on("POST", "", Reply(None))

    receipts = adapter.apply(
        [to_budget(ad_set("121"), "21.00"), to_budget(ad_set("121"), "3.50", Lever.BID_CAP)]
    )

    assert isinstance(receipts[0], Ambiguous)
    assert "not sent" in because(receipts[1])
    assert len(server.told("POST", "")) == 1


def test_when_a_later_request_is_refused_the_earlier_receipts_stand(
    server: FakeMeta, adapter: MetaAdsAdapter
) -> None:
    """An exception would say "nothing was applied", which would be false."""
    server.on("POST", "", [YES], error(80004))

    receipts = adapter.apply(
        [to_budget(ad_set("121"), "21.00"), to_budget(ad_set("121"), "3.50", Lever.BID_CAP)]
    )

    assert isinstance(receipts[0], Accepted)
    assert isinstance(receipts[1], Refused)


def test_at_most_fifty_go_in_one_request(server: FakeMeta, clock: SteppedClock) -> None:
    """Meta takes no more."""
    adapter = adapter_on(server, clock, changes_per_second=1_000)
    many = {str(n): {**CAMPAIGNS[0], "id": str(n)} for n in range(1000, 1120)}

    def by_ids(asked: Asked) -> Reply:
        return Reply({id_: many[id_] for id_ in asked.params["ids"].split(",")})

    server.on("GET", "", by_ids)

    receipts = adapter.apply([to_budget(campaign(id_), "10.00") for id_ in many])

    assert all(isinstance(receipt, Accepted) for receipt in receipts)
    assert [len(asked.json("batch")) for asked in server.told("POST", "")] == [50, 50, 20]
    assert [len(asked.params["ids"].split(",")) for asked in server.told("GET", "")] == [50, 50, 20]


def test_batches_keep_below_the_changes_a_second(server: FakeMeta, clock: SteppedClock) -> None:
    """The clock stands still here, so each batch after the first waits its half second."""
    waits: list[float] = []
    client = Client("123", "token", clock, endpoint=server.address, sleep=waits.append)
    posts = tuple(Post(n, str(n), "status", "PAUSED") for n in range(150))

    receipts = Sending(client, "meta_ads:123", clock, BudgetEdits(None)).apply(Draft(posts, {}))

    assert len(receipts) == 150
    assert waits == [0.5, 0.5]


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


def test_a_rehearsal_that_broke_raises(server: FakeMeta, adapter: MetaAdsAdapter) -> None:
    """Nothing can have been applied, so nothing is ambiguous."""
    server.on("POST", "", Reply(None))

    with pytest.raises(Unreachable):
        adapter.rehearse([to_budget(campaign("11"), "10.00")])


def test_the_fifth_budget_change_of_an_hour_never_leaves(
    server: FakeMeta, clock: SteppedClock, tmp_path: Path
) -> None:
    """Failed attempts count as well, and so do those of a process that is no more."""
    server.on("POST", "", [YES], [no(100, 1885272)], Reply(None), [YES])
    amounts = ["10.00", "0.10", "11.00", "12.00"]
    for amount in amounts:
        adapter_on(server, clock, state=tmp_path).apply([to_budget(ad_set("121"), amount)])

    again = adapter_on(server, clock, state=tmp_path)
    late = again.apply([to_budget(ad_set("121"), "13.00"), to_budget(ad_set("122"), "13.00")])
    bid = again.apply([to_budget(ad_set("121"), "3.50", Lever.BID_CAP)])

    assert "the next one may go at 2026-11-21 16:31 UTC" in because(late[0])
    assert isinstance(late[1], Accepted)
    assert isinstance(bid[0], Accepted)
    assert len(server.told("POST", "")) == 6


def test_a_budget_that_meta_has_blocked_waits_an_hour(
    server: FakeMeta, adapter: MetaAdsAdapter, clock: SteppedClock
) -> None:
    """People change budgets too; asking again would only be refused again."""
    server.on("POST", "", [no(613, 1487632)], [YES])

    first = adapter.apply([to_budget(ad_set("121"), "10.00")])
    second = adapter.apply([to_budget(ad_set("121"), "10.00")])
    clock.move_to(NOW + timedelta(hours=1, minutes=1))
    third = adapter.apply([to_budget(ad_set("121"), "10.00")])

    assert "613/1487632" in because(first[0])
    assert "the next one may go at" in because(second[0])
    assert isinstance(third[0], Accepted)


def test_near_a_limit_nothing_is_written_and_no_budget_change_is_spent(
    server: FakeMeta, adapter: MetaAdsAdapter, clock: SteppedClock
) -> None:
    """Meta named the minutes; they are waited for before the wire."""
    adapter.account()
    busy = {
        "X-Business-Use-Case-Usage": json.dumps(
            {"9": [{"type": "ads_management", "call_count": 99, "estimated_time_to_regain_access": 7}]}
        )
    }
    server.on("GET", "", Reply({"11": CAMPAIGNS[0]}, headers=busy))

    for _ in range(5):
        with pytest.raises(RateLimited) as raised:
            adapter.apply([to_budget(campaign("11"), "10.00")])
    assert raised.value.retry_after_s == 420.0
    clock.move_to(NOW + timedelta(minutes=7))
    server.on("GET", "", {"11": CAMPAIGNS[0]})
    receipts = adapter.apply([to_budget(campaign("11"), "10.00")])

    assert isinstance(receipts[0], Accepted)
    assert len(sent(server)) == 1


def test_a_count_that_cannot_be_written_lets_no_budget_go(
    server: FakeMeta, clock: SteppedClock, tmp_path: Path
) -> None:
    """Bids and statuses are not counted, and go."""
    (tmp_path / "file").write_text("")
    adapter = adapter_on(server, clock, state=tmp_path / "file")

    receipts = adapter.apply([to_budget(campaign("11"), "10.00"), to_status(ad_set("111"), Status.PAUSED)])

    assert "could not write down" in because(receipts[0])
    assert isinstance(receipts[1], Accepted)
