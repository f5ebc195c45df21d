"""Reports of the Meta sandbox: at once and ordered, by the day and by the hour."""

import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from facebook_business.adobjects.adreportrun import AdReportRun
from facebook_business.adobjects.campaign import Campaign
from meta_sandbox import ACCOUNT, account_on, ad_sets, api_on, broken, campaign, control, error, opened, raw

from simulations.sandbox.meta_ads.ids import own
from simulations.sandbox.meta_ads.serve import Sandbox

HOUR = "hourly_stats_aggregated_by_advertiser_time_zone"
WEEK = {"since": "2026-11-14", "until": "2026-11-20"}
DAYS = (date(2026, 11, 14), date(2026, 11, 20))
FIGURES = "spend,impressions,clicks,inline_link_clicks,actions,action_values"


def report(sandbox: Sandbox, path: str = ACCOUNT, **params: object) -> list[dict[str, object]]:
    """All rows, in one page."""
    words = {name: value if isinstance(value, str) else json.dumps(value) for name, value in params.items()}
    answer = raw(sandbox, "GET", f"{path}/insights", {"limit": "5000", "fields": FIGURES, **words})
    assert error(answer) == "", answer.text
    rows: list[dict[str, object]] = answer.json()["data"]
    return rows


def cents(row: dict[str, object]) -> int:
    return round(100 * float(str(row["spend"])))


def purchases(row: dict[str, object], name: str = "omni_purchase") -> float:
    found = row.get("actions") or []
    assert isinstance(found, list)
    return sum(float(entry["value"]) for entry in found if entry["action_type"] == name)


def test_rows_are_the_platforms_own_figures(reading: Sandbox) -> None:
    """By campaign and day, every figure as text."""
    rows = report(
        reading, level="campaign", time_range=WEEK, time_increment="1", fields=f"campaign_id,{FIGURES}"
    )

    truth = reading.platform.metrics(*DAYS)
    told = {(own(str(row["campaign_id"])), str(row["date_start"])): row for row in rows}
    keys = zip(truth.ids.tolist(), truth.days.astype(str).tolist(), strict=True)
    for number, key in enumerate(keys):
        row = told.pop(key)
        assert cents(row) * 10_000 == truth.cost_micros[number]
        assert row["impressions"] == str(truth.impressions[number])
        assert row["inline_link_clicks"] == str(truth.clicks[number])
        assert purchases(row) == truth.conversions[number]
        assert row["date_stop"] == row["date_start"]
    assert told == {}


def test_levels_sum_to_each_other(reading: Sandbox) -> None:
    """Ad sets to campaigns, campaigns to the account, days to the whole."""
    sums = [
        sum(cents(row) for row in report(reading, level=level, time_range=WEEK, time_increment=step))
        for level in ("adset", "campaign", "account")
        for step in ("1", "7", "all_days")
    ]

    assert len(set(sums)) == 1
    assert len(report(reading, level="account", time_range=WEEK)) == 1


def test_ad_sets_are_told_by_their_ids(reading: Sandbox) -> None:
    """Of one campaign when it is asked of it."""
    rows = report(
        reading, campaign(reading, 1), level="adset", time_range=WEEK, fields="adset_id,campaign_id,spend"
    )

    assert sorted(str(row["adset_id"]) for row in rows) == ad_sets(reading, 1)
    assert {row["campaign_id"] for row in rows} == {campaign(reading, 1)}


def test_rows_can_be_filtered_by_campaign(reading: Sandbox) -> None:
    """As adapters ask for some of many."""
    only = [{"field": "campaign.id", "operator": "IN", "value": [campaign(reading, 2)]}]

    rows = report(reading, level="campaign", time_range=WEEK, filtering=only, fields="campaign_id")

    assert [row["campaign_id"] for row in rows] == [campaign(reading, 2)]


def test_a_purchase_is_listed_under_several_types(reading: Sandbox) -> None:
    """Who adds them up counts it several times."""
    [row] = report(reading, level="account", time_range=WEEK)

    types = Counter(entry["action_type"] for entry in row["actions"])
    truth = reading.platform.metrics(*DAYS).conversions.sum()

    assert set(types.values()) == {1}
    assert purchases(row) == purchases(row, "purchase") == truth
    assert purchases(row, "offsite_conversion.fb_pixel_purchase") == truth
    assert "landing_page_view" in types


def test_attribution_windows_are_told_beside_the_whole(reading: Sandbox) -> None:
    """Seven days after a click and one after a view are the whole; two windows are gone."""
    [row] = report(
        reading,
        level="account",
        time_range=WEEK,
        action_attribution_windows=["1d_click", "7d_click", "1d_view"],
    )
    gone = raw(reading, "GET", f"{ACCOUNT}/insights", {"action_attribution_windows": '["7d_view"]'})

    [entry] = [each for each in row["actions"] if each["action_type"] == "omni_purchase"]
    assert float(entry["7d_click"]) + float(entry["1d_view"]) == float(entry["value"])
    assert float(entry["1d_click"]) <= float(entry["7d_click"])
    assert error(gone) == "100"


def test_hours_sum_to_their_day(reading: Sandbox) -> None:
    """In the account's zone, named by the hour that they begin and end with."""
    day = {"since": "2026-11-20", "until": "2026-11-20"}

    rows = report(reading, level="campaign", time_range=day, time_increment="1", breakdowns=[HOUR])

    assert all(str(row[HOUR])[2:] == ":00:00 - " + str(row[HOUR])[:2] + ":59:59" for row in rows)
    assert {row["date_start"] for row in rows} == {"2026-11-20"}
    assert sum(cents(row) for row in rows) == cents(report(reading, level="account", time_range=day)[0])


def test_the_running_day_ends_with_the_last_hour(reading: Sandbox) -> None:
    """At half past five in New York, five hours are over."""
    today = {"since": "2026-11-21", "until": "2026-11-21"}

    rows = report(reading, level="account", time_range=today, time_increment="1", breakdowns=[HOUR])

    assert max(str(row[HOUR]) for row in rows) < "06"


def test_an_ordered_report_gets_ready(reading: Sandbox) -> None:
    """Started, running, completed; then its rows are those that would have come at once."""
    params = {"level": "campaign", "time_range": WEEK, "time_increment": 1}
    run = account_on(reading).get_insights(fields=["campaign_id", "spend"], params=params, is_async=True)

    early = raw(reading, "GET", f"{run['report_run_id']}/insights")
    run = AdReportRun(run["report_run_id"], api=api_on(reading))
    states = [(run.api_get()["async_status"], run["async_percent_completion"]) for _ in range(2)]
    rows = [dict(row) for row in run.get_insights(params={"limit": 3})]

    assert error(early) == "100"
    assert states == [("Job Started", 50), ("Job Completed", 100)]
    assert rows == report(
        reading, level="campaign", time_range=WEEK, time_increment="1", fields="campaign_id,spend"
    )


def test_an_ordered_report_can_fail(sandbox: Sandbox) -> None:
    """With a code, as since v25; asking too early or after that is counted."""
    control(sandbox, "POST", "/faults", {"kind": "job", "code": "2/1504038"})
    id_ = raw(sandbox, "POST", f"{ACCOUNT}/insights", form={"level": "campaign"}).json()["report_run_id"]

    raw(sandbox, "GET", id_)
    state = raw(sandbox, "GET", id_).json()

    assert state["async_status"] == "Job Failed"
    assert (state["error_code"], state["error_subcode"]) == (2, 1504038)
    assert error(raw(sandbox, "GET", f"{id_}/insights")) == "100"
    assert broken(sandbox) == ["report_not_ready"]


def test_an_ordered_report_is_forgotten_after_a_month(sandbox: Sandbox) -> None:
    """Thirty days."""
    id_ = raw(sandbox, "POST", f"{ACCOUNT}/insights", form={"level": "account"}).json()["report_run_id"]

    control(sandbox, "POST", "/clock", {"advance_s": 31 * 86_400})

    assert error(raw(sandbox, "GET", id_)) == "100/33"


def test_too_much_data_must_be_ordered(tmp_path: Path) -> None:
    """A smaller range goes at once, the large one as a report."""
    sandbox = opened(tmp_path, limit=("sync_rows=10", "report_polls=0"))
    try:
        params = {"level": "campaign", "time_increment": "1", "time_range": json.dumps(WEEK)}
        day = json.dumps({"since": "2026-11-20", "until": "2026-11-20"})

        at_once = raw(sandbox, "GET", f"{ACCOUNT}/insights", params)
        smaller = raw(sandbox, "GET", f"{ACCOUNT}/insights", {**params, "time_range": day})
        id_ = raw(sandbox, "POST", f"{ACCOUNT}/insights", form=params).json()["report_run_id"]

        assert error(at_once) == "100/1487534"
        assert error(smaller) == ""
        assert raw(sandbox, "GET", id_).json()["async_status"] == "Job Completed"
    finally:
        sandbox.stop()


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"time_range": '{"since":"2026-11-20","until":"2026-11-14"}'}, "100"),
        ({"time_range": '{"since":"yesterday"}'}, "100"),
        ({"time_range": '{"since":"2020-01-01","until":"2026-11-14"}'}, "3018"),
        ({"date_preset": "nonsense"}, "100"),
        ({"time_increment": "0"}, "100"),
        ({"level": "universe"}, "100"),
        ({"fields": "nonsense"}, "100"),
        ({"breakdowns": "age"}, "100"),
        ({"filtering": '[{"field":"spend","operator":"GREATER_THAN","value":1}]'}, "100"),
        ({"filtering": "nonsense"}, "100"),
        ({"nonsense": "1"}, "100"),
    ],
)
def test_questions_that_make_no_sense_are_refused(
    reading: Sandbox, params: dict[str, str], code: str
) -> None:
    """In Meta's codes."""
    assert error(raw(reading, "GET", f"{ACCOUNT}/insights", params)) == code


def test_words_for_days_are_read(reading: Sandbox) -> None:
    """Yesterday is a day of the account's zone."""
    [row] = report(reading, date_preset="yesterday", use_unified_attribution_setting="true")

    assert (row["date_start"], row["date_stop"]) == ("2026-11-20", "2026-11-20")


def test_conversions_can_be_dated_by_themselves(tmp_path: Path) -> None:
    """As Meta's manual says of purchases off Meta; campaigns only."""
    sandbox = opened(tmp_path, limit=("actions_by=conversion",))
    try:
        rows = report(sandbox, level="campaign", time_range=WEEK, time_increment="1")

        truth = sandbox.platform.metrics(*DAYS).conversions_by_conversion_date
        assert truth is not None
        assert sum(purchases(row) for row in rows) == truth.sum()
    finally:
        sandbox.stop()


def test_what_had_no_delivery_has_no_row(sandbox: Sandbox) -> None:
    """A day of a paused campaign is absent, not zero."""
    raw(sandbox, "POST", campaign(sandbox, 1), form={"status": "PAUSED"})
    control(sandbox, "POST", "/clock", {"advance_s": 2 * 86_400})
    day = {"since": "2026-11-22", "until": "2026-11-22"}

    rows = Campaign(campaign(sandbox, 1), api=api_on(sandbox)).get_insights(
        fields=["spend"], params={"time_range": day}
    )

    assert list(rows) == []


def test_pages_of_a_report_are_of_one_moment(sandbox: Sandbox) -> None:
    """An hour that ends between two pages shifts no rows; a new first page sees it."""
    params = {
        "level": "campaign",
        "time_increment": "1",
        "date_preset": "today",
        "fields": "spend",
        "limit": "1",
    }
    first = raw(sandbox, "GET", f"{ACCOUNT}/insights", params).json()
    control(sandbox, "POST", "/clock", {"advance_s": 300})
    after = {"after": first["paging"]["cursors"]["after"]}

    second = raw(sandbox, "GET", f"{ACCOUNT}/insights", {**params, **after}).json()
    control(sandbox, "POST", "/clock", {"advance_s": 4 * 3600})
    late = raw(sandbox, "GET", f"{ACCOUNT}/insights", {**params, **after}).json()
    again = raw(sandbox, "GET", f"{ACCOUNT}/insights", params).json()

    assert second["data"] != late["data"]
    assert again["data"] != first["data"]
