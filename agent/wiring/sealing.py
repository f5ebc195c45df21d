"""Sealing: the key that marks what gebot decided, and the file that the chain is anchored to."""

import os
import secrets
from pathlib import Path

from agent.config.credentials import resolve
from agent.config.settings import Mode, Settings
from agent.domain.errors import LedgerError, Mistake
from agent.domain.seal import Seal
from agent.folder import Folder, folder_of
from agent.ledger.anchor import Anchor

KEY_FILE = "audit.key"
ANCHOR_FILE = "audit.anchor"
FOLDER_FILE = "folder.id"

_SHORTEST_KEY = 16
_RANDOM_BYTES = 32


def known_seal(settings: Settings) -> Seal | None:
    """The seal with the key that is there; None when there is none yet.

    Raises:
        Mistake: The key cannot be read, is open to others, or is too short to keep anybody out.
    """
    where = f"{settings.file}: audit.key"
    if settings.audit.key is not None:
        return _seal(resolve(settings.audit.key, where).get_secret_value(), where)
    path = settings.state / KEY_FILE
    if not path.exists():
        return None
    return _seal(resolve(f"file:{path}", where).get_secret_value(), where)


def seal_of(settings: Settings) -> Seal:
    """The seal, with a key made now when there was none.

    Raises:
        LedgerError, Mistake: As `known_seal` and `fresh_seal` say.
    """
    return known_seal(settings) or fresh_seal(settings)


def fresh_seal(settings: Settings) -> Seal:
    """Make the key in the state folder, for its owner alone; one that is there by now is taken.

    Raises:
        LedgerError: It cannot be written.
        Mistake: As `known_seal` says.
    """
    path = settings.state / KEY_FILE
    part = path.with_suffix(f".{os.getpid()}.part")
    try:
        settings.state.mkdir(parents=True, exist_ok=True)
        _write(part, secrets.token_hex(_RANDOM_BYTES))
        try:
            os.link(part, path)  # whole or not at all, and never over another's
        except FileExistsError:
            pass
        finally:
            part.unlink()
    except OSError as error:
        raise LedgerError(f"the key {path} cannot be made: {error.strerror}") from error
    made = known_seal(settings)
    assert made is not None, "made just now"
    return made


def key_is_gone(settings: Settings) -> Mistake:
    """What to tell when a ledger has a chain and nobody has its key."""
    return Mistake(
        f"{settings.file}: audit.key",
        f"{settings.state / KEY_FILE} is not there, and the ledger is sealed with it",
        "put it back from your backup or from the machine that made it, or name it in [audit]",
    )


def anchor_of(settings: Settings) -> Anchor:
    """Where the head of the ledger's chain is kept; probation has one of its own, as its ledger has."""
    path = settings.audit.anchor or settings.state / ANCHOR_FILE
    if settings.mode is Mode.DRY_RUN:
        path = path.with_name(f"{path.stem}.dry-run{path.suffix}")
    return Anchor(path)


def own_folder(settings: Settings) -> Folder:
    """Which state folder this is; probation has an id of its own, as its ledger has.

    Raises:
        LedgerError: Its id cannot be read or written.
    """
    path = settings.state / FOLDER_FILE
    if settings.mode is Mode.DRY_RUN:
        path = path.with_name(f"{path.stem}.dry-run{path.suffix}")
    return folder_of(path)


def _seal(secret: str, where: str) -> Seal:
    if len(secret) < _SHORTEST_KEY:
        right = f"at least {_SHORTEST_KEY} random ones are right, such as of `openssl rand -hex 32`"
        raise Mistake(where, f"had {len(secret)} characters", right)
    return Seal(secret.encode())


def _write(path: Path, text: str) -> None:
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(fd, "w", encoding="utf-8") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
