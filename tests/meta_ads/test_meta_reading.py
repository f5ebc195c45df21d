"""Reading over the wire: pages to their end, reports of any size, one name for each failure."""

import json
import threading
from datetime import date, timedelta
from typing import Any

import pytest
from meta_account import (
    CAMPAIGNS,
    NODE,
    NOW,
    ad_set,
    adapter_on,
    campaign,
)
from meta_fake import Asked, FakeMeta, Reply, error

from adapters.meta_ads.adapter import MetaAdsAdapter
from agent.clock import SteppedClock
from agent.domain.errors import AccessDenied, Misunderstood, RateLimited, Unreachable
from agent.domain.lever import Lever, Ratio, Status
from agent.domain.money import Money
from agent.domain.ref import Kind, Ref

SINCE, UNTIL = date(2026, 11, 1), date(2026, 11, 21)


def test_the_account_is_what_meta_says(adapter: MetaAdsAdapter) -> None:
    """The least budget is the one in its own currency."""
    account = adapter.account()

    assert (account.name, account.currency, account.time_zone) == ("Shop", "EUR", "America/New_York")
    assert (account.unit_micros, account.over_delivery) == (10_000, 1.75)
    assert account.min_daily_budget_micros == 1_000_000


@pytest.mark.parametrize(
    ("fields", "error_", "words"),
    [
        ({"id": "act_9"}, Misunderstood, "answered for account 9"),
        ({"timezone_name": "Mars/Olympus"}, Misunderstood, "Mars/Olympus"),
        ({"account_status": 2}, AccessDenied, "disabled"),
        ({"currency": None}, Misunderstood, "could not be read"),
    ],
)
def test_an_account_that_cannot_be_worked_on_says_why(
    server: FakeMeta, adapter: MetaAdsAdapter, fields: dict[str, Any], error_: type[Exception], words: str
) -> None:
    """Before anything is decided on it."""
    given = {"id": NODE, "currency": "EUR", "timezone_name": "Europe/Berlin", **fields}
    server.on("GET", NODE, {name: value for name, value in given.items() if value is not None})

    with pytest.raises(error_, match=words):
        adapter.account()


def test_entities_are_campaigns_and_the_ad_sets_that_hold_budgets(adapter: MetaAdsAdapter) -> None:
    """All ad sets where the options name them."""
    table = adapter.entities()

    assert table.ids.tolist() == ["121", "122", "11", "12", "13"]
    assert table.kinds.tolist() == ["ad_set"] * 2 + ["campaign"] * 3


def test_all_ad_sets_are_told_when_the_options_name_them(server: FakeMeta, clock: SteppedClock) -> None:
    """For their bids."""
    table = adapter_on(server, clock, levels=["ad_set"]).entities()

    assert table.ids.tolist() == ["111", "121", "122", "131", "11", "12", "13"]


def test_pages_are_read_to_the_end_through_empty_ones(server: FakeMeta, adapter: MetaAdsAdapter) -> None:
    """The SDK's own cursor would stop at the empty page and lose half the account."""

    def page(data: list[Any], after: str) -> dict[str, Any]:
        return {"data": data, "paging": {"cursors": {"after": after}, "next": "https://x"}}

    server.on(
        "GET",
        f"{NODE}/campaigns",
        page(CAMPAIGNS[:1], "a"),
        page([], "b"),
        {"data": CAMPAIGNS[1:3], "paging": {"cursors": {"after": "c"}}},
    )

    table = adapter.entities()

    assert [asked.params.get("after") for asked in server.told("GET", f"{NODE}/campaigns")] == [
        None,
        "a",
        "b",
    ]
    assert table.ids[table.kinds == "campaign"].tolist() == ["11", "12", "13"]


def test_pages_that_turn_in_a_circle_are_left(server: FakeMeta, adapter: MetaAdsAdapter) -> None:
    """Rather than read for ever."""
    server.on("GET", f"{NODE}/campaigns", {"data": [], "paging": {"cursors": {"after": "a"}, "next": "x"}})

    with pytest.raises(Unreachable, match="next page"):
        adapter.entities()


def test_values_are_read_fresh_by_id_at_most_fifty_at_once(server: FakeMeta, adapter: MetaAdsAdapter) -> None:
    """With their campaigns, which tell where the budget is."""
    levers = [
        (campaign("11"), Lever.DAILY_BUDGET),
        (campaign("12"), Lever.DAILY_BUDGET),
        (campaign("12"), Lever.STATUS),
        (ad_set("121"), Lever.BID_CAP),
        (ad_set("131"), Lever.TARGET_ROAS),
        (Ref("meta_ads", "9", Kind.CAMPAIGN, "11"), Lever.STATUS),
        (Ref("meta_ads", "123", Kind.KEYWORD, "11"), Lever.STATUS),
        (campaign("../11"), Lever.STATUS),
    ]

    found = adapter.read(levers)

    assert found == {
        levers[0]: Money.of(50, "EUR"),
        levers[2]: Status.PAUSED,
        levers[3]: Money.of(3, "EUR"),
        levers[4]: Ratio.of(2),
    }
    assert [asked.params["ids"] for asked in server.told("GET", "")] == ["121,131", "11,12,13"]


def test_an_object_that_is_gone_does_not_hide_the_others(server: FakeMeta, adapter: MetaAdsAdapter) -> None:
    """Meta refuses the whole call for one of them."""
    levers = [(campaign(id_), Lever.STATUS) for id_ in ("11", "12", "13", "98", "99")]

    assert set(adapter.read(levers)) == set(levers[:3])


@pytest.mark.parametrize(
    ("reply", "error_"),
    [
        (Reply(None), Unreachable),
        (error(1, status=500), Unreachable),
        (error(2, is_transient=True), Unreachable),
        (Reply("<html>error</html>", 502), Unreachable),
        (Reply("Service Unavailable"), Unreachable),
        (error(4, 1504022), RateLimited),
        (error(17, 2446079), RateLimited),
        (error(80004), RateLimited),
        (error(190, 463), AccessDenied),
        (error(200), AccessDenied),
        (error(100, 33), Misunderstood),
        (error(2500), Misunderstood),
        (Reply({"data": [{"no": "id"}]}), Misunderstood),
        (Reply({"nothing": 1}), Unreachable),
    ],
)
def test_each_failure_of_a_read_says_who_acts_next(
    server: FakeMeta, adapter: MetaAdsAdapter, reply: Reply, error_: type[Exception]
) -> None:
    """One class for each answer, by the code alone."""
    server.on("GET", f"{NODE}/campaigns", reply)

    with pytest.raises(error_, match="meta_ads:123"):
        adapter.entities()


def test_a_call_that_takes_too_long_is_given_up(server: FakeMeta, clock: SteppedClock) -> None:
    """Every call has a deadline; the SDK's default is to wait for ever."""
    adapter = adapter_on(server, clock, timeout_s=0.2)
    over = threading.Event()

    def late(_: Asked) -> Reply:
        over.wait(2.0)
        return Reply({})

    server.on("GET", NODE, late)

    with pytest.raises(Unreachable, match="within the time allowed"):
        adapter.account()
    over.set()


def test_reports_have_limits_of_their_own(server: FakeMeta, adapter: MetaAdsAdapter) -> None:
    """Reading structure goes on while reports wait."""
    busy = {"9": [{"type": "ads_insights", "call_count": 99, "estimated_time_to_regain_access": 5}]}
    headers = {"X-Business-Use-Case-Usage": json.dumps(busy)}
    server.on("GET", f"{NODE}/insights", Reply({"data": []}, headers=headers))
    server.on("GET", f"{NODE}/adsets", {"data": []})

    adapter.metrics(SINCE, UNTIL)

    with pytest.raises(RateLimited) as raised:
        adapter.metrics(SINCE, UNTIL)
    assert raised.value.retry_after_s == 300.0
    assert len(adapter.entities()) == 3


def test_a_refusal_is_not_asked_for_again_before_its_time(
    server: FakeMeta, adapter: MetaAdsAdapter, clock: SteppedClock
) -> None:
    """Calls while an account is blocked are counted against it."""
    server.on("GET", f"{NODE}/campaigns", error(17, 2446079), {"data": []})
    for _ in range(3):
        with pytest.raises(RateLimited):
            adapter.entities()

    clock.move_to(NOW + timedelta(minutes=5))
    adapter.entities()

    assert len(server.told("GET", f"{NODE}/campaigns")) == 2


def test_the_wait_that_a_refusal_names_is_passed_on(server: FakeMeta, adapter: MetaAdsAdapter) -> None:
    """Minutes, in a header beside the error."""
    busy = {"9": [{"type": "ads_management", "call_count": 100, "estimated_time_to_regain_access": 12}]}
    refusal = error(80004)
    server.on("GET", NODE, Reply(refusal.body, 400, {"X-Business-Use-Case-Usage": json.dumps(busy)}))

    with pytest.raises(RateLimited) as raised:
        adapter.account()

    assert raised.value.retry_after_s == 720.0
