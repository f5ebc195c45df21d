"""Doubt: only a clear yes or no of Meta is one, and whatever was not confirmed is told as it is."""

import json
from typing import Any

import pytest
from meta_account import (
    ad_set,
    campaign,
    to_budget,
)
from meta_fake import FakeMeta, Reply, error, fake_meta
from meta_writing import YES, because, no

from adapters.meta_ads.adapter import MetaAdsAdapter
from adapters.meta_ads.client import Client
from adapters.meta_ads.errors import CallFailed
from agent.clock import SteppedClock
from agent.domain.errors import AccessDenied, RateLimited, Unreachable
from agent.domain.lever import Lever
from agent.domain.outcome import Accepted, Ambiguous, Refused


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
        {**no(-1), "code": 503},
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
        Reply({"error": {"code": -1, "message": "?"}}, 503),
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


def test_a_rehearsal_that_broke_raises(server: FakeMeta, adapter: MetaAdsAdapter) -> None:
    """Nothing can have been applied, so nothing is ambiguous."""
    server.on("POST", "", Reply(None))

    with pytest.raises(Unreachable):
        adapter.rehearse([to_budget(campaign("11"), "10.00")])
