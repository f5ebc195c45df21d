"""Limits on writing: four budget changes an hour, changes a second, calls, and words written down first."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from meta_account import (
    CAMPAIGNS,
    NOW,
    ad_set,
    adapter_on,
    campaign,
    to_budget,
    to_status,
)
from meta_fake import Asked, FakeMeta, Reply
from meta_writing import YES, because, no, sent

from adapters.meta_ads.adapter import MetaAdsAdapter
from adapters.meta_ads.budget_edits import BudgetEdits
from adapters.meta_ads.client import Client
from adapters.meta_ads.posts import Draft, Post
from adapters.meta_ads.sending import Sending
from agent.clock import SteppedClock
from agent.domain.errors import RateLimited
from agent.domain.lever import Lever, Status
from agent.domain.outcome import Accepted


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
