"""Sending: one message through Apprise, with a deadline, told in words that hold no secret."""

import contextlib
import logging
import re
import threading
import warnings
from dataclasses import dataclass, field

import apprise
from apprise.manager_plugins import NotificationManager
from pydantic import SecretStr

from agent.domain.errors import Mistake
from agent.notify.message import Message

DEADLINE_S = 30.0

_STATUS = re.compile(r"error=(\d{3})\b", re.ASCII)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]{0,30}", re.ASCII)

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # it loads all its services here, some of them old
    _SCHEMES: frozenset[str] = frozenset(
        NotificationManager().schemas()  # type: ignore[no-untyped-call]  # theirs
    )

_ITS_LOG = logging.getLogger(apprise.LOGGER_NAME)  # what it logs may hold an address: nobody hears it
_ITS_LOG.propagate = False
_ITS_LOG.addHandler(logging.NullHandler())


@dataclass
class Sender:
    """Hands messages to channels; one that hangs is left alone until it is done.

    Attributes:
        hanging: By channel, the attempt that has not come back.
    """

    deadline_s: float = DEADLINE_S
    hanging: dict[str, threading.Thread] = field(default_factory=dict)

    def send(self, channel: str, url: SecretStr, message: Message) -> str:
        """Returns: "" when the channel took it, else why not; never the address or a part of it."""
        before = self.hanging.get(channel)
        if before is not None and before.is_alive():
            return "the attempt before has not come back yet"
        came: list[str] = []
        attempt = threading.Thread(
            target=lambda: came.append(_sent(url, message)), name="notify", daemon=True
        )
        attempt.start()
        attempt.join(self.deadline_s)
        if not came:
            self.hanging[channel] = attempt
            return f"there was no answer within {self.deadline_s:g} s"
        self.hanging.pop(channel, None)
        return came[0]


def fault_of(url: SecretStr, where: str) -> Mistake | None:
    """What is wrong with an address, as far as that can be told without calling it; None: nothing."""
    with contextlib.suppress(Exception):  # its error may hold the address
        if _service(url) is not None:
            return None
    scheme = scheme_of(url)
    if scheme in _SCHEMES:
        found = f"Apprise takes no such address of {scheme}://"
        return Mistake(where, found, "its documentation tells how the addresses of this service are written")
    found = f"Apprise knows no service {scheme}://" if scheme else "was no address"
    return Mistake(where, found, "such as 'mailtos://', 'slack://', 'tgram://' or 'json://' is right")


def scheme_of(url: SecretStr) -> str:
    """What stands before ``://``; "" where that cannot be a scheme."""
    scheme, found, _ = url.get_secret_value().strip().partition("://")
    return scheme.lower() if found and _SCHEME.fullmatch(scheme.lower()) else ""


def _sent(url: SecretStr, message: Message) -> str:
    try:
        service = _service(url)
        if service is None:
            return "Apprise takes no such address"
        wants = _formats(service)
        html = bool(wants) and wants[0] is apprise.NotifyFormat.HTML
        channels = apprise.Apprise(asset=_asset())
        channels.add(service)
        result = channels.notify(
            title=message.title,
            body=message.html if html else message.text,
            body_format=apprise.NotifyFormat.HTML if html else apprise.NotifyFormat.TEXT,
        )
        return "" if result else _why(result)
    except Exception as error:  # noqa: BLE001  # other people's code; its words may hold the address
        return f"Apprise failed with {type(error).__name__}"


def _why(result: apprise.AppriseResult) -> str:
    words = " ".join(str(entry.message) for entry in result.logs())
    status = _STATUS.search(words)
    if status is not None:
        return f"it answered with HTTP status {status[1]}"
    if "onnection error" in words or "ocket" in words:
        return "it could not be reached"
    return "it did not take the message"


def _service(url: SecretStr) -> apprise.NotifyBase | None:
    made = apprise.Apprise.instantiate(
        url.get_secret_value().strip(), asset=_asset(), suppress_exceptions=True
    )
    return made if isinstance(made, apprise.NotifyBase) else None


def _asset() -> apprise.AppriseAsset:
    return apprise.AppriseAsset(
        app_id="gebot",
        app_desc="gebot",
        async_mode=False,
        secure_logging=True,
        storage_mode=apprise.PersistentStoreMode.MEMORY,
    )


def _formats(service: apprise.NotifyBase) -> tuple[apprise.NotifyFormat, ...]:
    """What the service takes, what it likes best first."""
    wants = service.notify_format
    return tuple(wants) if isinstance(wants, (tuple, list)) else (wants,)
