"""Compatibility: which fields may stand together in a query.

Only Google knows all of its rules. Kept here are the documented ones, and of the rest what the
sandbox has figures for: what it would have to invent it refuses.
"""

from dataclasses import dataclass
from datetime import date

from simulations.sandbox.google_ads.dates import CORE_DATES, date_range
from simulations.sandbox.google_ads.fields import Field, row_field
from simulations.sandbox.google_ads.gaql import Query
from simulations.sandbox.google_ads.refusal import Refusal

HOUR = "segments.hour"
LAG = "segments.conversion_lag_bucket"
_COUNTS = frozenset(
    {
        "metrics.cost_micros",
        "metrics.impressions",
        "metrics.clicks",
        "metrics.conversions",
        "metrics.conversions_value",
        "metrics.all_conversions",
        "metrics.conversions_by_conversion_date",
        "metrics.conversions_value_by_conversion_date",
    }
)
SHARES = frozenset(
    {
        "metrics.search_impression_share",
        "metrics.search_budget_lost_impression_share",
        "metrics.search_rank_lost_impression_share",
        "metrics.search_top_impression_share",
    }
)
_TARGETS = frozenset({"metrics.average_target_roas", "metrics.average_target_cpa_micros"})
_OF_LAG = frozenset({"metrics.conversions", "metrics.conversions_value", "metrics.all_conversions"})
_DAYS = frozenset({*CORE_DATES, "segments.day_of_week"})


@dataclass(frozen=True, slots=True)
class Resource:
    """What may be named beside a resource.

    Attributes:
        also: Other resources, whose fields are those that this one belongs to.
        messages: Its fields that are messages and may be selected all the same.
    """

    also: tuple[str, ...] = ()
    segments: frozenset[str] = frozenset()
    metrics: frozenset[str] = frozenset()
    messages: frozenset[str] = frozenset()


RESOURCES = {
    "customer": Resource(),
    "customer_client": Resource(also=("customer",)),
    "currency_constant": Resource(),
    "campaign": Resource(
        also=("customer", "campaign_budget", "bidding_strategy"),
        segments=_DAYS | {HOUR, LAG},
        metrics=_COUNTS | SHARES | _TARGETS,
    ),
    "campaign_budget": Resource(also=("customer",)),
    "bidding_strategy": Resource(also=("customer",)),
    "ad_group": Resource(
        also=("customer", "campaign", "bidding_strategy"), segments=_DAYS | {HOUR}, metrics=_COUNTS | SHARES
    ),
    "ad_group_criterion": Resource(also=("customer", "campaign", "ad_group", "bidding_strategy")),
    "keyword_view": Resource(
        also=("customer", "campaign", "ad_group", "ad_group_criterion", "bidding_strategy"),
        segments=_DAYS,
        metrics=_COUNTS | SHARES,
    ),
    "label": Resource(also=("customer",)),
    "change_event": Resource(
        also=("customer", "campaign", "ad_group"),
        messages=frozenset(
            f"change_event.{name}" for name in ("changed_fields", "old_resource", "new_resource")
        ),
    ),
    "change_status": Resource(also=("customer", "campaign", "ad_group", "ad_group_criterion")),
    "campaign_simulation": Resource(
        also=("customer", "campaign"),
        messages=frozenset(
            f"campaign_simulation.{name}_point_list.points"
            for name in ("cpc_bid", "target_cpa", "target_roas", "target_impression_share", "budget")
        ),
    ),
    "bidding_seasonality_adjustment": Resource(also=("customer",)),
    "bidding_data_exclusion": Resource(also=("customer",)),
    "conversion_action": Resource(also=("customer",)),
    "recommendation": Resource(
        also=("customer", "campaign", "campaign_budget"),
        messages=frozenset({"recommendation.campaign_budget_recommendation", "recommendation.impact"}),
    ),
}


def check(query: Query, today: date, *, is_manager: bool = False) -> None:
    """Refuse what Google would refuse: unknown names, fields that do not go together, endless dates.

    Raises:
        Refusal: With the query_error that Google would answer.
    """
    resource = RESOURCES.get(query.resource)
    if resource is None:
        raise Refusal(
            "query_error.BAD_RESOURCE_TYPE_IN_FROM_CLAUSE",
            f"The sandbox has no resource {query.resource}; it has {', '.join(RESOURCES)}.",
        )
    for path in query.fields:
        field = row_field(path)
        root = field.parts[0]
        if root == "metrics":
            _check_metric(query, resource, path, is_manager=is_manager)
        elif root == "segments":
            _check_segment(query, resource, path)
        elif root not in (query.resource, *resource.also):
            raise _prohibited(query, path, "RESOURCE_TYPE")
        else:
            _check_message(query, resource, field)
    date_range(query, today)


def _check_metric(query: Query, resource: Resource, path: str, *, is_manager: bool) -> None:
    if is_manager:
        raise Refusal(
            "query_error.REQUESTED_METRICS_FOR_MANAGER",
            "Metrics cannot be requested for a manager account. To retrieve metrics, issue separate "
            "requests against each client account under the manager account.",
        )
    if path not in resource.metrics:
        raise Refusal(
            "query_error.PROHIBITED_METRIC_IN_SELECT_OR_WHERE_CLAUSE",
            f"Cannot select or filter on the following metrics: '{path}', "
            f"since they are incompatible with '{query.resource}'.",
        )
    if LAG in query.fields and path not in _OF_LAG:
        raise Refusal(
            "query_error.PROHIBITED_SEGMENT_WITH_METRIC_IN_SELECT_OR_WHERE_CLAUSE",
            f"Cannot select or filter on '{LAG}' together with '{path}'.",
        )
    if path in _TARGETS and HOUR in query.fields:
        raise Refusal(
            "query_error.PROHIBITED_SEGMENT_WITH_METRIC_IN_SELECT_OR_WHERE_CLAUSE",
            f"Cannot select or filter on '{HOUR}' together with '{path}'.",
        )


def _check_segment(query: Query, resource: Resource, path: str) -> None:
    if path not in resource.segments:
        raise Refusal(
            "query_error.PROHIBITED_SEGMENT_IN_SELECT_OR_WHERE_CLAUSE",
            f"Cannot select or filter on the following segments: '{path}', "
            f"since they are incompatible with '{query.resource}'.",
        )
    if path not in query.select and path not in CORE_DATES:
        raise Refusal(
            "query_error.EXPECTED_REFERENCED_FIELD_IN_SELECT_CLAUSE",
            f"The following field must be present in SELECT clause: '{path}'.",
        )
    if LAG in query.fields and path not in (*_DAYS, LAG):
        raise Refusal(
            "query_error.PROHIBITED_FIELD_COMBINATION_IN_SELECT_CLAUSE",
            f"The sandbox has no figures by '{LAG}' and '{path}' at once.",
        )


def _check_message(query: Query, resource: Resource, field: Field) -> None:
    if not field.is_message:
        return
    if field.path in query.select and field.path not in resource.messages:
        raise _prohibited(query, field.path, "FIELD")
    if field.path in [*(each.field for each in query.where), *(each.field for each in query.order)]:
        raise Refusal(
            "query_error.PROHIBITED_FIELD_IN_WHERE_CLAUSE", f"'{field.path}' cannot be filtered or sorted by."
        )


def _prohibited(query: Query, path: str, what: str) -> Refusal:
    clause = "SELECT" if path in query.select else "WHERE"
    return Refusal(
        f"query_error.PROHIBITED_{what}_IN_{clause}_CLAUSE",
        f"{path} cannot be named in the {clause} clause of a query FROM {query.resource}.",
    )
