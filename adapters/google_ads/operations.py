"""Operations: what the API is asked to do, and the requests that carry it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from google.ads.googleads.v26.services.types.ad_group_criterion_service import MutateAdGroupCriteriaRequest
from google.ads.googleads.v26.services.types.ad_group_service import MutateAdGroupsRequest
from google.ads.googleads.v26.services.types.bidding_data_exclusion_service import (
    MutateBiddingDataExclusionsRequest,
)
from google.ads.googleads.v26.services.types.bidding_seasonality_adjustment_service import (
    MutateBiddingSeasonalityAdjustmentsRequest,
)
from google.ads.googleads.v26.services.types.bidding_strategy_service import MutateBiddingStrategiesRequest
from google.ads.googleads.v26.services.types.campaign_budget_service import MutateCampaignBudgetsRequest
from google.ads.googleads.v26.services.types.campaign_service import MutateCampaignsRequest

MAX_OPERATIONS = 10_000  # in one request
_MUTABLE_RESOURCE = 2  # response_content_type: answer with what is stored now


@dataclass(frozen=True, slots=True)
class Service:
    """A mutate call of the API.

    Attributes:
        resource: What its operations are about, as a field of its results.
        collection: The same in resource names.
    """

    name: str
    method: str
    request: Any
    resource: str
    collection: str


BUDGETS = Service(
    "CampaignBudgetService",
    "mutate_campaign_budgets",
    MutateCampaignBudgetsRequest,
    "campaign_budget",
    "campaignBudgets",
)
CAMPAIGNS = Service("CampaignService", "mutate_campaigns", MutateCampaignsRequest, "campaign", "campaigns")
STRATEGIES = Service(
    "BiddingStrategyService",
    "mutate_bidding_strategies",
    MutateBiddingStrategiesRequest,
    "bidding_strategy",
    "biddingStrategies",
)
AD_GROUPS = Service("AdGroupService", "mutate_ad_groups", MutateAdGroupsRequest, "ad_group", "adGroups")
CRITERIA = Service(
    "AdGroupCriterionService",
    "mutate_ad_group_criteria",
    MutateAdGroupCriteriaRequest,
    "ad_group_criterion",
    "adGroupCriteria",
)
EXCLUSIONS = Service(
    "BiddingDataExclusionService",
    "mutate_bidding_data_exclusions",
    MutateBiddingDataExclusionsRequest,
    "bidding_data_exclusion",
    "biddingDataExclusions",
)
SEASONALITY = Service(
    "BiddingSeasonalityAdjustmentService",
    "mutate_bidding_seasonality_adjustments",
    MutateBiddingSeasonalityAdjustmentsRequest,
    "bidding_seasonality_adjustment",
    "biddingSeasonalityAdjustments",
)
SERVICES = (BUDGETS, CAMPAIGNS, STRATEGIES, AD_GROUPS, CRITERIA, EXCLUSIONS, SEASONALITY)  # as sent


class Action(StrEnum):
    """What is done to a resource; the name of the field that says so."""

    UPDATE = "update"
    CREATE = "create"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class Setting:
    """One leaf of a resource and the value it takes.

    Attributes:
        value: Micros, an enum number, text, a ratio (the API wants a double), or all of a list.
    """

    path: str
    value: int | float | str | tuple[int, ...] | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """What becomes of one resource, which may stand in a request only once.

    Attributes:
        resource_name: "" for one that is created.
        changes: Positions in the batch of the changes that it carries out.
    """

    service: Service
    resource_name: str
    settings: tuple[Setting, ...]
    changes: tuple[int, ...]
    action: Action = Action.UPDATE


def request_of(operations: Sequence[Operation], customer: str, *, validate_only: bool) -> Any:
    """A mutate request of operations of one service, with one leaf mask for each setting of an update."""
    service = operations[0].service
    request = service.request.pb(service.request())
    request.customer_id = customer
    request.partial_failure = True
    request.validate_only = validate_only
    request.response_content_type = _MUTABLE_RESOURCE
    for operation in operations:
        message = request.operations.add()
        if operation.action is Action.REMOVE:
            message.remove = operation.resource_name
            continue
        resource = getattr(message, operation.action)
        if operation.action is Action.UPDATE:
            resource.resource_name = operation.resource_name
            message.update_mask.paths.extend(setting.path for setting in operation.settings)
        for setting in operation.settings:
            *parents, leaf = setting.path.split(".")
            holder = resource
            for parent in parents:
                holder = getattr(holder, parent)
            if isinstance(setting.value, tuple):
                getattr(holder, leaf).extend(setting.value)
            else:
                setattr(holder, leaf, setting.value)
    return service.request.wrap(request)


def stored_otherwise(operation: Operation, result: Any) -> str:
    """What Google's entry for an operation says against its being done; "" when all is as asked."""
    created = operation.action is Action.CREATE
    name = operation.resource_name
    if not result.resource_name or not (created or result.resource_name == name):
        return "Google's answer has no entry for it"
    if operation.action is Action.REMOVE:
        return ""
    for setting in operation.settings:
        stored = getattr(result, operation.service.resource)
        for part in setting.path.split("."):
            stored = getattr(stored, part)
        found = tuple(stored) if isinstance(setting.value, tuple) else stored
        if found != setting.value:
            return f"Google stored {setting.path} = {found}, {setting.value} was asked"
    return ""
