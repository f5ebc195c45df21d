"""Call: one request to the Graph API as the sandbox reads it, and what it answers."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from simulations.sandbox.meta_ads.refusal import PARAMETER, Refusal

MANNERS = frozenset(
    {"access_token", "appsecret_proof", "format", "method", "pretty", "suppress_http_code", "locale", "debug",
     "include_headers"}
)  # fmt: skip
"""Parameters that are about the call and not about what it asks."""


@dataclass(frozen=True, slots=True)
class Call:
    """A request. Parameters of the address and of the body are one; the body's win.

    Attributes:
        path: Without the version; () for a batch.
        version: "v26.0"; "" when the address names none.
        address: Of the call without its parameters, for links to further pages.
        headers: Names in lower case.
    """

    method: str
    path: tuple[str, ...]
    version: str
    params: Mapping[str, str]
    headers: Mapping[str, str] = field(default_factory=dict)
    address: str = ""

    def listed(self, name: str) -> list[str]:
        """A parameter that is a list, in JSON or with commas; empty when absent.

        Raises:
            Refusal: It is no list of words.
        """
        text = self.params.get(name, "").strip()
        if not text.startswith("["):
            return [word.strip() for word in text.split(",") if word.strip()]
        found = self.parsed(name)
        if not isinstance(found, list) or not all(isinstance(each, str | int) for each in found):
            raise Refusal(PARAMETER, f"Param {name} must be an array", blame=[name])
        return [str(each) for each in found]

    def parsed(self, name: str) -> Any:
        """A parameter that is JSON; None when absent.

        Raises:
            Refusal: It is not.
        """
        text = self.params.get(name)
        if text is None:
            return None
        try:
            return json.loads(text)
        except ValueError:
            raise Refusal(PARAMETER, f"Param {name} must be valid JSON", blame=[name]) from None

    def number(self, name: str, default: int) -> int:
        """A parameter that is a whole number from 0.

        Raises:
            Refusal: It is not.
        """
        text = self.params.get(name, str(default))
        if not text.isdigit():
            raise Refusal(PARAMETER, f"Param {name} must be an integer", blame=[name])
        return int(text)

    def is_true(self, name: str) -> bool:
        return self.params.get(name, "").lower() in ("true", "1")


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered; `body` is put into JSON.

    Attributes:
        passed_over: Parameters that nobody knows and nobody minded.
    """

    body: object
    status: HTTPStatus = HTTPStatus.OK
    headers: Mapping[str, str] = field(default_factory=dict)
    passed_over: tuple[str, ...] = ()


def read(method: str, target: str, body: bytes, headers: Mapping[str, str], *, host: str) -> Call:
    """Read a request.

    Args:
        target: "/v26.0/act_1/campaigns?limit=5"; of a batch's entries without the first slash.
        host: "http://127.0.0.1:8080", for addresses of further pages.

    Raises:
        Refusal: The body is none that Meta reads.
    """
    parts = urlsplit(target.lstrip("/"))
    names = [name for name in parts.path.split("/") if name]
    version = names.pop(0) if names and _is_version(names[0]) else ""
    lower = {name.lower(): value for name, value in headers.items()}
    params = dict(parse_qsl(parts.query, keep_blank_values=True))
    params |= _form(body, lower.get("content-type", "application/x-www-form-urlencoded"))
    address = "/".join([host, *([version] if version else []), *names])
    return Call(method, tuple(names), version, params, lower, address)


def _is_version(name: str) -> bool:
    major, _, minor = name[1:].partition(".")
    return name.startswith("v") and major.isdigit() and minor.isdigit()


def _form(body: bytes, content_type: str) -> dict[str, str]:
    if not body:
        return {}
    text = body.decode("utf-8", errors="replace")
    if content_type.startswith("application/json"):
        try:
            found = json.loads(text)
        except ValueError:
            raise Refusal(PARAMETER, "The body is no JSON") from None
        return {name: value if isinstance(value, str) else json.dumps(value) for name, value in found.items()}
    if content_type.startswith("application/x-www-form-urlencoded"):
        return dict(parse_qsl(text, keep_blank_values=True))
    raise Refusal(PARAMETER, f"The sandbox reads forms and JSON, not {content_type}")
