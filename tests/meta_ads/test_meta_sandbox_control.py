"""The control port of a Meta sandbox, what lasts over a restart, and what it must not fall behind."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from facebook_business.adobjects.adaccount import AdAccount
from facebook_business.adobjects.adreportrun import AdReportRun
from facebook_business.adobjects.adset import AdSet
from facebook_business.adobjects.adsinsights import AdsInsights
from facebook_business.adobjects.campaign import Campaign
from meta_sandbox import (
    ACCOUNT,
    ACCOUNT_ID,
    START,
    ad_sets,
    api_on,
    broken,
    campaign,
    control,
    opened,
    raw,
    with_bidding,
)

from agent.clock import SystemClock
from agent.domain.errors import Mistakes
from agent.domain.ref import Kind
from simulations.journal import Field
from simulations.sandbox.meta_ads import names
from simulations.sandbox.meta_ads.ids import own, shown
from simulations.sandbox.meta_ads.serve import Sandbox, open_sandbox
from simulations.sandbox.meta_ads.settings import settings_of


@pytest.mark.parametrize(
    ("known", "official"),
    [
        (names.CAMPAIGN, Campaign),
        (names.AD_SET, AdSet),
        (names.ACCOUNT, AdAccount),
        (names.INSIGHTS, AdsInsights),
        (names.REPORT, AdReportRun),
    ],
)
def test_the_sandbox_knows_the_fields_that_the_official_client_lists(
    known: frozenset[str], official: Any
) -> None:
    """A new version of it shows here what is new."""
    listed = {value for name, value in vars(official.Field).items() if not name.startswith("_")}

    assert known == listed


def test_the_state_is_told_in_metas_ids(sandbox: Sandbox) -> None:
    """Campaigns, budgets and ad sets with every lever that they have."""
    state = control(sandbox, "GET", "/state")

    assert state == control(sandbox, "GET", "/meta_ads/state")
    assert [each["id"] for each in state["campaigns"]] == [campaign(sandbox, row) for row in range(4)]
    below = {each["id"]: each for each in state["groups"]}
    assert "bid_cap_micros" in below[ad_sets(sandbox, with_bidding(sandbox, "bid_cap"))[0]]
    assert "amount_micros" in below[ad_sets(sandbox, 0)[0]]


@pytest.mark.parametrize(
    ("bidding", "value", "field", "number"),
    [
        ("bid_cap", {"bid_cap": "9.87 EUR"}, Field.BID_CAP, 9_870_000),
        ("cost_cap", {"target_cpa": "9.87 EUR"}, Field.TARGET_CPA, 9_870_000),
        ("min_roas", {"target_roas": "2.5"}, Field.TARGET_ROAS, 2_500_000),
        ("lowest_cost", {"budget": "9.87 EUR"}, Field.AMOUNT, 9_870_000),
        ("lowest_cost", {"status": "paused"}, Field.STATUS, 0),
    ],
)
def test_somebody_else_edits_an_ad_set(
    sandbox: Sandbox, bidding: str, value: dict[str, str], field: Field, number: int
) -> None:
    """Any lever that it has; no journal of ours knows of it."""
    id_ = ad_sets(sandbox, with_bidding(sandbox, bidding))[0]

    control(sandbox, "POST", "/edit", {"ad_set": id_, **value})

    assert sandbox.platform.standing(Kind.AD_SET, own(id_), field) == number
    assert control(sandbox, "GET", "/journal") == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"budget": "5.00 EUR"},
        {"campaign": "1", "budget": "5.00 EUR"},
        {"ad_set": "120200040000000015"},
        {"ad_set": "120200040000000015", "campaign": "1", "status": "paused"},
        {"ad_set": "120200040000000015", "budget": "5.00 USD"},
        {"ad_set": "120200040000000015", "budget": "5.00 EUR", "status": "paused"},
        {"ad_set": "120200040000000015", "cpc_bid": "1.00 EUR"},
        {"ad_set": "120200040000000015", "target_roas": "0"},
    ],
)
def test_an_edit_that_makes_no_sense_is_refused(reading: Sandbox, body: object) -> None:
    """And said so, with status 422."""
    assert control(reading, "POST", "/edit", body) == 422


def test_the_journal_tells_each_parameter_with_what_became_of_it(sandbox: Sandbox) -> None:
    """In Meta's words and units."""
    raw(sandbox, "POST", campaign(sandbox, 1), form={"daily_budget": "6000", "status": "PAUSED"})
    raw(sandbox, "POST", campaign(sandbox, 1), form={"daily_budget": "1"})

    told = [
        (entry["mask"], entry["before"] or "", entry["after"], entry["result"], entry["why"])
        for entry in control(sandbox, "GET", "/journal")
    ]

    assert told[1:] == [
        ("status", "ACTIVE", "PAUSED", "committed", ""),
        ("daily_budget", "6000", "1", "refused", "100/1885272"),
    ]
    assert told[0][0::2] == ("daily_budget", "6000", "")
    requests = control(sandbox, "GET", "/requests")
    assert [request["status"] for request in requests] == ["OK", "100/1885272"]
    assert requests[0]["method"] == f"POST /{campaign(sandbox, 1)}"


def test_the_account_lasts_over_a_restart(tmp_path: Path) -> None:
    """Edits, journal and time; what was counted begins anew."""
    first = opened(tmp_path)
    raw(first, "POST", campaign(first, 1), form={"daily_budget": "6000"})
    control(first, "POST", "/clock", {"advance_s": 3600})
    first.stop()

    second = opened(tmp_path)

    try:
        assert second.platform.standing(Kind.CAMPAIGN, own(campaign(second, 1)), Field.AMOUNT) == 60_000_000
        assert len(control(second, "GET", "/journal")) == 1
        assert second.clock.now() == first.clock.now()
        assert broken(second) == []
    finally:
        second.stop()


def test_a_state_of_another_account_is_refused(tmp_path: Path) -> None:
    """Another seed is another market."""
    opened(tmp_path).stop()

    with pytest.raises(Mistakes):
        opened(tmp_path, seed=4)


def test_a_taken_port_is_said(reading: Sandbox, tmp_path: Path) -> None:
    """And the control port is let go of."""
    settings = settings_of(
        state=tmp_path, account_id=ACCOUNT_ID, account={}, faults=(), speed=0.0, start=START
    )

    with pytest.raises(OSError, match="in use"):
        open_sandbox(replace(settings, port=reading.front.port), SystemClock())
    with pytest.raises(OSError, match="in use"):
        open_sandbox(replace(settings, control_port=reading.control_port), SystemClock())


def test_ids_are_metas_and_back() -> None:
    """Eighteen digits; what is not one of them is nobody's."""
    assert shown("20000000001") == "120200020000000001"
    assert own(shown("40000000015")) == "40000000015"
    assert [own(text) for text in ("", "act_1", "1", "999900020000000001", ACCOUNT)] == [""] * 5


def test_calls_that_cannot_be_read_are_answered(reading: Sandbox) -> None:
    """In Meta's form, whatever the body was."""
    api = api_on(reading)
    odd = raw(reading, "POST", ACCOUNT, headers={"Content-Type": "text/plain"}, form=None)
    json_body = api._session.requests.post(
        f"{reading.front.endpoint}/v26.0/{campaign(reading, 1)}",
        json={"daily_budget": 5000, "execution_options": ["validate_only"]},
        timeout=30,
    )

    assert odd.status_code == 400
    assert json_body.json() == {"success": True}
    assert raw(reading, "DELETE", campaign(reading, 1)).status_code == 400
    assert raw(reading, "POST", f"{ACCOUNT}/campaigns", form={"name": "x"}).status_code == 400
