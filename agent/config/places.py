"""Places: paths beside config.toml, the ledger's URL, and references to secrets."""

import re
from pathlib import Path
from typing import Annotated
from urllib.parse import parse_qs, urlsplit

from pydantic import AfterValidator, BeforeValidator, PlainSerializer, PlainValidator, ValidationInfo

from agent.config.faults import fault
from agent.config.names import Text

_SQLITE = "sqlite:///"
_LOCAL = re.compile(r"http://(127\.0\.0\.1|localhost):\d{1,5}/?", re.ASCII)
_ENVIRONMENT = re.compile(r"env:[A-Za-z_][A-Za-z0-9_]*", re.ASCII)


def _home(info: ValidationInfo) -> Path:
    """The folder that relative paths start from; the working folder where no file was loaded."""
    return info.context["home"] if info.context else Path()


def _beside(value: object, info: ValidationInfo) -> Path:
    match value:
        case Path():
            path = value
        case str() if value.strip() and value.isprintable():
            path = Path(value)
        case _:
            raise fault("a path in quotes is right")
    try:
        return _home(info) / path.expanduser()
    except RuntimeError:
        raise fault("a path without the home of an unknown user is right") from None


def _ledger(url: str, info: ValidationInfo) -> str:
    if url.startswith(_SQLITE) and len(url) > len(_SQLITE):
        return _SQLITE + str(_home(info) / url.removeprefix(_SQLITE))
    try:
        parts = urlsplit(url)
        secret = parts.password is not None or "password" in parse_qs(parts.query)
    except ValueError:
        raise _no_ledger(found="was no URL") from None
    if secret:
        raise fault("the key ledger_password = 'env:NAME' is right", found="held a password")
    if parts.scheme != "postgresql" or not parts.path.strip("/"):
        raise _no_ledger()
    return url


def _no_ledger(found: str = "") -> Exception:
    return fault("'sqlite:///var/gebot.db' or 'postgresql://user@host/database' is right", found)


def _reference(value: object, info: ValidationInfo) -> str:
    # The value is never shown: whoever wrote no reference may have written the secret.
    match value:
        case str() if _ENVIRONMENT.fullmatch(value):
            return value
        case str() if value.startswith("file:") and len(value) > 5 and value.isprintable():
            return f"file:{_beside(value.removeprefix('file:'), info)}"
    raise fault("a reference such as 'env:NAME' or 'file:/path' is right", found="held a value itself")


def _local(url: str) -> str:
    if not _LOCAL.fullmatch(url):
        raise fault("'http://127.0.0.1:PORT', as the sandbox prints it, is right")
    return url.rstrip("/")


FilePath = Annotated[Path, PlainValidator(_beside), PlainSerializer(str)]
"""A path; a relative one starts at config.toml's folder."""

LedgerUrl = Annotated[Text, AfterValidator(_ledger)]
"""A file beside config.toml or a PostgreSQL database, without a password."""

Reference = Annotated[str, BeforeValidator(_reference)]
"""Where a secret is kept: ``"env:NAME"`` or ``"file:/path"``; never the secret."""

LocalUrl = Annotated[Text, AfterValidator(_local)]
"""An address on this machine."""
