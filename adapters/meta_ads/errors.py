"""Errors: what Meta's codes mean and who acts next. The only place that knows both.

Meta asks to branch on codes alone: almost every error comes with HTTP status 400, and texts change.
https://developers.facebook.com/docs/marketing-api/error-reference
https://developers.facebook.com/docs/marketing-api/overview/rate-limiting
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from typing import Any

from agent.domain.errors import AccessDenied, Misunderstood, PlatformError, RateLimited, Unreachable


class Answer(Enum):
    """What a fault asks for."""

    PASSING = "a passing fault, or no answer at all"
    WAIT = "too many calls"
    BUDGET_EDITS = "too many budget changes of one object within an hour"
    DENIED = "the account's owner must act"
    GONE = "there is no such object, or no right to see it"
    TOO_MUCH = "the report is too large for one call"
    REFUSED = "Meta knows a rule against it"


@dataclass(frozen=True, slots=True)
class Rule:
    """What one code means; `subcode` None: whatever the subcode."""

    code: int
    subcode: int | None
    answer: Answer
    wait_s: float = 0.0


_HOUR_S = 3600.0
# Waits hold where Meta itself names none in its usage headers.
RULES = (
    Rule(1, None, Answer.PASSING),
    Rule(2, 1504038, Answer.TOO_MUCH),
    Rule(2, 1504043, Answer.PASSING),
    Rule(2, None, Answer.PASSING),
    Rule(3, None, Answer.DENIED),  # the app has no capability for the call
    Rule(4, 1504022, Answer.WAIT, 600.0),
    Rule(4, 1504039, Answer.WAIT, 600.0),
    Rule(4, None, Answer.WAIT, 600.0),
    Rule(10, None, Answer.DENIED),
    Rule(17, 1885172, Answer.WAIT, 24 * _HOUR_S),  # ten changes a day of the account's spending limit
    Rule(17, 2446079, Answer.WAIT, 300.0),
    Rule(17, None, Answer.WAIT, 300.0),
    Rule(32, None, Answer.WAIT, 600.0),
    Rule(100, 33, Answer.GONE),
    Rule(100, 1487534, Answer.TOO_MUCH),
    Rule(100, 1504018, Answer.TOO_MUCH),
    Rule(102, None, Answer.DENIED),
    Rule(190, None, Answer.DENIED),
    Rule(294, None, Answer.DENIED),
    Rule(368, None, Answer.DENIED),  # blocked from the action for a while
    Rule(613, 1487632, Answer.BUDGET_EDITS, _HOUR_S),
    Rule(613, 1487742, Answer.WAIT, 300.0),
    Rule(613, 5044001, Answer.WAIT, 10.0),
    Rule(613, None, Answer.WAIT, _HOUR_S),
    Rule(803, None, Answer.GONE),
    Rule(1404078, None, Answer.DENIED),
    Rule(2859015, None, Answer.DENIED),
    Rule(-3, 1504045, Answer.TOO_MUCH),
)
_BY_CODE = {(rule.code, rule.subcode): rule for rule in RULES}
_PERMISSION = range(200, 300)
_BUSINESS_USE_CASES = range(80000, 80015)
_SERVER_FAULT = 500  # HTTP


@dataclass(frozen=True, slots=True)
class Fault:
    """One failed call or part of a call, in plain values; it never holds a token.

    Attributes:
        code, subcode: None where Meta did not answer.
        wait_s: How long to wait, for WAIT and BUDGET_EDITS.
        sent: False when the request surely never left.
    """

    answer: Answer
    words: str
    code: int | None = None
    subcode: int | None = None
    wait_s: float = 0.0
    sent: bool = True

    @property
    def surely_not_applied(self) -> bool:
        """True when a write that came to this was refused, or never left."""
        return not self.sent or self.answer is not Answer.PASSING


class CallFailed(Exception):
    """A call to Meta failed. Raised without a cause: the SDK's own errors quote the address and its token."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(fault.words)


def fault_of(error: Mapping[str, Any], told_wait_s: float = 0.0, *, status: int = 0) -> Fault:
    """Classify the `error` object of an answer.

    Args:
        told_wait_s: What Meta's usage headers ask to wait; 0 when they do not.
        status: Of HTTP; 0 when unknown. From 500 on, a code without a rule of its own refuses nothing.
    """
    code, subcode = _number(error.get("code")), _number(error.get("error_subcode"))
    rule = _rule(code, subcode, transient=bool(error.get("is_transient")) or status >= _SERVER_FAULT)
    waits = rule.answer is Answer.WAIT and told_wait_s > 0
    return Fault(
        rule.answer, _words(error, code, subcode), code, subcode, told_wait_s if waits else rule.wait_s
    )


def platform_error(account: str, fault: Fault) -> PlatformError:
    """The fault as an error of gebot's own."""
    match fault.answer:
        case Answer.PASSING:
            return Unreachable(account, fault.words)
        case Answer.WAIT | Answer.BUDGET_EDITS:
            return RateLimited(account, fault.words, fault.wait_s)
        case Answer.DENIED:
            return AccessDenied(account, fault.words)
    return Misunderstood(account, fault.words)


@contextmanager
def explained(account: str) -> Iterator[None]:
    """Turn a failed call, or an answer that has another form than it should, into a `PlatformError`."""
    unreadable = ""
    fault = None
    try:
        yield
    except CallFailed as failed:
        fault = failed.fault
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError) as error:
        unreadable = f"Meta's answer could not be read ({type(error).__name__}: {str(error)[:80]})"
    # Raised out here, so that no error of the client hangs on ours.
    if fault is not None:
        raise platform_error(account, fault)
    if unreadable:
        raise Misunderstood(account, unreadable)


def _rule(code: int | None, subcode: int | None, *, transient: bool) -> Rule:
    if code is None:
        return Rule(0, None, Answer.PASSING)
    known = _BY_CODE.get((code, subcode))
    if known is not None:
        return known
    if code in _BUSINESS_USE_CASES:  # Meta calls them transient, too, and they say how long
        return Rule(code, subcode, Answer.WAIT, 600.0)
    known = _BY_CODE.get((code, None))
    if known is not None:
        return known
    if transient:
        return Rule(code, subcode, Answer.PASSING)
    return Rule(code, subcode, Answer.DENIED if code in _PERMISSION else Answer.REFUSED)


def _words(error: Mapping[str, Any], code: int | None, subcode: int | None) -> str:
    parts = [str(error.get("error_user_title") or ""), str(error.get("error_user_msg") or "")]
    said = ": ".join(part for part in parts if part) or str(error.get("message") or "no reason given")
    data = error.get("error_data")
    blamed = data.get("blame_field_specs") if isinstance(data, Mapping) else None
    number = f"{code}" if subcode is None else f"{code}/{subcode}"
    where = f", about {blamed}" if blamed else ""
    return f"{' '.join(said.split())[:300].rstrip('.')} ({number}{where})"


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
