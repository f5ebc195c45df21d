"""Every query of the platform contract against the sandbox, through the official client."""

from collections.abc import Iterator
from typing import Any

import pytest
from google_ads_account import opened
from google_ads_contract import DAYS, QUERIES
from google_ads_wire import CUSTOMER, Wire

from agent.domain.lever import Status
from agent.domain.ref import Kind
from simulations.journal import Field
from simulations.sandbox.google_ads.conduct import Conduct
from simulations.sandbox.google_ads.serve import Sandbox

DEEP: dict[str, Any] = {
    "seed": 3,  # one campaign is social, six are search
    "campaigns": 12,
    "groups_per_campaign": 2,
    "keywords_per_group": 3,
    "portfolio_strategies": 1,
    "lifetime_budgets": 1,
    "bidding": ("manual_cpc", "target_cpa", "target_roas", "maximize_conversions"),
    "advises": True,
}
EMPTY = {"recommendation", "drift", "status drift", "data exclusions", "seasonality adjustments"}


@pytest.fixture(scope="module")
def deep(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    running = opened(tmp_path_factory.mktemp("deep"), **DEEP)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def wire(deep: Sandbox) -> Wire:
    return Wire(deep)


@pytest.mark.parametrize("name", QUERIES)
def test_every_query_of_the_contract_is_answered(wire: Wire, name: str) -> None:
    """With rows, where the account has anything of the kind."""
    rows = wire.rows(QUERIES[name])

    assert bool(rows) != (name in EMPTY)


@pytest.mark.parametrize("name", QUERIES)
def test_every_query_of_the_contract_can_be_validated_alone(wire: Wire, name: str) -> None:
    """`validate_only` answers without rows."""
    request = wire.message("SearchGoogleAdsRequest")
    request.customer_id, request.query, request.validate_only = CUSTOMER, QUERIES[name], True

    answer = wire.service("GoogleAdsService").search(request=request)

    assert list(answer) == []


def sums(rows: list[Any], key: Any, metric: str = "cost_micros") -> dict[Any, float]:
    found: dict[Any, float] = {}
    for row in rows:
        found[key(row)] = found.get(key(row), 0) + getattr(row.metrics, metric)
    return found


@pytest.mark.parametrize("metric", ["cost_micros", "clicks", "impressions", "conversions"])
def test_hours_of_campaigns_and_of_ad_groups_sum_to_their_days(wire: Wire, metric: str) -> None:
    """Each hour is split as its day is, and nothing is lost."""
    two = "segments.date BETWEEN '2026-11-19' AND '2026-11-20'"
    daily = wire.rows(f"SELECT campaign.id, segments.date, metrics.{metric} FROM campaign WHERE {two}")
    hourly = wire.rows(
        f"SELECT campaign.id, segments.date, segments.hour, metrics.{metric} FROM campaign WHERE {two}"
    )
    of_groups = wire.rows(
        f"SELECT campaign.id, ad_group.id, segments.date, segments.hour, metrics.{metric}"
        f" FROM ad_group WHERE {two}"
    )

    def day(row: Any) -> Any:
        return row.campaign.id, row.segments.date

    expected = pytest.approx(sums(daily, day, metric))
    assert sums(hourly, day, metric) == expected
    assert sums(of_groups, day, metric) == expected


def test_figures_below_a_campaign_sum_to_those_of_the_campaign(wire: Wire) -> None:
    """Of every day; keywords of search campaigns only."""
    campaigns = wire.rows(
        f"SELECT campaign.id, segments.date, metrics.cost_micros FROM campaign WHERE {DAYS}"
    )
    groups = wire.rows(f"SELECT campaign.id, segments.date, metrics.cost_micros FROM ad_group WHERE {DAYS}")
    keywords = wire.rows(
        f"SELECT campaign.id, segments.date, metrics.cost_micros FROM keyword_view WHERE {DAYS}"
    )

    def day(row: Any) -> Any:
        return row.campaign.id, row.segments.date

    whole = sums(campaigns, day)
    assert sums(groups, day) == whole
    of_search = sums(keywords, day)
    assert of_search
    assert {key: whole[key] for key in of_search} == of_search


def test_delays_sum_to_the_conversions_that_are_known(wire: Wire) -> None:
    """The report by lag tells the same conversions as the daily one."""
    days = "segments.date BETWEEN '2026-10-01' AND '2026-10-31'"
    daily = wire.rows(f"SELECT campaign.id, metrics.conversions FROM campaign WHERE {days}")
    lagged = wire.rows(
        f"SELECT campaign.id, segments.conversion_lag_bucket, metrics.conversions FROM campaign WHERE {days}"
    )

    expected = {key: n for key, n in sums(daily, lambda row: row.campaign.id, "conversions").items() if n}
    assert sums(lagged, lambda row: row.campaign.id, "conversions") == pytest.approx(expected)
    assert len({row.segments.conversion_lag_bucket for row in lagged}) > 1


def test_shares_are_zero_by_the_hour(wire: Wire) -> None:
    """As Google tells them: they must be taken from the days."""
    rows = wire.rows(
        "SELECT campaign.id, segments.date, segments.hour, metrics.clicks, metrics.search_impression_share"
        " FROM campaign WHERE segments.date = '2026-11-19'"
    )

    assert {row.metrics.search_impression_share for row in rows} == {0.0}


def test_rows_without_any_figure_are_left_out_when_segmented(wire: Wire, deep: Sandbox) -> None:
    """Days before the history: no row by day, a row of zeros for each campaign without."""
    where = "FROM campaign WHERE segments.date BETWEEN '2020-01-01' AND '2020-01-31'"
    by_day = wire.rows(f"SELECT campaign.id, segments.date, metrics.clicks {where}")
    together = wire.rows(f"SELECT campaign.id, metrics.clicks {where}")

    assert by_day == []
    assert [row.metrics.clicks for row in together] == [0] * len(deep.platform.campaigns)
    assert all(
        row.metrics._pb.HasField("clicks") if hasattr(row.metrics, "_pb") else True for row in together
    )


@pytest.mark.parametrize(
    ("segment", "expected"),
    [
        ("segments.week", {"2026-10-26", "2026-11-02", "2026-11-09", "2026-11-16"}),
        ("segments.month", {"2026-11-01"}),
        ("segments.quarter", {"2026-10-01"}),
        ("segments.year", {2026}),
    ],
)
def test_longer_segments_begin_where_google_says(wire: Wire, segment: str, expected: set[Any]) -> None:
    """A week begins on Monday."""
    rows = wire.rows(f"SELECT campaign.id, {segment}, metrics.clicks FROM campaign WHERE {DAYS}")

    assert {getattr(row.segments, segment.split(".")[1]) for row in rows} == expected


def test_a_reply_that_is_kept_is_the_same_until_something_is_edited(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """For tests of load: made once, told again with another request id."""
    sandbox = opened(tmp_path_factory.mktemp("kept"), Conduct(keeps_replies=True))
    wire = Wire(sandbox)
    query = f"SELECT campaign.id, campaign.status, segments.date, metrics.clicks FROM campaign WHERE {DAYS}"
    service = wire.service("GoogleAdsService")

    def batches() -> list[Any]:
        return list(service.search_stream(customer_id=CUSTOMER, query=query, timeout=20))

    try:
        first, second = batches(), batches()
        sandbox.platform.set(
            Kind.CAMPAIGN, sandbox.platform.campaigns[2].id, Field.STATUS, Status.PAUSED.value, by="a@b.c"
        )
        third = batches()
    finally:
        sandbox.stop()

    assert [batch.results for batch in first] == [batch.results for batch in second]
    assert len({batch.request_id for batch in (*first, *second)}) == len(first) + len(second)
    assert {row.campaign.status for batch in third for row in batch.results} == {2, 3}
