"""Credentials: references to secrets, resolved as late as possible and never shown."""

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from pydantic import SecretStr

from agent.config.settings import Settings
from agent.domain.errors import Mistake, Mistakes

_OTHERS = stat.S_IRWXO


def resolve(reference: str, where: str = "credentials") -> SecretStr:
    """Fetch one secret; it is readable through ``get_secret_value()`` alone.

    Args:
        reference: ``"env:NAME"`` or ``"file:/path"``; the file's last line end is left off.
        where: The key that holds the reference, for the message.

    Raises:
        Mistake: Nothing is there, or others than its owner's group may read the file.
    """
    kind, _, name = reference.partition(":")
    match kind:
        case "env":
            secret = os.environ.get(name, "")
            if not secret:
                raise Mistake(where, f"the environment variable {name} was not set", f"export {name}=...")
        case "file":
            secret = _content(Path(name), where)
        case _:
            raise Mistake(where, "was no reference", "'env:NAME' or 'file:/path' is right")
    return SecretStr(secret)


def resolve_all(references: Mapping[str, str], where: str = "credentials") -> dict[str, SecretStr]:
    """Fetch secrets by their names.

    Raises:
        Mistakes: All that could not be fetched.
    """
    secrets, mistakes = _fetched(references, f"{where}.")
    if mistakes:
        raise Mistakes("credentials are missing", mistakes)
    return secrets


def missing(settings: Settings, *, write: bool) -> list[Mistake]:
    """Every credential that cannot be resolved, of all accounts, the ledger and the channels.

    Args:
        write: Also those that only writing needs.
    """
    wanted: dict[str, Mapping[str, str]] = {}
    if settings.ledger_password is not None:
        wanted[f"{settings.file}: "] = {"ledger_password": settings.ledger_password}
    if settings.web is not None and settings.web.metrics_token is not None:
        wanted[f"{settings.file}: web."] = {"metrics_token": settings.web.metrics_token}
    for channel in settings.notify:
        wanted[f"{settings.file}: notify {channel.name!r}."] = {"url": channel.url}
    for account in settings.accounts:
        where = f"{settings.file}: account {account.name!r}"
        wanted[f"{where}.credentials."] = account.credentials
        if write:
            wanted[f"{where}.write_credentials."] = account.write_credentials
    return [mistake for prefix, references in wanted.items() for mistake in _fetched(references, prefix)[1]]


def _fetched(references: Mapping[str, str], prefix: str) -> tuple[dict[str, SecretStr], list[Mistake]]:
    """The secrets that are there, and what is wrong with the others; `prefix` goes before their names."""
    secrets: dict[str, SecretStr] = {}
    mistakes = []
    for name, reference in references.items():
        try:
            secrets[name] = resolve(reference, prefix + name)
        except Mistake as mistake:
            mistakes.append(mistake)
    return secrets, mistakes


def _content(path: Path, where: str) -> str:
    try:
        if path.stat().st_mode & _OTHERS:
            raise Mistake(where, f"{path} was open to everybody on this machine", f"chmod 600 {path}")
        secret = path.read_text(encoding="utf-8").rstrip("\r\n")
    except OSError as error:
        raise Mistake(where, f"{path} could not be read: {error.strerror}") from None
    except UnicodeDecodeError:
        # Its traceback would show the bytes.
        raise Mistake(where, f"{path} was no text") from None
    if not secret:
        raise Mistake(where, f"{path} was empty")
    return secret
