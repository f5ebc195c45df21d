"""Web settings: where the page is served, at which address people open it, and how long they stay."""

import ipaddress
import re
from datetime import timedelta
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from agent.config.durations import Duration
from agent.config.faults import fault
from agent.config.names import Table, Text
from agent.config.places import Reference

_PLACE = re.compile(r"(?P<host>\[[0-9A-Fa-f:]+\]|[0-9.]+|localhost):(?P<port>\d{1,5})", re.ASCII)


def _listen(text: str) -> str:
    match = _PLACE.fullmatch(text)
    if match is None or not 0 < int(match["port"]) < 65536:
        raise fault("an address and a port such as '127.0.0.1:8750' is right")
    try:
        _address(text)
    except ValueError:
        raise fault("an address of this machine such as '127.0.0.1' or '0.0.0.0' is right") from None
    return text


def _url(text: str) -> str:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise fault("an address such as 'https://gebot.example.com' is right") from None
    plain = f"{parts.scheme}://{parts.hostname}{f':{port}' if port else ''}"
    if parts.scheme not in ("http", "https") or text.rstrip("/").lower() != plain:
        raise fault("'https://gebot.example.com', a name and nothing behind it, is right")
    return plain


def _address(listen: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    host = listen.rpartition(":")[0].strip("[]")
    return ipaddress.ip_address("127.0.0.1" if host == "localhost" else host)


class WebSettings(Table):
    """Where the page is, and how long people stay signed in.

    Attributes:
        listen: Address and port on this machine; only this machine can reach 127.0.0.1.
        url: Under which people open it, as behind a proxy that speaks https; None: as it listens.
        idle: Who did nothing for so long must sign in again.
        stay: So must everybody after so long.
        metrics_token: What a monitor must show to read /metrics; None: only this machine reads it.
    """

    listen: Annotated[Text, AfterValidator(_listen)] = "127.0.0.1:8750"
    url: Annotated[Text, AfterValidator(_url)] | None = None
    idle: Duration = Field(default=timedelta(hours=2))
    stay: Duration = Field(default=timedelta(hours=12))
    metrics_token: Reference | None = None

    @model_validator(mode="after")
    def _names_itself(self) -> "WebSettings":
        if self.url is None and not _address(self.listen).is_loopback:
            raise fault("url = 'https://...' is needed as well when others can reach the page")
        return self

    @property
    def address(self) -> str:
        """What people open, without a slash at its end."""
        return self.url or f"http://{self.listen}"

    @property
    def host(self) -> str:
        return self.listen.rpartition(":")[0].strip("[]")

    @property
    def port(self) -> int:
        return int(self.listen.rpartition(":")[2])

    @property
    def is_secure(self) -> bool:
        """Whether browsers speak https with it."""
        return self.address.startswith("https://")

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach it."""
        return _address(self.listen).is_loopback
