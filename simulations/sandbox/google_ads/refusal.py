"""Refusal: what the sandbox says no with, in the encoding that the official client reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import grpc

from agent.domain.money import Money
from simulations.sandbox.google_ads.messages import descriptor_of, message_class

_KEY = "google.ads.googleads.v26.errors.googleadsfailure-bin"
_TYPE_URL = "type.googleapis.com/google.ads.googleads.v26.errors.GoogleAdsFailure"
_INVALID_ARGUMENT_CODE = 3
_ACCOUNT, _PROJECT = 2, 3
_STATUSES = {
    "authentication_error": grpc.StatusCode.UNAUTHENTICATED,
    "authorization_error": grpc.StatusCode.PERMISSION_DENIED,
    "quota_error": grpc.StatusCode.RESOURCE_EXHAUSTED,
    "internal_error": grpc.StatusCode.INTERNAL,
    "database_error": grpc.StatusCode.ABORTED,
}


@dataclass(frozen=True, slots=True)
class PerDayMinimum:
    """Details of BUDGET_BELOW_PER_DAY_MINIMUM."""

    least: Money
    failed_micros: int


class Refusal(Exception):
    """A request, or one operation of it, is refused.

    Attributes:
        code: "campaign_budget_error.NON_MULTIPLE_OF_MINIMUM_CURRENCY_UNIT".
        path: Field names below the operation, or of the request.
        retry_delay_s: For quota errors.
        of_project: Of a quota error: it is about all accounts of the Google Cloud project.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        path: Sequence[str] = (),
        retry_delay_s: float | None = None,
        minimum: PerDayMinimum | None = None,
        of_project: bool = False,
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.path = tuple(path)
        self.retry_delay_s = retry_delay_s
        self.minimum = minimum
        self.of_project = of_project

    @property
    def status(self) -> grpc.StatusCode:
        return _STATUSES.get(self.code.split(".")[0], grpc.StatusCode.INVALID_ARGUMENT)


class RequestRefused(Exception):
    """A whole request is refused for these reasons, each with the index of its operation or None.

    Attributes:
        root: What the request calls its operations.
    """

    def __init__(self, refusals: Sequence[tuple[int | None, Refusal]], *, root: str = "operations") -> None:
        super().__init__(str(refusals[0][1]))
        self.refusals = refusals
        self.root = root


def is_known_code(code: str) -> bool:
    """True when the API has such an error code."""
    group, _, name = code.partition(".")
    groups = descriptor_of("errors.ErrorCode").fields_by_name
    return group in groups and name in groups[group].enum_type.values_by_name


def abort(context: Any, refused: RequestRefused, request_id: str) -> None:
    """End the call; does not return."""
    failure = _failure(refused.refusals, request_id, refused.root)
    context.set_trailing_metadata(((_KEY, failure.SerializeToString()), ("request-id", request_id)))
    first = refused.refusals[0][1]
    context.abort(first.status, first.message)


def partial_failure(
    status: Any, refusals: Sequence[tuple[int, Refusal]], request_id: str, *, root: str = "operations"
) -> None:
    """Fill the `partial_failure_error` of a response."""
    status.code = _INVALID_ARGUMENT_CODE
    status.message = "Multiple errors in `details`. First error: " + refusals[0][1].message
    failure = _failure(refusals, request_id, root)
    status.details.add(type_url=_TYPE_URL, value=failure.SerializeToString())


def _failure(refusals: Sequence[tuple[int | None, Refusal]], request_id: str, root: str) -> Any:
    codes = descriptor_of("errors.ErrorCode").fields_by_name
    failure = message_class("errors.GoogleAdsFailure")()
    failure.request_id = request_id
    for operation, refusal in refusals:
        error = failure.errors.add()
        group, _, name = refusal.code.partition(".")
        setattr(error.error_code, group, codes[group].enum_type.values_by_name[name].number)
        error.message = refusal.message
        if operation is not None:
            error.location.field_path_elements.add(field_name=root, index=operation)
        for part in refusal.path:
            error.location.field_path_elements.add(field_name=part)
        if refusal.retry_delay_s is not None:
            quota = error.details.quota_error_details
            quota.rate_scope = _PROJECT if refusal.of_project else _ACCOUNT
            quota.rate_name = "Requests per minute"
            quota.retry_delay.FromMicroseconds(round(refusal.retry_delay_s * 1e6))
        if refusal.minimum is not None:
            details = error.details.budget_per_day_minimum_error_details
            details.currency_code = refusal.minimum.least.currency
            details.budget_per_day_minimum_micros = refusal.minimum.least.micros
            details.minimum_budget_amount_micros = refusal.minimum.least.micros
            details.failed_budget_amount_micros = refusal.minimum.failed_micros
    return failure
