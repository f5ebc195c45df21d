"""Every query of the platform contract against the sandbox, through the official client."""

from collections.abc import Iterator
from typing import Any

import pytest
from google_ads_account import opened
from google_ads_wire import CUSTOMER, Wire

from agent.domain.lever import Status
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
DAYS = "segments.date BETWEEN '2026-11-01' AND '2026-11-20'"
QUERIES = {
    "account": (
        "SELECT customer.id, customer.descriptive_name, customer.currency_code, customer.time_zone,"
        " customer.manager, customer.test_account, customer.status, customer.auto_tagging_enabled"
        " FROM customer LIMIT 1"
    ),
    "billable unit": (
        "SELECT currency_constant.code, currency_constant.billable_unit_micros,"
        " currency_constant.demand_gen_info.minimum_budget_per_day_micros FROM currency_constant"
        " WHERE currency_constant.code = 'EUR'"
    ),
    "children of MCC": (
        "SELECT customer_client.id, customer_client.level, customer_client.manager,"
        " customer_client.currency_code, customer_client.time_zone, customer_client.status"
        " FROM customer_client WHERE customer_client.level <= 1"
    ),
    "campaign state": (
        "SELECT campaign.id, campaign.name, campaign.status, campaign.serving_status,"
        " campaign.primary_status, campaign.primary_status_reasons, campaign.advertising_channel_type,"
        " campaign.experiment_type, campaign.start_date_time, campaign.end_date_time,"
        " campaign.bidding_strategy_type, campaign.bidding_strategy,"
        " campaign.bidding_strategy_system_status, campaign.manual_cpc.enhanced_cpc_enabled,"
        " campaign.target_spend.cpc_bid_ceiling_micros, campaign.maximize_conversions.target_cpa_micros,"
        " campaign.maximize_conversion_value.target_roas, campaign.target_cpa.target_cpa_micros,"
        " campaign.target_roas.target_roas, campaign.target_impression_share.cpc_bid_ceiling_micros,"
        " campaign.campaign_budget, campaign_budget.id, campaign_budget.name,"
        " campaign_budget.amount_micros, campaign_budget.total_amount_micros, campaign_budget.period,"
        " campaign_budget.explicitly_shared, campaign_budget.reference_count,"
        " campaign_budget.delivery_method, campaign_budget.status, campaign_budget.type,"
        " campaign_budget.recommended_budget_amount_micros FROM campaign"
        " WHERE campaign.status != 'REMOVED'"
    ),
    "portfolio": (
        "SELECT bidding_strategy.id, bidding_strategy.name, bidding_strategy.type,"
        " bidding_strategy.status, bidding_strategy.campaign_count, bidding_strategy.currency_code,"
        " bidding_strategy.target_cpa.target_cpa_micros, bidding_strategy.target_roas.target_roas,"
        " bidding_strategy.maximize_conversion_value.target_roas,"
        " bidding_strategy.maximize_conversions.target_cpa_micros FROM bidding_strategy"
    ),
    "campaign daily": (
        "SELECT campaign.id, segments.date, metrics.cost_micros, metrics.impressions, metrics.clicks,"
        " metrics.conversions, metrics.conversions_value, metrics.conversions_by_conversion_date,"
        " metrics.conversions_value_by_conversion_date, metrics.all_conversions,"
        " metrics.search_impression_share, metrics.search_budget_lost_impression_share,"
        " metrics.search_rank_lost_impression_share, metrics.search_top_impression_share,"
        " metrics.average_target_roas, metrics.average_target_cpa_micros FROM campaign"
        f" WHERE {DAYS}"
    ),
    "campaign hourly": (
        "SELECT campaign.id, segments.date, segments.hour, metrics.cost_micros, metrics.impressions,"
        " metrics.clicks, metrics.conversions, metrics.conversions_value FROM campaign"
        " WHERE segments.date BETWEEN '2026-11-19' AND '2026-11-20'"
    ),
    "ad group daily": (
        "SELECT campaign.id, ad_group.id, ad_group.name, ad_group.status, ad_group.cpc_bid_micros,"
        " ad_group.effective_cpc_bid_micros, ad_group.target_cpa_micros, ad_group.target_roas,"
        " ad_group.effective_target_cpa_micros, ad_group.effective_target_cpa_source, segments.date,"
        " metrics.cost_micros, metrics.clicks, metrics.impressions, metrics.conversions,"
        " metrics.conversions_value FROM ad_group WHERE segments.date DURING LAST_7_DAYS"
        " AND ad_group.status = 'ENABLED'"
    ),
    "keyword daily": (
        "SELECT campaign.id, ad_group.id, ad_group_criterion.criterion_id,"
        " ad_group_criterion.keyword.text, ad_group_criterion.keyword.match_type,"
        " ad_group_criterion.status, ad_group_criterion.cpc_bid_micros,"
        " ad_group_criterion.effective_cpc_bid_micros, ad_group_criterion.effective_cpc_bid_source,"
        " ad_group_criterion.position_estimates.first_page_cpc_micros,"
        " ad_group_criterion.position_estimates.top_of_page_cpc_micros,"
        " ad_group_criterion.quality_info.quality_score, segments.date, metrics.cost_micros,"
        " metrics.clicks, metrics.impressions, metrics.conversions, metrics.conversions_value"
        " FROM keyword_view WHERE segments.date DURING LAST_7_DAYS"
        " AND ad_group_criterion.status = 'ENABLED'"
    ),
    "conversion lag": (
        "SELECT campaign.id, segments.date, segments.conversion_lag_bucket, metrics.conversions,"
        " metrics.conversions_value FROM campaign"
        " WHERE segments.date BETWEEN '2026-10-01' AND '2026-10-31'"
    ),
    "conversion actions": (
        "SELECT conversion_action.id, conversion_action.name, conversion_action.status,"
        " conversion_action.category, conversion_action.primary_for_goal,"
        " conversion_action.include_in_conversions_metric,"
        " conversion_action.click_through_lookback_window_days,"
        " conversion_action.attribution_model_settings.attribution_model,"
        " conversion_action.value_settings.default_value FROM conversion_action"
    ),
    "simulation": (
        "SELECT campaign_simulation.campaign_id, campaign_simulation.type,"
        " campaign_simulation.modification_method, campaign_simulation.start_date,"
        " campaign_simulation.end_date, campaign_simulation.budget_point_list.points,"
        " campaign_simulation.target_roas_point_list.points,"
        " campaign_simulation.target_cpa_point_list.points FROM campaign_simulation"
    ),
    "drift": (
        "SELECT change_event.change_date_time, change_event.change_resource_type,"
        " change_event.change_resource_name, change_event.client_type, change_event.user_email,"
        " change_event.resource_change_operation, change_event.changed_fields,"
        " change_event.old_resource, change_event.new_resource FROM change_event"
        " WHERE change_event.change_date_time >= '2026-11-19 00:00:00'"
        " AND change_event.change_date_time <= '2026-11-21 23:59:59'"
        " AND change_event.change_resource_type IN"
        " ('CAMPAIGN_BUDGET','CAMPAIGN','AD_GROUP','AD_GROUP_CRITERION')"
        " ORDER BY change_event.change_date_time DESC LIMIT 10000"
    ),
    "status drift": (
        "SELECT change_status.resource_name, change_status.last_change_date_time,"
        " change_status.resource_type, change_status.resource_status, change_status.campaign_budget"
        " FROM change_status WHERE change_status.last_change_date_time >= '2026-11-01'"
        " AND change_status.last_change_date_time <= '2026-11-22' LIMIT 10000"
    ),
    "recommendation": (
        "SELECT recommendation.type, recommendation.campaign,"
        " recommendation.campaign_budget_recommendation FROM recommendation"
    ),
    "data exclusions": (
        "SELECT bidding_data_exclusion.data_exclusion_id, bidding_data_exclusion.scope,"
        " bidding_data_exclusion.status, bidding_data_exclusion.start_date_time,"
        " bidding_data_exclusion.end_date_time, bidding_data_exclusion.name,"
        " bidding_data_exclusion.advertising_channel_types, bidding_data_exclusion.campaigns"
        " FROM bidding_data_exclusion WHERE bidding_data_exclusion.status = 'ENABLED'"
    ),
    "seasonality adjustments": (
        "SELECT bidding_seasonality_adjustment.seasonality_adjustment_id,"
        " bidding_seasonality_adjustment.conversion_rate_modifier,"
        " bidding_seasonality_adjustment.start_date_time, bidding_seasonality_adjustment.end_date_time"
        " FROM bidding_seasonality_adjustment"
        " WHERE bidding_seasonality_adjustment.status = 'ENABLED'"
    ),
}
"""As in the contract, on days that the sandbox has."""

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
        sandbox.platform.set_status(sandbox.platform.campaigns[2].id, Status.PAUSED, by="a@b.c")
        third = batches()
    finally:
        sandbox.stop()

    assert [batch.results for batch in first] == [batch.results for batch in second]
    assert len({batch.request_id for batch in (*first, *second)}) == len(first) + len(second)
    assert {row.campaign.status for batch in third for row in batch.results} == {2, 3}
