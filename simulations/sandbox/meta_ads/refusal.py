"""Refusal: what the sandbox says no with, in the form of the Graph API's errors.

Codes: https://developers.facebook.com/docs/marketing-api/error-reference and
https://developers.facebook.com/docs/marketing-api/overview/rate-limiting
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus


@dataclass(frozen=True, slots=True)
class Code:
    """An error's number, and its second number if it has one."""

    code: int
    subcode: int | None = None

    @classmethod
    def parse(cls, text: str) -> "Code":
        """Read ``613/1487632`` or ``17``.

        Raises:
            ValueError: It is no code.
        """
        match = re.fullmatch(r"(-?\d+)(?:/(\d+))?", text)
        if match is None:
            raise ValueError(f"code was {text!r}, '613/1487632' or '17' is right")
        return cls(int(match[1]), int(match[2]) if match[2] else None)

    def __str__(self) -> str:
        return str(self.code) if self.subcode is None else f"{self.code}/{self.subcode}"


UNKNOWN = Code(1)
TEMPORARY = Code(2)
APP_LIMIT = Code(4)
NO_PERMISSION = Code(10)
ACCOUNT_SCORE = Code(17, 2446079)
PARAMETER = Code(100)
MISSING_OBJECT = Code(100, 33)
BOTH_BUDGET_LEVELS = Code(100, 1885621)
BUDGET_TOO_LOW = Code(100, 1885272)
TOO_MUCH_DATA = Code(100, 1487534)
NO_TOKEN = Code(104)
BAD_TOKEN = Code(190)
NO_SUCH_PAGE = Code(2500)
OLD_VERSION = Code(2635)
TOO_LONG_AGO = Code(3018)
BUDGET_EDITS = Code(613, 1487632)
MUTATIONS_PER_SECOND = Code(613, 5044001)
INSIGHTS_LIMIT = Code(80000)
MANAGEMENT_LIMIT = Code(80004)
REPORT_TIMED_OUT = Code(2, 1504038)

_TRANSIENT = frozenset({1, 2, 4, 17, 341, 613, 80000, 80003, 80004, 80014})
_OAUTH = frozenset({10, 100, 102, 104, 190, 200, 294, 2500})
_WORDS: Mapping[Code, str] = {
    UNKNOWN: "An unknown error occurred",
    TEMPORARY: "Service temporarily unavailable",
    APP_LIMIT: "Application request limit reached",
    ACCOUNT_SCORE: "User request limit reached",
    BAD_TOKEN: "Invalid OAuth access token - Cannot parse access token",
    Code(190, 463): "Error validating access token: Session has expired",
    BUDGET_EDITS: "Calls to this api have exceeded the rate limit.",
    REPORT_TIMED_OUT: "The report took too long",
}


@dataclass(frozen=True, slots=True)
class People:
    """What the error says to people."""

    title: str
    message: str


class Refusal(Exception):
    """A call, or one entry of a batch, is refused.

    Attributes:
        blame: The parameters that are at fault.
        headers: That the answer carries besides the usual ones.
        violation: Which limit the caller has broken, in one word; "" when it broke none.
    """

    def __init__(
        self,
        code: Code,
        message: str = "",
        *,
        blame: Sequence[str] = (),
        people: People | None = None,
        headers: Mapping[str, str] | None = None,
        violation: str = "",
    ) -> None:
        self.code = code
        self.message = message or _WORDS.get(code, "The sandbox was told to refuse this")
        self.blame = tuple(blame)
        self.people = people
        self.headers = dict(headers or {})
        self.violation = violation
        super().__init__(f"{code}: {self.message}")

    @property
    def status(self) -> HTTPStatus:
        """400 almost always: callers must go by the code."""
        return HTTPStatus.BAD_REQUEST

    def body(self, trace_id: str) -> dict[str, object]:
        """The answer's JSON."""
        code = self.code
        error: dict[str, object] = {
            "message": f"(#{code.code}) {self.message}",
            "type": "OAuthException" if code.code in _OAUTH else "FacebookApiException",
            "code": code.code,
        }
        if self.blame:
            error["error_data"] = {"blame_field_specs": [[name] for name in self.blame]}
        if code.subcode is not None:
            error["error_subcode"] = code.subcode
        error["is_transient"] = code.code in _TRANSIENT
        if self.people is not None:
            error["error_user_title"] = self.people.title
            error["error_user_msg"] = self.people.message
        return {"error": {**error, "fbtrace_id": trace_id}}


class Broken(Exception):
    """The connection breaks: the caller learns nothing."""


def is_code(text: str) -> bool:
    """True when this is the form of an error code; the sandbox can answer with any."""
    try:
        Code.parse(text)
    except ValueError:
        return False
    return True
