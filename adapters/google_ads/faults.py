"""Faults: what Google's failures say, one by one. Pure."""

from dataclasses import dataclass
from typing import Any

from google.ads.googleads.errors import GoogleAdsException
from google.ads.googleads.v26.errors.types.errors import GoogleAdsFailure
from google.api_core.exceptions import GoogleAPICallError
from google.protobuf.message import DecodeError

from agent.domain.money import Money

QUOTA = "quota_error"
_FAILURE_SUFFIX = ".errors.googleadsfailure-bin"
_ONE_ACCOUNT = 2  # quota_error_details.rate_scope
_CURRENCY_LETTERS = 3


@dataclass(frozen=True, slots=True)
class Fault:
    """One entry of a GoogleAdsFailure.

    Attributes:
        group, name: The error code, such as "quota_error" and "RESOURCE_EXHAUSTED".
        words: What a reader should know.
        operation: Index of the mutate operation it speaks of; None when of the whole request.
        retry_after_s: None when Google named no delay.
        of_one_account: True where a quota is said to be one account's and not the whole project's.
        least_micros: The least daily budget that Google named, in micros of the account's money.
    """

    group: str
    name: str
    words: str
    operation: int | None
    retry_after_s: float | None
    of_one_account: bool = False
    least_micros: int | None = None

    @property
    def code(self) -> str:
        return f"{self.group}.{self.name}"

    @property
    def is_refusal(self) -> bool:
        """False when the fault leaves open whether something was done."""
        return self.group not in ("internal_error", "")


def faults_of(error: BaseException) -> tuple[Fault, ...]:
    """The faults that a failed call carries; empty when it carries none that can be read.

    The client decodes them into `GoogleAdsException`, but leaves INTERNAL and
    RESOURCE_EXHAUSTED undecoded in the trailing metadata of the call.
    """
    if isinstance(error, GoogleAdsException):
        return faults_of_failure(GoogleAdsFailure.pb(error.failure))
    call = error.response if isinstance(error, GoogleAPICallError) else error
    metadata = call.trailing_metadata() if hasattr(call, "trailing_metadata") else ()
    for key, value in metadata or ():
        if key.endswith(_FAILURE_SUFFIX):
            return _decoded(value)
    return ()


def faults_of_partial_failure(status: Any) -> tuple[Fault, ...]:
    """The faults inside a `google.rpc.Status`, the partial failure of a mutate."""
    faults: tuple[Fault, ...] = ()
    for detail in status.details:
        if detail.type_url.endswith("GoogleAdsFailure"):
            faults += _decoded(detail.value)
    return faults


def faults_of_failure(failure: Any) -> tuple[Fault, ...]:
    """The faults of a GoogleAdsFailure in protobuf form."""
    return tuple(_fault(error) for error in failure.errors)


def _decoded(value: bytes) -> tuple[Fault, ...]:
    try:
        return faults_of_failure(GoogleAdsFailure.pb(GoogleAdsFailure.deserialize(value)))
    except DecodeError:
        return ()


def _fault(error: Any) -> Fault:
    group, name = _code(error.error_code)
    elements = error.location.field_path_elements
    operation = None
    if elements and elements[0].field_name in ("operations", "mutate_operations"):
        operation = elements[0].index if elements[0].HasField("index") else None
    quota = error.details.quota_error_details
    delay = (
        quota.retry_delay.seconds + quota.retry_delay.nanos / 1e9 if quota.HasField("retry_delay") else None
    )
    return Fault(
        group=group,
        name=name,
        words=_words(error, group, name),
        operation=operation,
        retry_after_s=delay,
        of_one_account=quota.rate_scope == _ONE_ACCOUNT,
        least_micros=_least_micros(error, name),
    )


def _code(code: Any) -> tuple[str, str]:
    group = code.WhichOneof("error_code")
    if group is None:
        return "", "UNKNOWN"
    number = getattr(code, group)
    value = code.DESCRIPTOR.fields_by_name[group].enum_type.values_by_number.get(number)
    return group, value.name if value is not None else str(number)


def _words(error: Any, group: str, name: str) -> str:
    least, currency = (
        _least_micros(error, name),
        error.details.budget_per_day_minimum_error_details.currency_code,
    )
    if least is not None and len(currency) == _CURRENCY_LETTERS:
        return f"the least daily budget that Google accepts here is {Money(least, currency)}"
    message = " ".join(error.message.split()).rstrip(".") or "no reason given"
    return f"{message} ({group or 'unknown'}.{name})"


def _least_micros(error: Any, name: str) -> int | None:
    if name != "BUDGET_BELOW_PER_DAY_MINIMUM":
        return None
    details = error.details.budget_per_day_minimum_error_details
    return details.minimum_budget_amount_micros or details.budget_per_day_minimum_micros or None
