"""Changes of campaigns and ad sets at the Meta sandbox."""

import json

import pytest
from facebook_business.adobjects.adset import AdSet
from facebook_business.adobjects.campaign import Campaign
from facebook_business.exceptions import FacebookRequestError
from meta_sandbox import (
    account_on,
    ad_sets,
    api_on,
    broken,
    campaign,
    control,
    error,
    opened,
    raw,
    with_bidding,
)

from agent.domain.ref import Kind
from simulations.journal import Field
from simulations.sandbox.meta_ads.ids import own
from simulations.sandbox.meta_ads.serve import Sandbox


def standing(sandbox: Sandbox, kind: Kind, id_: str, field: Field) -> int | None:
    return sandbox.platform.standing(kind, own(id_), field)


def test_a_budget_of_a_campaign_is_set(sandbox: Sandbox) -> None:
    """The answer tells nothing but success; who wants to know reads it back."""
    id_ = campaign(sandbox, 1)

    answer = raw(sandbox, "POST", id_, form={"daily_budget": "6000"})
    Campaign(id_, api=api_on(sandbox)).api_update(params={"daily_budget": 6100})

    assert answer.json() == {"success": True}
    assert standing(sandbox, Kind.CAMPAIGN, id_, Field.AMOUNT) == 61_000_000
    assert Campaign(id_, api=api_on(sandbox)).api_get(fields=["daily_budget"])["daily_budget"] == "6100"
    assert [(entry["before"], entry["after"]) for entry in control(sandbox, "GET", "/journal")][1] == (
        "6000",
        "6100",
    )


def test_a_budget_of_an_ad_set_is_set_where_it_stands(sandbox: Sandbox) -> None:
    """The campaign of the first ad sets has its budgets below it."""
    id_ = ad_sets(sandbox, 0)[1]

    AdSet(id_, api=api_on(sandbox)).api_update(params={"daily_budget": 1234})

    assert standing(sandbox, Kind.AD_SET, id_, Field.AMOUNT) == 12_340_000


@pytest.mark.parametrize(("bidding", "field"), [("bid_cap", Field.BID_CAP), ("cost_cap", Field.TARGET_CPA)])
def test_bids_are_set(sandbox: Sandbox, bidding: str, field: Field) -> None:
    """The same parameter means another lever under another strategy."""
    id_ = ad_sets(sandbox, with_bidding(sandbox, bidding))[0]

    AdSet(id_, api=api_on(sandbox)).api_update(params={"bid_amount": 4321})

    assert standing(sandbox, Kind.AD_SET, id_, field) == 43_210_000


def test_a_floor_of_the_return_is_set(sandbox: Sandbox) -> None:
    """Times 10,000; 2.5 is 25,000."""
    id_ = ad_sets(sandbox, with_bidding(sandbox, "min_roas"))[0]

    raw(sandbox, "POST", id_, form={"bid_constraints": json.dumps({"roas_average_floor": 25_000})})

    assert standing(sandbox, Kind.AD_SET, id_, Field.TARGET_ROAS) == 2_500_000


def test_a_status_is_set_and_shows_below(sandbox: Sandbox) -> None:
    """Ad sets of a paused campaign say so, and keep their own."""
    raw(sandbox, "POST", campaign(sandbox, 1), form={"status": "PAUSED"})

    ad_set = AdSet(ad_sets(sandbox, 1)[0], api=api_on(sandbox)).api_get(fields=["status", "effective_status"])

    assert (ad_set["status"], ad_set["effective_status"]) == ("ACTIVE", "CAMPAIGN_PAUSED")


def test_a_rehearsal_checks_everything_and_stores_nothing(sandbox: Sandbox) -> None:
    """As `validate_only` promises; the journal tells it apart."""
    id_ = campaign(sandbox, 1)
    before = standing(sandbox, Kind.CAMPAIGN, id_, Field.AMOUNT)
    only = json.dumps(["validate_only"])

    good = raw(sandbox, "POST", id_, form={"daily_budget": "7000", "execution_options": only})
    bad = raw(sandbox, "POST", id_, form={"daily_budget": "7", "execution_options": only})

    assert good.json() == {"success": True}
    assert error(bad) == "100/1885272"
    assert standing(sandbox, Kind.CAMPAIGN, id_, Field.AMOUNT) == before
    assert [entry["result"] for entry in control(sandbox, "GET", "/journal")] == ["validated", "refused"]


def test_a_budget_on_the_wrong_level_is_refused_and_counted(sandbox: Sandbox) -> None:
    """On an ad set below a campaign's budget, and on a campaign above its ad sets' budgets."""
    below = raw(sandbox, "POST", ad_sets(sandbox, 1)[0], form={"daily_budget": "5000"})
    above = raw(sandbox, "POST", campaign(sandbox, 0), form={"daily_budget": "5000"})

    assert [error(below), error(above)] == ["100/1885621", "100/1885621"]
    assert above.json()["error"]["error_data"] == {"blame_field_specs": [["daily_budget"]]}
    assert broken(sandbox) == ["both_budget_levels", "both_budget_levels"]


def test_the_official_client_understands_a_refusal(sandbox: Sandbox) -> None:
    """Codes, the parameter that is to blame, and words for people."""
    with pytest.raises(FacebookRequestError) as raised:
        Campaign(campaign(sandbox, 1), api=api_on(sandbox)).api_update(params={"daily_budget": 99})

    refusal = raised.value
    assert (refusal.http_status(), refusal.api_error_code(), refusal.api_error_subcode()) == (
        400,
        100,
        1885272,
    )
    assert refusal.api_blame_field_specs() == [["daily_budget"]]
    assert "at least 100" in refusal.body()["error"]["error_user_msg"]
    assert refusal.api_transient_error() is False


@pytest.mark.parametrize(
    "form",
    [
        {"daily_budget": "50.00"},
        {"daily_budget": "-5"},
        {"daily_budget": "0"},
        {"daily_budget": "5000", "lifetime_budget": "90000"},
        {"lifetime_budget": "90000"},
        {"status": "ON"},
        {"status": "DELETED"},
        {"bid_strategy": "COST_CAP"},
        {"execution_options": '["nonsense"]', "status": "PAUSED"},
    ],
)
def test_what_meta_refuses_leaves_everything_as_it_was(sandbox: Sandbox, form: dict[str, str]) -> None:
    """Code 100, whatever was wrong, and nothing of the call is stored."""
    before = sandbox.platform.levers()

    refused = raw(sandbox, "POST", campaign(sandbox, 1), form=form)

    assert error(refused) == "100"
    assert sandbox.platform.levers() is before


@pytest.mark.parametrize(
    ("bidding", "form"),
    [
        ("lowest_cost", {"bid_amount": "100"}),
        ("min_roas", {"bid_amount": "100"}),
        ("cost_cap", {"bid_constraints": '{"roas_average_floor": 20000}'}),
        ("min_roas", {"bid_constraints": '{"roas_average_floor": 99}'}),
        ("min_roas", {"bid_constraints": '{"roas_average_floor": 10000001}'}),
        ("min_roas", {"bid_constraints": "nonsense"}),
        ("bid_cap", {"bid_amount": "1.5"}),
    ],
)
def test_bids_that_do_not_fit_the_strategy_are_refused(
    reading: Sandbox, bidding: str, form: dict[str, str]
) -> None:
    """A strategy without a bid takes none; a floor has its range."""
    id_ = ad_sets(reading, with_bidding(reading, bidding))[0]

    assert error(raw(reading, "POST", id_, form=form)) == "100"


def test_all_of_a_call_is_stored_or_nothing(sandbox: Sandbox) -> None:
    """A status does not slip through beside a budget that is too low."""
    id_ = campaign(sandbox, 1)

    raw(sandbox, "POST", id_, form={"status": "PAUSED", "daily_budget": "1"})

    assert standing(sandbox, Kind.CAMPAIGN, id_, Field.STATUS) == 1


def test_parameters_that_nobody_knows_are_passed_over_and_counted(sandbox: Sandbox) -> None:
    """Success that changed nothing: what a read-back is for."""
    answer = raw(sandbox, "POST", campaign(sandbox, 1), form={"dayly_budget": "6000"})

    assert answer.json() == {"success": True}
    assert broken(sandbox) == ["unknown_field"]


def test_experiments_cannot_be_edited(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The last campaign is one."""
    sandbox = opened(tmp_path_factory.mktemp("locked"), experiments=1)
    try:
        assert error(raw(sandbox, "POST", campaign(sandbox, 3), form={"status": "PAUSED"})) == "100"
    finally:
        sandbox.stop()


def test_a_lifetime_budget_is_for_all_days(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Its campaign ends on a day, and takes no daily budget."""
    sandbox = opened(tmp_path_factory.mktemp("lifetime"), lifetime_budgets=1)
    try:
        rows = account_on(sandbox).get_campaigns(fields=["lifetime_budget", "daily_budget", "stop_time"])
        found = next(row for row in rows if "lifetime_budget" in row)

        daily = raw(sandbox, "POST", found["id"], form={"daily_budget": "5000"})
        whole = raw(sandbox, "POST", found["id"], form={"lifetime_budget": "700000"})

        assert "daily_budget" not in found
        assert found["stop_time"] > "2026-11-21"
        assert error(daily) == "100"
        assert whole.json() == {"success": True}
        assert standing(sandbox, Kind.CAMPAIGN, found["id"], Field.LIFETIME_AMOUNT) == 7_000_000_000
    finally:
        sandbox.stop()


def test_edits_show_in_the_activities_with_who_made_them(sandbox: Sandbox) -> None:
    """Ours through our app; somebody else's through another."""
    raw(sandbox, "POST", campaign(sandbox, 1), form={"daily_budget": "6000"})
    control(
        sandbox, "POST", "/edit", {"campaign": campaign(sandbox, 1), "budget": "25.00 EUR", "user": "ann"}
    )
    control(sandbox, "POST", "/edit", {"ad_set": ad_sets(sandbox, 0)[0], "status": "paused"})

    fields = ["event_type", "object_id", "actor_name", "application_id", "extra_data"]
    rows = list(account_on(sandbox).get_activities(fields=fields))

    assert [(row["event_type"], row["actor_name"]) for row in rows] == [
        ("update_ad_set_run_status", "somebody@sandbox.example"),
        ("update_campaign_budget", "ann"),
        ("update_campaign_budget", "gebot@sandbox.example"),
    ]
    assert rows[1]["object_id"] == rows[2]["object_id"] == campaign(sandbox, 1)
    assert json.loads(rows[1]["extra_data"])["new_value"] == 2500
    assert rows[2]["application_id"] == sandbox.front.credentials.app_id
    assert rows[1]["application_id"] != sandbox.front.credentials.app_id


def test_activities_are_of_the_time_asked_about(sandbox: Sandbox) -> None:
    """A week when none is named."""
    raw(sandbox, "POST", campaign(sandbox, 1), form={"daily_budget": "6000"})
    control(sandbox, "POST", "/clock", {"advance_s": 8 * 86_400})

    path = f"act_{sandbox.front.account_id}/activities"

    assert raw(sandbox, "GET", path).json()["data"] == []
    assert len(raw(sandbox, "GET", path, {"since": "2026-11-20"}).json()["data"]) == 1
    assert len(raw(sandbox, "GET", path, {"since": "0", "until": "1800000000"}).json()["data"]) == 1
    assert error(raw(sandbox, "GET", path, {"since": "soon"})) == "100"
