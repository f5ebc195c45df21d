"""Google's replies: rows and answers with fields that no document allows, through the whole adapter."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from random import Random
from typing import Any, cast

from google.ads.googleads.v26.errors.types.errors import GoogleAdsFailure
from google.ads.googleads.v26.services.types.google_ads_service import GoogleAdsRow
from google.protobuf.message import DecodeError

from adapters.google_ads.adapter import GoogleAdsAdapter
from adapters.google_ads.client import Client
from adapters.google_ads.errors import delay_s
from adapters.google_ads.faults import Fault
from adapters.google_ads.memory import Memory
from adapters.google_ads.minimum import Minimum
from adapters.google_ads.operations import SERVICES
from adapters.google_ads.quota import Quota
from agent.clock import SteppedClock
from agent.domain.lever import Lever, Ratio, Status, Value
from agent.domain.money import Money
from agent.domain.plan import Change
from agent.domain.ref import Kind, Ref
from simulations.chaos.malformed.hostile import NUMBERS, WORDS, chance, word
from simulations.chaos.malformed.mutations import bytes_of
from simulations.chaos.malformed.questions import ask
from simulations.chaos.malformed.target import Target

_CUSTOMER = "1234567890"
_NOW = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)
_LEVELS = (Kind.AD_GROUP, Kind.KEYWORD)
_FIELDS = {  # of rows, as the queries name them; what a query does not ask for stays unset
    "customer": ("id", "descriptive_name", "currency_code", "time_zone", "manager"),
    "currency_constant": ("code", "billable_unit_micros"),
    "campaign": (
        "id", "name", "status", "advertising_channel_type", "bidding_strategy_type", "experiment_type",
        "labels",
        "start_date_time", "bidding_strategy", "bidding_strategy_system_status",
        "target_cpa.target_cpa_micros", "target_roas.target_roas", "maximize_conversions.target_cpa_micros",
        "maximize_conversion_value.target_roas",
    ),
    "campaign_budget": ("id", "amount_micros", "total_amount_micros", "period", "explicitly_shared", "name",
                        "reference_count", "type_", "status"),
    "ad_group": ("id", "name", "status", "cpc_bid_micros", "target_cpa_micros", "target_roas", "labels"),
    "ad_group_criterion": ("criterion_id", "status", "cpc_bid_micros", "keyword.text", "keyword.match_type"),
    "bidding_strategy": ("id", "name", "type_", "effective_currency_code", "target_cpa.target_cpa_micros",
                         "target_roas.target_roas"),
    "label": ("resource_name", "name"),
    "segments": ("date", "hour", "conversion_lag_bucket"),
    "metrics": ("cost_micros", "impressions", "clicks", "conversions", "conversions_value",
                "search_impression_share", "search_budget_lost_impression_share",
                "search_rank_lost_impression_share", "conversions_by_conversion_date",
                "conversions_value_by_conversion_date"),
    "change_event": ("change_date_time", "change_resource_type", "client_type", "user_email",
                     "change_resource_name", "old_resource.campaign_budget.amount_micros",
                     "new_resource.campaign_budget.amount_micros",
                     "new_resource.campaign.target_roas.target_roas",
                     "new_resource.campaign.status"),
    "campaign_simulation": ("campaign_id", "type_", "modification_method", "start_date", "end_date"),
    "bidding_data_exclusion": ("resource_name", "name", "scope", "start_date_time", "end_date_time",
                               "campaigns",
                               "advertising_channel_types", "devices"),
    "bidding_seasonality_adjustment": ("resource_name", "name", "scope", "start_date_time", "end_date_time",
                                       "conversion_rate_modifier"),
}  # fmt: skip
_USUAL: Mapping[str, object] = {
    "customer.id": int(_CUSTOMER), "customer.currency_code": "EUR",
    "customer.time_zone": "America/New_York",
    "currency_constant.billable_unit_micros": 10_000, "campaign.id": 7, "campaign.status": 2,
    "campaign.experiment_type": 2, "campaign.advertising_channel_type": 2,
    "campaign.bidding_strategy_type": 3,
    "campaign_budget.id": 9, "campaign_budget.amount_micros": 50_000_000, "campaign_budget.period": 2,
    "campaign_budget.reference_count": 1, "ad_group.id": 70, "ad_group.status": 2,
    "ad_group.cpc_bid_micros": 900_000, "ad_group_criterion.criterion_id": 700,
    "ad_group_criterion.status": 2,
    "segments.date": "2026-11-20", "segments.hour": 5, "metrics.cost_micros": 1_000_000, "metrics.clicks": 3,
    "change_event.change_date_time": "2026-11-20 10:00:00.5", "change_event.change_resource_type": 6,
    "change_event.change_resource_name": "customers/1234567890/campaignBudgets/9",
    "change_event.client_type": 6, "campaign_simulation.type_": 9,
    "campaign_simulation.start_date": "2026-11-01", "campaign_simulation.end_date": "2026-11-08",
    "bidding_data_exclusion.start_date_time": "2026-11-10 08:00:00",
    "bidding_data_exclusion.end_date_time": "2026-11-10 14:00:00",
    "bidding_seasonality_adjustment.start_date_time": "2026-11-10 08:00:00",
    "bidding_seasonality_adjustment.end_date_time": "2026-11-10 14:00:00",
}  # fmt: skip
_CHANGES: Sequence[tuple[Lever, Value, Kind, str]] = (
    (Lever.DAILY_BUDGET, Money(60_000_000, "EUR"), Kind.CAMPAIGN, "7"),
    (Lever.STATUS, Status.PAUSED, Kind.CAMPAIGN, "7"),
    (Lever.CPC_BID, Money(1_000_000, "EUR"), Kind.AD_GROUP, "70"),
    (Lever.CPC_BID, Money(1_000_000, "EUR"), Kind.KEYWORD, "70~700"),
    (Lever.TARGET_ROAS, Ratio(4_000_000), Kind.CAMPAIGN, "7"),
    (Lever.DATA_EXCLUSION, Status.ENABLED, Kind.DATA_EXCLUSION, "2026-11-10T08:00/2026-11-10T14:00"),
)


def google_replies() -> Target:
    """One call of the adapter on an account whose rows and answers are malformed."""
    return Target("Google replies", 1.0, lambda rng: chance(rng.getrandbits(64)), _call)


class _Wire:
    """Stands in for the client: rows with some fields of any value, answers with any content."""

    customer = _CUSTOMER
    request_id = "r"

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._quota = Quota(Memory(None), SteppedClock(_NOW), 15_000)

    def rows(self, _query: str, *, urgent: bool = False) -> Iterator[Any]:
        return iter(self._row() for _ in range(self._rng.choice((0, 1, 1, 2, 4))))

    def batches(self, query: str, *, urgent: bool = False) -> Iterator[Iterable[Any]]:
        yield list(self.rows(query))

    def room(self, operations: int) -> int:
        return operations

    def heed(self, faults: Sequence[Fault]) -> None:
        for fault in faults:
            self._quota.pause("", delay_s(fault))

    def mutate(self, service: str, method: str, request: Any) -> Any:
        """An answer made of the request, then hurt."""
        rng = self._rng
        known = next(each for each in SERVICES if each.name == service)
        module = __import__(known.request.__module__, fromlist=["x"])
        response = getattr(module, known.request.__name__.replace("Request", "Response"))
        answer = response.pb(response())
        for operation in request.operations:
            result = answer.results.add()
            result.resource_name = operation.update.resource_name or operation.remove or "customers/1/x/1"
            if rng.random() < 0.5:
                getattr(result, known.resource).MergeFromString(
                    type(operation).pb(operation).update.SerializeToString()
                )
        if rng.random() < 0.4:
            answer.partial_failure_error.code = rng.choice((0, 3, 99))
            detail = answer.partial_failure_error.details.add()
            detail.type_url = "type.googleapis.com/google.ads.googleads.v26.errors.GoogleAdsFailure"
            detail.value = bytes_of(rng, _failure(rng))
        if rng.random() < 0.3:
            with suppress(DecodeError):  # gRPC refuses such an answer itself
                answer = type(answer).FromString(bytes_of(rng, answer.SerializeToString()))
        return answer

    def _row(self) -> Any:
        rng = self._rng
        row = GoogleAdsRow.pb(GoogleAdsRow())
        for path, value in _USUAL.items():
            _put(row, path, value)
        for _ in range(rng.randint(0, 4)):
            holder = rng.choice(list(_FIELDS))
            path = f"{holder}.{rng.choice(_FIELDS[holder])}"
            _put(row, path, _any(rng))
        if rng.random() < 0.2:
            row.change_event.changed_fields.paths.append(rng.choice(("amount_micros", "status", word(rng))))
        if rng.random() < 0.2:
            point = row.campaign_simulation.budget_point_list.points.add()
            _put(point, "budget_amount_micros", _any(rng))
            _put(point, "biddable_conversions_value", _any(rng))
        return row


def _failure(rng: Random) -> bytes:
    failure = GoogleAdsFailure.pb(GoogleAdsFailure())
    for _ in range(rng.randint(0, 3)):
        error = failure.errors.add()
        error.message = rng.choice(WORDS).encode(errors="replace").decode()
        error.error_code.quota_error = rng.choice((0, 1, 2, 3, 77))
        if rng.random() < 0.5:
            error.error_code.campaign_budget_error = rng.choice((0, 5, 12, 99))
        element = error.location.field_path_elements.add()
        element.field_name = rng.choice(("operations", "mutate_operations", "x"))
        element.index = rng.choice((0, 1, 5, 2**31 - 1))
        error.details.quota_error_details.retry_delay.seconds = rng.choice((0, 5, 2**62))
    return cast(bytes, failure.SerializeToString())


def _put(message: Any, path: str, value: object) -> None:
    """Set a field if the wire could carry such a value there."""
    *parents, leaf = path.split(".")
    for parent in parents:
        message = getattr(message, parent)
    try:
        if hasattr(getattr(message, leaf), "extend"):
            getattr(message, leaf).append(value)
        else:
            setattr(message, leaf, value)
    except (TypeError, ValueError, OverflowError):
        pass  # the wire has another type there


def _any(rng: Random) -> object:
    if rng.random() < 0.5:
        number = rng.choice(NUMBERS)
        return int(number) if rng.random() < 0.7 and math.isfinite(number) else number
    return word(rng)


def _call(rng: Random) -> None:
    adapter = GoogleAdsAdapter(
        cast(Client, _Wire(rng)), SteppedClock(_NOW), Minimum(Memory(None)), levels=_LEVELS
    )
    lever, after, kind, id_ = rng.choice(_CHANGES)
    ref = Ref("google_ads", _CUSTOMER, kind, id_)
    ask(adapter, Change(ref, lever, after, after), _NOW, rng)
