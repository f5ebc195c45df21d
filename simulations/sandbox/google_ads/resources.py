"""Resources: what of the API's resources the sandbox keeps, and which lever of the platform each is."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

from agent.domain.ref import Kind
from simulations.journal import Field


@dataclass(frozen=True, slots=True)
class Collection:
    """A kind of resource that can be mutated.

    Attributes:
        service: "CampaignBudgetService".
        method: Of the service.
        path: The middle of its resource names.
        field: Of the resource in requests, results and rows.
        id_form: Regular expression of an id.
        levers: Leaves that the sandbox stores, and what each is to the platform.
        immutable: Fields that Google never lets anybody change.
        output_only: Fields that only Google sets.
    """

    kind: Kind
    service: str
    method: str
    path: str
    field: str
    id_form: str = r"\d+"
    levers: Mapping[str, Field] = dataclasses.field(default_factory=dict)
    immutable: tuple[str, ...] = ()
    output_only: tuple[str, ...] = ()

    @property
    def message(self) -> str:
        """The name of its message: "CampaignBudget"."""
        return self.service.removesuffix("Service")

    def name_of(self, customer: str, id_: str) -> str:
        return f"customers/{customer}/{self.path}/{id_}"


_TARGETS = {
    "target_cpa.target_cpa_micros": Field.TARGET_CPA,
    "maximize_conversions.target_cpa_micros": Field.TARGET_CPA,
    "target_roas.target_roas": Field.TARGET_ROAS,
    "maximize_conversion_value.target_roas": Field.TARGET_ROAS,
}

BUDGETS = Collection(
    Kind.CAMPAIGN_BUDGET,
    "CampaignBudgetService",
    "MutateCampaignBudgets",
    "campaignBudgets",
    "campaign_budget",
    levers={"amount_micros": Field.AMOUNT, "total_amount_micros": Field.LIFETIME_AMOUNT},
    immutable=("id", "period", "type"),
    output_only=(
        "reference_count",
        "status",
        "has_recommended_budget",
        "recommended_budget_amount_micros",
        "recommended_budget_estimated_change_weekly_clicks",
        "recommended_budget_estimated_change_weekly_cost_micros",
    ),
)
CAMPAIGNS = Collection(
    Kind.CAMPAIGN,
    "CampaignService",
    "MutateCampaigns",
    "campaigns",
    "campaign",
    levers={"status": Field.STATUS, **_TARGETS},
    immutable=("id", "advertising_channel_type", "advertising_channel_sub_type"),
    output_only=(
        "experiment_type",
        "base_campaign",
        "serving_status",
        "primary_status",
        "primary_status_reasons",
        "bidding_strategy_system_status",
        "bidding_strategy_type",
        "labels",
        "optimization_score",
    ),
)
AD_GROUPS = Collection(
    Kind.AD_GROUP,
    "AdGroupService",
    "MutateAdGroups",
    "adGroups",
    "ad_group",
    levers={
        "status": Field.STATUS,
        "cpc_bid_micros": Field.CPC_BID,
        "target_cpa_micros": Field.TARGET_CPA,
        "target_roas": Field.TARGET_ROAS,
    },
    immutable=("id", "campaign", "type"),
    output_only=(
        "base_ad_group",
        "labels",
        "primary_status",
        "effective_cpc_bid_micros",
        "effective_target_cpa_micros",
        "effective_target_cpa_source",
        "effective_target_roas",
        "effective_target_roas_source",
    ),
)
CRITERIA = Collection(
    Kind.KEYWORD,
    "AdGroupCriterionService",
    "MutateAdGroupCriteria",
    "adGroupCriteria",
    "ad_group_criterion",
    id_form=r"\d+~\d+",
    levers={"status": Field.STATUS, "cpc_bid_micros": Field.CPC_BID},
    immutable=("ad_group", "negative", "keyword.text", "keyword.match_type"),
    output_only=(
        "criterion_id",
        "display_name",
        "type",
        "labels",
        "approval_status",
        "system_serving_status",
        "effective_cpc_bid_micros",
        "effective_cpc_bid_source",
        "quality_info.quality_score",
        "position_estimates.first_page_cpc_micros",
        "position_estimates.top_of_page_cpc_micros",
    ),
)
STRATEGIES = Collection(
    Kind.BIDDING_STRATEGY,
    "BiddingStrategyService",
    "MutateBiddingStrategies",
    "biddingStrategies",
    "bidding_strategy",
    levers=_TARGETS,
    immutable=("id", "currency_code"),
    output_only=(
        "type",
        "status",
        "campaign_count",
        "non_removed_campaign_count",
        "effective_currency_code",
        "aligned_campaign_budget_id",
    ),
)
EXCLUSIONS = Collection(
    Kind.DATA_EXCLUSION,
    "BiddingDataExclusionService",
    "MutateBiddingDataExclusions",
    "biddingDataExclusions",
    "bidding_data_exclusion",
    output_only=("data_exclusion_id", "status"),
)
ADJUSTMENTS = Collection(
    Kind.SEASONALITY,
    "BiddingSeasonalityAdjustmentService",
    "MutateBiddingSeasonalityAdjustments",
    "biddingSeasonalityAdjustments",
    "bidding_seasonality_adjustment",
    output_only=("seasonality_adjustment_id", "status"),
)

_SCHEMES = dict.fromkeys(("lowest_cost", "cost_cap", "bid_cap", "min_roas"), "maximize_conversions")
"""What Google would call the bidding of campaigns that are meant for another platform."""

COLLECTIONS = (BUDGETS, CAMPAIGNS, AD_GROUPS, CRITERIA, STRATEGIES, EXCLUSIONS, ADJUSTMENTS)


def target_leaf(bidding: str, *, merged: bool) -> str | None:
    """Where the target of a strategy of this type stands; None when it has none.

    Args:
        merged: Targets stand inside of maximize_conversions and maximize_conversion_value.
    """
    if bidding == "target_cpa":
        return "maximize_conversions.target_cpa_micros" if merged else "target_cpa.target_cpa_micros"
    if bidding == "target_roas":
        return "maximize_conversion_value.target_roas" if merged else "target_roas.target_roas"
    return None


def scheme(bidding: str, *, merged: bool) -> str:
    """Which member of Google's oneof a strategy of this type is: "manual_cpc", "target_cpa"."""
    leaf = target_leaf(bidding, merged=merged)
    return _SCHEMES.get(bidding, bidding) if leaf is None else leaf.partition(".")[0]
