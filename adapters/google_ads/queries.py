"""Queries: every GAQL text that gebot sends.

GAQL only reads. What is filled in is typed (dates) or comes from Google or from checked ids.
Each query is one operation of quota, whatever its size: few wide ones.
"""

from collections.abc import Collection
from datetime import date

# Longer lists are not sent: reading all campaigns is one operation of quota as well.
_MAX_IDS = 1_000

CUSTOMER = (
    "SELECT customer.id, customer.descriptive_name, customer.currency_code, customer.time_zone,"
    " customer.manager FROM customer LIMIT 1"
)

CHILDREN = (
    "SELECT customer_client.id, customer_client.descriptive_name, customer_client.level,"
    " customer_client.manager, customer_client.currency_code, customer_client.time_zone,"
    " customer_client.status FROM customer_client WHERE customer_client.level > 0"
)

LABELS = "SELECT label.resource_name, label.name FROM label"

_CAMPAIGN_STATE = (
    "SELECT campaign.id, campaign.name, campaign.status, campaign.advertising_channel_type,"
    " campaign.experiment_type, campaign.start_date_time, campaign.labels,"
    " campaign.bidding_strategy_type, campaign.bidding_strategy_system_status, campaign.bidding_strategy,"
    " campaign.maximize_conversions.target_cpa_micros, campaign.maximize_conversion_value.target_roas,"
    " campaign.target_cpa.target_cpa_micros, campaign.target_roas.target_roas,"
    " campaign_budget.id, campaign_budget.name, campaign_budget.amount_micros,"
    " campaign_budget.total_amount_micros, campaign_budget.period,"
    " campaign_budget.type, campaign_budget.explicitly_shared, campaign_budget.reference_count"
    " FROM campaign WHERE campaign.status != 'REMOVED'"
)

_STRATEGY_STATE = (
    "SELECT bidding_strategy.id, bidding_strategy.name, bidding_strategy.type,"
    " bidding_strategy.effective_currency_code,"
    " bidding_strategy.maximize_conversions.target_cpa_micros,"
    " bidding_strategy.maximize_conversion_value.target_roas,"
    " bidding_strategy.target_cpa.target_cpa_micros, bidding_strategy.target_roas.target_roas"
    " FROM bidding_strategy WHERE bidding_strategy.status = 'ENABLED'"
)

_AD_GROUP_STATE = (
    "SELECT campaign.id, ad_group.id, ad_group.name, ad_group.status, ad_group.labels,"
    " ad_group.cpc_bid_micros, ad_group.target_cpa_micros, ad_group.target_roas"
    " FROM ad_group WHERE campaign.status != 'REMOVED' AND ad_group.status != 'REMOVED'"
)

_KEYWORD_STATE = (
    "SELECT campaign.id, ad_group.id, ad_group.labels, ad_group_criterion.criterion_id,"
    " ad_group_criterion.keyword.text, ad_group_criterion.keyword.match_type,"
    " ad_group_criterion.status, ad_group_criterion.labels, ad_group_criterion.cpc_bid_micros"
    " FROM ad_group_criterion WHERE ad_group_criterion.type = 'KEYWORD'"
    " AND ad_group_criterion.negative = FALSE AND ad_group_criterion.status != 'REMOVED'"
    " AND ad_group.status != 'REMOVED' AND campaign.status != 'REMOVED'"
)

MEMBERSHIP = (  # which campaign spends from which budget and bids by which portfolio strategy
    "SELECT campaign.id, campaign.bidding_strategy, campaign_budget.id, campaign_budget.explicitly_shared,"
    " campaign_budget.reference_count FROM campaign WHERE campaign.status != 'REMOVED'"
)

_FIGURES = (
    "metrics.cost_micros, metrics.impressions, metrics.clicks, metrics.conversions,"
    " metrics.conversions_value, metrics.conversions_by_conversion_date,"
    " metrics.conversions_value_by_conversion_date, metrics.search_impression_share,"
    " metrics.search_rank_lost_impression_share"
)

# Of removed campaigns too: what fell to zero with one would look like conversions that were taken back.
_CAMPAIGN_DAILY = (
    f"SELECT campaign.id, segments.date, {_FIGURES},"  # noqa: S608  # not SQL
    " metrics.search_budget_lost_impression_share FROM campaign"
)

# Google tells the share lost to budget of campaigns only.
_AD_GROUP_DAILY = (
    f"SELECT ad_group.id, segments.date, {_FIGURES}"  # noqa: S608  # not SQL
    " FROM ad_group WHERE campaign.status != 'REMOVED' AND ad_group.status != 'REMOVED'"
)

_KEYWORD_DAILY = (
    f"SELECT ad_group.id, ad_group_criterion.criterion_id, segments.date, {_FIGURES}"  # noqa: S608  # not SQL
    " FROM keyword_view WHERE campaign.status != 'REMOVED' AND ad_group.status != 'REMOVED'"
    " AND ad_group_criterion.status != 'REMOVED'"
)

_CAMPAIGN_HOURLY = (
    "SELECT campaign.id, segments.date, segments.hour, metrics.cost_micros, metrics.impressions,"
    " metrics.clicks, metrics.conversions, metrics.conversions_value"
    " FROM campaign WHERE campaign.status != 'REMOVED'"
)

SIMULATIONS = (
    "SELECT campaign_simulation.campaign_id, campaign_simulation.type,"
    " campaign_simulation.modification_method, campaign_simulation.start_date,"
    " campaign_simulation.end_date, campaign_simulation.budget_point_list.points,"
    " campaign_simulation.target_cpa_point_list.points,"
    " campaign_simulation.target_roas_point_list.points FROM campaign_simulation"
)

EXCLUSIONS = (
    "SELECT bidding_data_exclusion.resource_name, bidding_data_exclusion.scope,"
    " bidding_data_exclusion.start_date_time, bidding_data_exclusion.end_date_time,"
    " bidding_data_exclusion.name, bidding_data_exclusion.devices, bidding_data_exclusion.campaigns,"
    " bidding_data_exclusion.advertising_channel_types"
    " FROM bidding_data_exclusion WHERE bidding_data_exclusion.status = 'ENABLED'"
)

SEASONALITY = (
    "SELECT bidding_seasonality_adjustment.resource_name, bidding_seasonality_adjustment.scope,"
    " bidding_seasonality_adjustment.start_date_time, bidding_seasonality_adjustment.end_date_time,"
    " bidding_seasonality_adjustment.name, bidding_seasonality_adjustment.devices,"
    " bidding_seasonality_adjustment.campaigns,"
    " bidding_seasonality_adjustment.advertising_channel_types,"
    " bidding_seasonality_adjustment.conversion_rate_modifier"
    " FROM bidding_seasonality_adjustment WHERE bidding_seasonality_adjustment.status = 'ENABLED'"
)

CHANGES_PER_QUERY = 10_000  # Google answers no more at once, and insists on a limit


def billable_unit(currency: str) -> str:
    return (
        "SELECT currency_constant.code, currency_constant.billable_unit_micros"  # noqa: S608  # not SQL
        f" FROM currency_constant WHERE currency_constant.code = '{currency}'"
    )


def campaign_state(campaigns: Collection[str] = (), budgets: Collection[str] = ()) -> str:
    """State of these campaigns, or of all on these budgets; of every campaign when both are empty."""
    if campaigns and not budgets:
        return _CAMPAIGN_STATE + _among("campaign.id", campaigns)
    if budgets and not campaigns:
        return _CAMPAIGN_STATE + _among("campaign_budget.id", budgets)
    return _CAMPAIGN_STATE


def strategy_state(ids: Collection[str] = ()) -> str:
    """State of these portfolio bidding strategies; of all when none are named."""
    return _STRATEGY_STATE + _among("bidding_strategy.id", ids)


def ad_group_state(ids: Collection[str] = ()) -> str:
    """State of these ad groups; of all when none are named."""
    return _AD_GROUP_STATE + _among("ad_group.id", ids)


def keyword_state(ids: Collection[str] = ()) -> str:
    """State of keywords, these ("ad group~criterion") certainly among them; of all when none are named."""
    pairs = [tuple(entity.split("~")) for entity in ids]
    if len(pairs) > _MAX_IDS:
        return _KEYWORD_STATE
    return (
        _KEYWORD_STATE
        + _among("ad_group.id", {pair[0] for pair in pairs})
        + _among("ad_group_criterion.criterion_id", {pair[1] for pair in pairs})
    )


def campaign_daily(since: date, until: date) -> str:
    return f"{_CAMPAIGN_DAILY} WHERE {_days(since, until)}"


def ad_group_daily(since: date, until: date) -> str:
    return f"{_AD_GROUP_DAILY} AND {_days(since, until)}"


def keyword_daily(since: date, until: date) -> str:
    return f"{_KEYWORD_DAILY} AND {_days(since, until)}"


def campaign_hourly(since: date, until: date) -> str:
    return f"{_CAMPAIGN_HOURLY} AND {_days(since, until)}"


def conversion_lag(since: date, until: date) -> str:
    """Conversions of clicks on these days by how long after the click they came."""
    return (
        "SELECT campaign.id, segments.conversion_lag_bucket, metrics.conversions"  # noqa: S608  # not SQL
        f" FROM campaign WHERE {_days(since, until)}"
    )


def changes(since: str, until: str, resources: Collection[str] = ("CAMPAIGN_BUDGET", "CAMPAIGN")) -> str:
    """Changes of these resources; times are "YYYY-MM-DD HH:MM:SS" in the account's zone."""
    named = ", ".join(f"'{resource}'" for resource in resources)
    return (
        "SELECT change_event.change_date_time, change_event.change_resource_type,"  # noqa: S608  # not SQL
        " change_event.change_resource_name, change_event.client_type, change_event.user_email,"
        " change_event.changed_fields, change_event.old_resource, change_event.new_resource"
        f" FROM change_event WHERE change_event.change_date_time >= '{since}'"
        f" AND change_event.change_date_time <= '{until}'"
        f" AND change_event.change_resource_type IN ({named})"
        f" ORDER BY change_event.change_date_time ASC LIMIT {CHANGES_PER_QUERY}"
    )


def _among(field: str, ids: Collection[str]) -> str:
    """A condition; "" for no ids and for too many to be listed."""
    return f" AND {field} IN ({', '.join(sorted(ids))})" if 0 < len(ids) <= _MAX_IDS else ""


def _days(since: date, until: date) -> str:
    return f"segments.date BETWEEN '{since}' AND '{until}'"
