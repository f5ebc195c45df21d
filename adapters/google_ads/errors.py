"""Errors: what the Google Ads client raises, in gebot's words. The only place that knows both."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import grpc
from google.ads.googleads.errors import GoogleAdsException
from google.ads.googleads.v26.errors.types.errors import GoogleAdsFailure
from google.api_core.exceptions import GoogleAPICallError
from google.auth.exceptions import GoogleAuthError, RefreshError, TransportError
from google.protobuf.message import DecodeError

from agent.domain.errors import AccessDenied, Misunderstood, PlatformError, RateLimited, Unreachable
from agent.domain.money import Money

CALL_FAILURES = (GoogleAdsException, GoogleAPICallError, GoogleAuthError, grpc.RpcError)

_FAILURE_SUFFIX = ".errors.googleadsfailure-bin"
_PASSING_STATUSES = ("UNAVAILABLE", "DEADLINE_EXCEEDED", "INTERNAL", "CANCELLED", "UNKNOWN", "ABORTED")
_REFUSING_STATUSES = (
    "INVALID_ARGUMENT",
    "UNAUTHENTICATED",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "NOT_FOUND",
    "FAILED_PRECONDITION",
    "OUT_OF_RANGE",
)
_ACCESS = ("authentication_error", "authorization_error")
_SHORT_QUOTA_S = 30.0  # when Google names no delay for a quota that refills by itself
_LONG_QUOTA_S = 3600.0  # for a quota of the day


@dataclass(frozen=True, slots=True)
class Fault:
    """One entry of a GoogleAdsFailure.

    Attributes:
        group, name: The error code, such as "quota_error" and "RESOURCE_EXHAUSTED".
        words: What a reader should know.
        operation: Index of the mutate operation it speaks of; None when of the whole request.
        retry_after_s: None when Google named no delay.
    """

    group: str
    name: str
    words: str
    operation: int | None
    retry_after_s: float | None

    @property
    def code(self) -> str:
        return f"{self.group}.{self.name}"

    @property
    def is_refusal(self) -> bool:
        """False when the fault leaves open whether something was done."""
        return self.group not in ("internal_error", "")


@contextmanager
def explained(account: str) -> Iterator[None]:
    """Turn whatever the client raises inside into a `PlatformError`."""
    try:
        yield
    except CALL_FAILURES as error:
        raise platform_error(account, error) from error


def platform_error(account: str, error: BaseException) -> PlatformError:
    """Classify a failed call by its error codes, and by its status where there are none."""
    if isinstance(error, GoogleAuthError):
        return _sign_in_error(account, error)
    faults = faults_of(error)
    if faults:
        return error_of_faults(account, faults)
    status = _status(error)
    message = f"{status}: {_details(error)}"
    if status == "RESOURCE_EXHAUSTED":
        return RateLimited(account, message, _SHORT_QUOTA_S)
    if status in ("UNAUTHENTICATED", "PERMISSION_DENIED"):
        return AccessDenied(account, message)
    return (Unreachable if status in _PASSING_STATUSES else Misunderstood)(account, message)


def reason(error: BaseException) -> str:
    """What a failed call said, for a receipt."""
    return str(platform_error("", error)).removeprefix(": ")


def error_of_faults(account: str, faults: Sequence[Fault]) -> PlatformError:
    """The gravest of these faults as an error; at least one is needed."""
    words = "; ".join(dict.fromkeys(fault.words for fault in faults[:5]))
    groups = {fault.group for fault in faults}
    names = {fault.name for fault in faults}
    if "OAUTH_TOKEN_EXPIRED" in names:
        return Unreachable(account, words)
    if groups & set(_ACCESS) or "ACCESS_PROHIBITED" in names:
        return AccessDenied(account, words)
    if "quota_error" in groups:
        return RateLimited(account, words, max(_delay(fault) for fault in faults))
    if "internal_error" in groups or "CONCURRENT_MODIFICATION" in names:
        return Unreachable(account, words)
    return Misunderstood(account, words)


def surely_not_applied(error: BaseException) -> bool:
    """True when a failed mutate refused the whole request before anything was stored."""
    if isinstance(error, GoogleAuthError):
        return True
    faults = faults_of(error)
    if faults and not all(fault.is_refusal for fault in faults):
        return False
    if not faults and "Received message larger" in _details(error):
        return False  # our own side's words: Google did answer, and the answer was too long
    status = _status(error)
    return status in _REFUSING_STATUSES or (status == "ABORTED" and bool(faults))


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


def _sign_in_error(account: str, error: GoogleAuthError) -> PlatformError:
    if isinstance(error, TransportError):
        return Unreachable(account, "the sign-in service did not answer")
    if isinstance(error, RefreshError) and error.retryable:
        return Unreachable(account, "the sign-in service failed for now")
    return AccessDenied(account, f"Google refused the credentials: {_first_line(error)}")


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
    delay = quota.retry_delay.ToTimedelta().total_seconds() if quota.HasField("retry_delay") else None
    return Fault(group, name, _words(error, group, name), operation, delay)


def _code(code: Any) -> tuple[str, str]:
    group = code.WhichOneof("error_code")
    if group is None:
        return "", "UNKNOWN"
    number = getattr(code, group)
    value = code.DESCRIPTOR.fields_by_name[group].enum_type.values_by_number.get(number)
    return group, value.name if value is not None else str(number)


def _words(error: Any, group: str, name: str) -> str:
    if name == "BUDGET_BELOW_PER_DAY_MINIMUM":
        details = error.details.budget_per_day_minimum_error_details
        least = details.minimum_budget_amount_micros or details.budget_per_day_minimum_micros
        if least and len(details.currency_code) == 3:
            return f"the least daily budget that Google accepts here is {Money(least, details.currency_code)}"
    message = " ".join(error.message.split()).rstrip(".") or "no reason given"
    return f"{message} ({group or 'unknown'}.{name})"


def _delay(fault: Fault) -> float:
    if fault.group != "quota_error":
        return 0.0
    if fault.retry_after_s is not None:
        return fault.retry_after_s
    short = fault.name in (
        "RESOURCE_TEMPORARILY_EXHAUSTED",
        "EXCESSIVE_SHORT_TERM_QUERY_RESOURCE_CONSUMPTION",
    )
    return _SHORT_QUOTA_S if short else _LONG_QUOTA_S


def _status(error: BaseException) -> str:
    """Name of the gRPC status, "UNKNOWN" when there is none."""
    if isinstance(error, GoogleAdsException):
        code = error.error.code()
    elif isinstance(error, GoogleAPICallError):
        code = error.grpc_status_code
    else:
        code = error.code() if hasattr(error, "code") else None
    return code.name if isinstance(code, grpc.StatusCode) else "UNKNOWN"


def _details(error: BaseException) -> str:
    if isinstance(error, GoogleAPICallError):
        return " ".join(str(error.message).split())[:300]
    details = error.details() if hasattr(error, "details") else None
    return " ".join(str(details or "no details").split())[:300]


def _first_line(error: BaseException) -> str:
    return str(error.args[0] if error.args else "no reason given").splitlines()[0][:200]
