"""Queries: every GAQL text that gebot sends.

GAQL only reads. What is filled in is typed (dates) or comes from Google or from checked ids.
"""

from collections.abc import Collection
from datetime import date

# Longer lists are not sent: reading all campaigns is one operation of quota as well.
_MAX_IDS = 1_000

CUSTOMER = (
    "SELECT customer.id, customer.descriptive_name, customer.currency_code, customer.time_zone,"
    " customer.manager FROM customer LIMIT 1"
)

LABELS = "SELECT label.resource_name, label.name FROM label"

_CAMPAIGN_STATE = (
    "SELECT campaign.id, campaign.name, campaign.status, campaign.advertising_channel_type,"
    " campaign.experiment_type, campaign.start_date_time, campaign.labels,"
    " campaign.bidding_strategy_type, campaign.bidding_strategy_system_status, campaign.bidding_strategy,"
    " campaign.maximize_conversions.target_cpa_micros, campaign.maximize_conversion_value.target_roas,"
    " campaign.target_cpa.target_cpa_micros, campaign.target_roas.target_roas,"
    " campaign_budget.id, campaign_budget.name, campaign_budget.amount_micros, campaign_budget.period,"
    " campaign_budget.type, campaign_budget.explicitly_shared, campaign_budget.reference_count"
    " FROM campaign WHERE campaign.status != 'REMOVED'"
)

CAMPAIGN_BUDGETS = (  # which campaign spends from which budget
    "SELECT campaign.id, campaign_budget.id, campaign_budget.explicitly_shared,"
    " campaign_budget.reference_count FROM campaign WHERE campaign.status != 'REMOVED'"
)

_CAMPAIGN_DAILY = (
    "SELECT campaign.id, segments.date, metrics.cost_micros, metrics.impressions, metrics.clicks,"
    " metrics.conversions, metrics.conversions_value, metrics.search_impression_share,"
    " metrics.search_budget_lost_impression_share, metrics.search_rank_lost_impression_share"
    " FROM campaign WHERE campaign.status != 'REMOVED'"
)

CHANGES_PER_QUERY = 10_000  # Google answers no more at once, and insists on a limit


def billable_unit(currency: str) -> str:
    return (
        "SELECT currency_constant.code, currency_constant.billable_unit_micros"  # noqa: S608  # not SQL
        f" FROM currency_constant WHERE currency_constant.code = '{currency}'"
    )


def campaign_state(campaigns: Collection[str] = (), budgets: Collection[str] = ()) -> str:
    """State of these campaigns, or of all on these budgets; of every campaign when both are empty."""
    if campaigns and not budgets and len(campaigns) <= _MAX_IDS:
        return f"{_CAMPAIGN_STATE} AND campaign.id IN ({', '.join(sorted(campaigns))})"
    if budgets and not campaigns and len(budgets) <= _MAX_IDS:
        return f"{_CAMPAIGN_STATE} AND campaign_budget.id IN ({', '.join(sorted(budgets))})"
    return _CAMPAIGN_STATE


def campaign_daily(since: date, until: date) -> str:
    return f"{_CAMPAIGN_DAILY} AND segments.date BETWEEN '{since}' AND '{until}'"


def changes(since: str, until: str) -> str:
    """Changes of budgets and campaigns; times are "YYYY-MM-DD HH:MM:SS" in the account's zone."""
    return (
        "SELECT change_event.change_date_time, change_event.change_resource_type,"  # noqa: S608  # not SQL
        " change_event.change_resource_name, change_event.client_type, change_event.user_email,"
        " change_event.changed_fields, change_event.old_resource, change_event.new_resource"
        f" FROM change_event WHERE change_event.change_date_time >= '{since}'"
        f" AND change_event.change_date_time <= '{until}'"
        " AND change_event.change_resource_type IN ('CAMPAIGN_BUDGET', 'CAMPAIGN')"
        f" ORDER BY change_event.change_date_time ASC LIMIT {CHANGES_PER_QUERY}"
    )
