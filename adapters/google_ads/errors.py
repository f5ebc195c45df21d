"""Errors: what the Google Ads client raises, in gebot's words. The only place that knows both."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import grpc
from google.ads.googleads.errors import GoogleAdsException
from google.api_core.exceptions import GoogleAPICallError
from google.auth.exceptions import GoogleAuthError, RefreshError, TransportError

from adapters.google_ads.faults import QUOTA, Fault, faults_of
from agent.domain.errors import AccessDenied, Misunderstood, PlatformError, RateLimited, Unreachable

CALL_FAILURES = (GoogleAdsException, GoogleAPICallError, GoogleAuthError, grpc.RpcError)

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
_PROHIBITED = ("ACCESS_PROHIBITED",)
_SHORT_QUOTAS = ("RESOURCE_TEMPORARILY_EXHAUSTED", "EXCESSIVE_SHORT_TERM_QUERY_RESOURCE_CONSUMPTION")
_SHORT_QUOTA_S = 30.0  # when Google names no delay for a quota that refills by itself
_LONG_QUOTA_S = 3600.0  # for a quota of the day


@contextmanager
def explained(account: str) -> Iterator[None]:
    """Turn whatever the client raises inside into a `PlatformError`, and what cannot be read too."""
    try:
        yield
    except CALL_FAILURES as error:
        raise platform_error(account, error) from error
    except (ValueError, ArithmeticError) as error:
        raise Misunderstood(account, f"Google's answer cannot be read: {error}") from error


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
    if groups & set(_ACCESS) or names & set(_PROHIBITED):
        return AccessDenied(account, words)
    if QUOTA in groups:
        return RateLimited(account, words, max(delay_s(fault) for fault in faults))
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


def _sign_in_error(account: str, error: GoogleAuthError) -> PlatformError:
    if isinstance(error, TransportError):
        return Unreachable(account, "the sign-in service did not answer")
    if isinstance(error, RefreshError) and error.retryable:
        return Unreachable(account, "the sign-in service failed for now")
    return AccessDenied(account, f"Google refused the credentials: {_first_line(error)}")


def delay_s(fault: Fault) -> float:
    """How long to wait for what this fault speaks of: as Google says, or as long as its kind takes."""
    if fault.group != QUOTA:
        return 0.0
    if fault.retry_after_s is not None:
        return fault.retry_after_s
    return _LONG_QUOTA_S if is_of_the_day(fault) else _SHORT_QUOTA_S


def is_of_the_day(fault: Fault) -> bool:
    """True for a quota that does not refill within minutes."""
    return fault.group == QUOTA and fault.name not in _SHORT_QUOTAS and fault.name not in _PROHIBITED


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
