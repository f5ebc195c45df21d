"""Reports over the wire: figures of any range and size, each day once."""

from datetime import date, timedelta
from typing import Any

import pytest
from meta_account import (
    AD_SETS,
    CAMPAIGNS,
    NODE,
)
from meta_fake import Asked, FakeMeta, Reply, error

from adapters.meta_ads.adapter import MetaAdsAdapter
from adapters.meta_ads.client import Client
from adapters.meta_ads.insights import Figures
from adapters.meta_ads.reports import Reports
from agent.clock import SteppedClock
from agent.domain.ref import Kind

SINCE, UNTIL = date(2026, 11, 1), date(2026, 11, 21)


def rows_of(asked: Asked) -> list[dict[str, Any]]:
    """One row for each object and day of the range that was asked for."""
    span = asked.json("time_range")
    since, until = date.fromisoformat(span["since"]), date.fromisoformat(span["until"])
    ids = {"campaign": ["11", "12"], "adset": ["111", "121", "122"]}[asked.params["level"]]
    return [
        {
            f"{asked.params['level']}_id": id_,
            "date_start": str(since + timedelta(days=n)),
            "spend": "1.25",
            "impressions": "10",
        }
        for n in range((until - since).days + 1)
        for id_ in ids
    ]


def test_metrics_are_daily_rows_of_campaigns_and_of_told_ad_sets(
    server: FakeMeta, adapter: MetaAdsAdapter
) -> None:
    """Ad set 111 has no budget and is not told of, so its figures are not either."""
    server.on("GET", f"{NODE}/insights", lambda asked: Reply({"data": rows_of(asked)}))

    table = adapter.metrics(SINCE, UNTIL)

    assert sorted(set(table.ids.tolist())) == ["11", "12", "121", "122"]
    assert len(table) == 4 * 21
    assert (str(table.since), str(table.until), str(table.partial_since)) == (
        "2026-11-01",
        "2026-11-21",
        "2026-11-21",
    )
    first = server.told("GET", f"{NODE}/insights")[0]
    assert first.json("time_increment") == 1
    assert "action_attribution_windows" not in first.params


def test_figures_after_structure_do_not_ask_for_it_again(server: FakeMeta, adapter: MetaAdsAdapter) -> None:
    """A large account's structure is a hundred calls."""
    adapter.entities()
    adapter.metrics(SINCE, UNTIL)

    assert len(server.told("GET", f"{NODE}/campaigns")) == 1


def test_no_ad_sets_are_asked_for_where_none_is_told(server: FakeMeta, adapter: MetaAdsAdapter) -> None:
    """Half the calls, half the quota."""
    server.on("GET", f"{NODE}/campaigns", {"data": CAMPAIGNS[:1]})
    server.on("GET", f"{NODE}/adsets", {"data": AD_SETS[:1]})

    adapter.metrics(SINCE, UNTIL)

    assert [asked.params["level"] for asked in server.told("GET", f"{NODE}/insights")] == ["campaign"]


@pytest.mark.parametrize("fault", [(100, 1487534), (100, 1504018), (2, 1504038)])
def test_a_report_that_is_too_large_is_read_in_halves(
    server: FakeMeta, adapter: MetaAdsAdapter, fault: tuple[int, int]
) -> None:
    """Until each part fits; every day once."""

    def answer(asked: Asked) -> Reply:
        rows = rows_of(asked)
        return error(*fault) if len(rows) > 12 else Reply({"data": rows})

    server.on("GET", f"{NODE}/insights", answer)

    table = adapter.metrics(SINCE, UNTIL)

    assert len(table) == 4 * 21
    assert len(set(zip(table.ids.tolist(), table.days.tolist(), strict=True))) == len(table)


def with_job(server: FakeMeta, *states: dict[str, Any]) -> None:
    orders: list[Asked] = []

    def order(asked: Asked) -> Reply:
        orders.append(asked)
        return Reply({"report_run_id": "77"})

    server.on("POST", f"{NODE}/insights", order)
    server.on("GET", "77", *states)
    server.on("GET", "77/insights", lambda _: Reply({"data": rows_of(orders[-1])}))


def reports(server: FakeMeta, clock: SteppedClock, waits: list[float], patience_s: float = 60.0) -> Reports:
    client = Client("123", "token", clock, endpoint=server.address, sleep=waits.append)
    return Reports(client, patience_s, monotonic=lambda: sum(waits))


DONE = {"async_status": "Job Completed", "async_percent_completion": 100}


def test_a_large_report_is_ordered_and_fetched_when_it_is_ready(
    server: FakeMeta, clock: SteppedClock
) -> None:
    """ "Completed" counts with 100 per cent only."""
    running = {"async_status": "Job Running", "async_percent_completion": 40}
    with_job(server, running, {**DONE, "async_percent_completion": 99}, DONE)
    waits: list[float] = []

    figures = Figures()
    reports(server, clock, waits).read(figures, Kind.CAMPAIGN, SINCE, UNTIL, n_expected=50_000)

    assert len(figures) == 2 * 21
    assert waits == [0.2, 0.4]


def test_a_job_that_is_too_large_is_ordered_in_halves(server: FakeMeta, clock: SteppedClock) -> None:
    """Meta tells by its codes; the halves may be read at once."""
    with_job(server, {"async_status": "Job Failed", "error_code": 2, "error_subcode": 1504038}, DONE)

    figures = Figures()
    reports(server, clock, []).read(figures, Kind.CAMPAIGN, SINCE, UNTIL, n_expected=50_000)

    assert len(figures) == 2 * 21
    spans = [asked.json("time_range") for asked in server.told("POST", f"{NODE}/insights")]
    assert spans[1:] == [
        {"since": "2026-11-01", "until": "2026-11-11"},
        {"since": "2026-11-12", "until": "2026-11-21"},
    ]


def test_a_report_that_breaks_at_a_later_page_counts_no_day_twice(
    server: FakeMeta, adapter: MetaAdsAdapter
) -> None:
    """The pages that came are forgotten before the halves are read."""

    def answer(asked: Asked) -> Reply:
        rows = rows_of(asked)
        if len(rows) <= 42:
            return Reply({"data": rows})
        if "after" in asked.params:
            return error(100, 1504018)
        return Reply({"data": rows[:7], "paging": {"cursors": {"after": "a"}, "next": "x"}})

    server.on("GET", f"{NODE}/insights", answer)

    table = adapter.metrics(SINCE, UNTIL)

    assert len(table) == 4 * 21
    assert len(set(zip(table.ids.tolist(), table.days.tolist(), strict=True))) == len(table)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"async_status": "Job Failed"}, "could not make"),
        ({"async_status": "Job Skipped"}, "could not make"),
        ({"async_status": "Job Running", "async_percent_completion": 3}, "not ready after 60 s"),
    ],
)
def test_a_job_that_fails_or_never_ends_gives_nothing(
    server: FakeMeta, adapter: MetaAdsAdapter, clock: SteppedClock, state: dict[str, Any], words: str
) -> None:
    """Half a report would look like campaigns that stopped."""
    with_job(server, state)

    with pytest.raises(Exception, match=words):
        reports(server, clock, []).read(Figures(), Kind.CAMPAIGN, SINCE, UNTIL, n_expected=50_000)


def test_one_day_that_is_too_large_is_said_to_be(server: FakeMeta, clock: SteppedClock) -> None:
    """There is no smaller part to ask for."""
    server.on("GET", f"{NODE}/insights", error(100, 1487534))
    with_job(server, {"async_status": "Job Failed", "error_code": -3, "error_subcode": 1504045})

    with pytest.raises(Exception, match="-3/1504045"):
        reports(server, clock, []).read(Figures(), Kind.CAMPAIGN, UNTIL, UNTIL, n_expected=2)


def test_hours_are_of_campaigns_in_the_accounts_zone(server: FakeMeta, adapter: MetaAdsAdapter) -> None:
    """The breakdown is the advertiser's, not the viewer's."""
    row = {
        "campaign_id": "11", "date_start": "2026-11-21", "spend": "2.50", "impressions": "5",
        "hourly_stats_aggregated_by_advertiser_time_zone": "09:00:00 - 09:59:59",
    }  # fmt: skip
    server.on("GET", f"{NODE}/insights", {"data": [row]})

    table = adapter.hours(UNTIL, UNTIL)

    assert table.hours.astype(str).tolist() == ["2026-11-21T14:00"]
    assert table.cost_micros.tolist() == [2_500_000]
    assert server.told("GET", f"{NODE}/insights")[0].json("breakdowns") == [
        "hourly_stats_aggregated_by_advertiser_time_zone"
    ]
