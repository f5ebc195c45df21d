"""The Meta sandbox's account, campaigns and ad sets, read by the official client."""

import json
from pathlib import Path

import pytest
from facebook_business.adobjects.adset import AdSet
from facebook_business.adobjects.campaign import Campaign
from meta_sandbox import (
    ACCOUNT,
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

from simulations.sandbox.meta_ads.money import decimal, unit_micros, units
from simulations.sandbox.meta_ads.serve import Sandbox

CAMPAIGN_FIELDS = ["id", "name", "daily_budget", "bid_strategy", "effective_status", "updated_time"]


def test_the_account_says_what_it_is(reading: Sandbox) -> None:
    """Numbers are text, as Meta's are; the account's zone and currency are its own."""
    account = account_on(reading).api_get(
        fields=["name", "currency", "timezone_name", "account_status", "spend_cap", "amount_spent"]
    )

    assert account["currency"] == "EUR"
    assert account["timezone_name"] == "America/New_York"
    assert account["account_status"] == 1
    assert account["spend_cap"] == "0"
    spent = reading.platform.metrics(reading.platform.market.first_day, reading.platform.today())
    assert account["amount_spent"] == str(spent.cost_micros.sum() // 10_000)


def test_budgets_stand_on_one_level_only(reading: Sandbox) -> None:
    """Either a campaign tells a budget and its ad sets none, or the other way round."""
    found = {row["id"]: row for row in account_on(reading).get_campaigns(fields=CAMPAIGN_FIELDS)}

    below = account_on(reading).get_ad_sets(fields=["campaign_id", "daily_budget", "bid_strategy"])

    for ad_set in below:
        above = found[ad_set["campaign_id"]]
        assert ("daily_budget" in above) != ("daily_budget" in ad_set)
        assert "bid_strategy" not in above or above["bid_strategy"] == ad_set["bid_strategy"]
    with_budget = [row for row in found.values() if "daily_budget" in row]
    assert len(found) == 4
    assert len(with_budget) == 3
    assert all(isinstance(row["daily_budget"], str) for row in with_budget)


@pytest.mark.parametrize(
    ("bidding", "strategy", "field"),
    [
        ("cost_cap", "COST_CAP", "bid_amount"),
        ("bid_cap", "LOWEST_COST_WITH_BID_CAP", "bid_amount"),
        ("min_roas", "LOWEST_COST_WITH_MIN_ROAS", "bid_constraints"),
    ],
)
def test_bids_stand_on_ad_sets(reading: Sandbox, bidding: str, strategy: str, field: str) -> None:
    """A whole number of the smallest unit, or a floor times 10,000."""
    id_ = ad_sets(reading, with_bidding(reading, bidding))[0]

    ad_set = AdSet(id_, api=api_on(reading)).api_get(fields=["bid_strategy", "bid_amount", "bid_constraints"])

    assert ad_set["bid_strategy"] == strategy
    number = ad_set[field] if field == "bid_amount" else ad_set[field]["roas_average_floor"]
    assert isinstance(number, int)
    assert number > 0
    assert ("bid_amount" in ad_set) != ("bid_constraints" in ad_set)


def test_the_official_cursor_reads_every_page(reading: Sandbox) -> None:
    """One entry a page, four pages, and the total that it asks for by itself."""
    cursor = account_on(reading).get_campaigns(fields=["id"], params={"limit": 1})

    total = cursor.total()
    ids = [row["id"] for row in cursor]

    assert ids == [campaign(reading, row) for row in range(4)]
    assert total == 4


def test_the_last_page_has_cursors_but_no_next(reading: Sandbox) -> None:
    """Only `next` tells that there is more; its address carries the token, as Meta's does."""
    first = raw(reading, "GET", f"{ACCOUNT}/campaigns", {"limit": "3"}).json()

    last = raw(
        reading, "GET", f"{ACCOUNT}/campaigns", {"limit": "3", "after": first["paging"]["cursors"]["after"]}
    ).json()

    assert "access_token=token" in first["paging"]["next"]
    assert len(last["data"]) == 1
    assert "next" not in last["paging"]
    assert last["paging"]["cursors"]["after"]


def test_a_page_can_be_empty_and_have_a_next(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The official cursor stops there; who goes on finds the rest."""
    sandbox = opened(tmp_path_factory.mktemp("holes"), limit=("empty_pages=true",))
    try:
        seen, after = [], ""
        while True:
            page = raw(sandbox, "GET", f"{ACCOUNT}/campaigns", {"limit": "1", "after": after}).json()
            seen.append(len(page["data"]))
            if "next" not in page["paging"]:
                break
            after = page["paging"]["cursors"]["after"]

        assert seen == [1, 0, 1, 0, 1, 0, 1]
        assert len(list(account_on(sandbox).get_campaigns(params={"limit": 1}))) == 1
    finally:
        sandbox.stop()


def test_a_wrong_cursor_is_refused(reading: Sandbox) -> None:
    """And so is a limit that is no number."""
    assert error(raw(reading, "GET", f"{ACCOUNT}/campaigns", {"after": "###"})) == "100"
    assert error(raw(reading, "GET", f"{ACCOUNT}/campaigns", {"limit": "many"})) == "100"


def test_lists_are_filtered_by_status(reading: Sandbox) -> None:
    """Nothing is paused here."""
    api = account_on(reading)

    active = api.get_campaigns(params={"effective_status": ["ACTIVE"]})
    paused = api.get_ad_sets(
        params={"filtering": [{"field": "effective_status", "operator": "IN", "value": ["PAUSED"]}]}
    )

    assert (len(active), len(paused)) == (4, 0)


def test_ad_sets_of_one_campaign(reading: Sandbox) -> None:
    """The edge of the campaign, not of the account."""
    found = Campaign(campaign(reading, 1), api=api_on(reading)).get_ad_sets(fields=["id"])

    assert [row["id"] for row in found] == ad_sets(reading, 1)


def test_several_objects_at_once(reading: Sandbox) -> None:
    """By their ids; one that is missing spoils all."""
    ids = [campaign(reading, 0), ad_sets(reading, 1)[0]]

    found = raw(reading, "GET", "", {"ids": ",".join(ids), "fields": "name"}).json()
    missing = raw(reading, "GET", "", {"ids": f"{ids[0]},120200099999999999"})

    assert sorted(found) == sorted(ids)
    assert found[ids[0]]["name"] == reading.platform.campaigns[0].name
    assert error(missing) == "100/33"


def test_the_token_is_told_who_it_is(reading: Sandbox) -> None:
    """And what it may."""
    me = raw(reading, "GET", "me", {"access_token": "ann@example.com", "appsecret_proof": ""})
    permissions = raw(reading, "GET", "me/permissions").json()["data"]
    accounts = raw(reading, "GET", "me/adaccounts", {"fields": "name"}).json()["data"]

    assert error(me) == "100"  # the proof was of another token
    assert raw(reading, "GET", "me").json()["name"] == "gebot@sandbox.example"
    assert {"permission": "ads_management", "status": "granted"} in permissions
    assert [account["id"] for account in accounts] == [ACCOUNT]


def test_the_smallest_budgets_are_told(reading: Sandbox) -> None:
    """In the smallest unit."""
    found = account_on(reading).get_minimum_budgets()[0]

    assert found["currency"] == "EUR"
    assert found["min_daily_budget_imp"] == 100
    assert found["min_daily_budget_low_freq"] == 4000


def test_who_has_the_answer_already_gets_none(reading: Sandbox) -> None:
    """ETag and 304; an answer that changed is sent again."""
    api = api_on(reading)
    first = api.call("GET", (ACCOUNT, "campaigns"), {"fields": "name"})

    again = api.call("GET", (ACCOUNT, "campaigns"), {"fields": "name"}, {"If-None-Match": first.etag()})
    other = api.call("GET", (ACCOUNT, "campaigns"), {"fields": "id"}, {"If-None-Match": first.etag()})

    assert (again.status(), again.body()) == (304, "")
    assert other.status() == 200


def test_fields_that_do_not_exist_are_refused_and_counted(sandbox: Sandbox) -> None:
    """Fields that exist but have no value are absent."""
    wrong = raw(sandbox, "GET", f"{ACCOUNT}/campaigns", {"fields": "id,budget"})
    empty = raw(sandbox, "GET", f"{ACCOUNT}/campaigns", {"fields": "id,brand_lift_studies"})

    assert error(wrong) == "100"
    assert "nonexisting field (budget)" in wrong.json()["error"]["message"]
    assert list(empty.json()["data"][0]) == ["id"]
    assert broken(sandbox) == ["unknown_field"]


def test_parts_of_a_field_can_be_asked_for(reading: Sandbox) -> None:
    """As Meta's braces do."""
    id_ = ad_sets(reading, 1)[0]

    found = raw(reading, "GET", id_, {"fields": "name,learning_stage_info{status}"}).json()

    assert list(found["learning_stage_info"]) == ["status"]


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("act_1/campaigns", "200"),
        ("120200099999999999", "100/33"),
        (f"{ACCOUNT}/nonsense", "2500"),
        ("a/b/c", "2500"),
    ],
)
def test_what_is_not_there_is_said_in_metas_codes(reading: Sandbox, path: str, code: str) -> None:
    """All with HTTP status 400."""
    response = raw(reading, "GET", path)

    assert (response.status_code, error(response)) == (400, code)
    assert response.json()["error"]["fbtrace_id"]


def test_learning_begins_with_a_large_edit_and_ends_after_a_week(sandbox: Sandbox) -> None:
    """A paused ad set has no status of learning."""
    id_, row = ad_sets(sandbox, 1)[0], 1

    def status() -> str | None:
        return (
            AdSet(id_, api=api_on(sandbox))
            .api_get(fields=["learning_stage_info"])["learning_stage_info"]
            .get("status")
        )

    before = status()
    control(sandbox, "POST", "/edit", {"campaign": campaign(sandbox, row), "budget": "999.00 EUR"})
    during = status()
    control(sandbox, "POST", "/clock", {"advance_s": 8 * 86_400})
    after = status()
    raw(sandbox, "POST", id_, form={"status": "PAUSED"})

    assert before in ("SUCCESS", "FAIL")
    assert during == "LEARNING"
    assert after in ("SUCCESS", "FAIL")
    assert status() is None


def test_currencies_that_are_whole_for_meta(tmp_path: Path) -> None:
    """The forint has no hundredths here, whatever ISO 4217 says."""
    sandbox = opened(tmp_path, currency="HUF", money_scale=400.0, minimum_budget="400 HUF")
    try:
        found = account_on(sandbox).get_campaigns(fields=["daily_budget"])
        budget = next(int(row["daily_budget"]) for row in found if "daily_budget" in row)

        assert budget * 1_000_000 in [
            sandbox.platform.budget_micros(one.id) for one in sandbox.platform.budgets
        ]
    finally:
        sandbox.stop()


def test_money_is_rounded_down_to_the_unit() -> None:
    """Of budgets; reports have two decimals where there are hundredths."""
    assert [unit_micros(currency) for currency in ("EUR", "HUF", "JOD")] == [10_000, 1_000_000, 10_000]
    assert units(12_345_678, "EUR") == 1234
    assert units(12_345_678, "JPY") == 12
    assert decimal(26_030_000, "EUR") == "26.03"
    assert decimal(26_030_000, "JPY") == "26"


def test_versions_are_checked(sandbox: Sandbox) -> None:
    """An old one is refused; none is the newest."""
    old = raw(sandbox, "GET", ACCOUNT, version="v19.0")
    none = raw(sandbox, "GET", ACCOUNT, version=".")

    assert error(old) == "2635"
    assert json.loads(none.text)["id"] == ACCOUNT
    assert none.headers["facebook-api-version"] == "v26.0"
    assert broken(sandbox) == ["old_version"]
