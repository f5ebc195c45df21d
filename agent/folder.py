"""Folder: which state folder this is, so that it is told from all others and from copies of itself."""

import json
import os
import secrets
import socket
from dataclasses import dataclass
from pathlib import Path

from agent.domain.errors import LedgerError

_RANDOM_BYTES = 16
_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Folder:
    """A state folder, by the file that holds its id.

    Attributes:
        path: The file.
        id: Random, made once.
        copied: True where the file is not the one that was written: a copy, such as a backup that
            was put back, or one on another machine. A copy of a whole disk cannot be told.
    """

    path: Path
    id: str
    copied: bool

    @property
    def machine(self) -> str:
        """How whoever works from here is called in the ledger: host, and the beginning of the id."""
        return f"{socket.gethostname()}#{self.id[:_SHOWN]}"

    def is_of(self, machine: str) -> bool:
        """Whether somebody of this name worked from here; not from what this is a copy of."""
        return not self.copied and machine.rpartition("#")[2] == self.id[:_SHOWN]

    def renewed(self) -> "Folder":
        """The same folder under an id of its own from now on.

        Raises:
            LedgerError: It cannot be written.
        """
        try:
            _written(self.path).replace(self.path)
        except OSError as error:
            raise _trouble(self.path, error.strerror) from error
        return folder_of(self.path)


def folder_of(path: Path) -> Folder:
    """Read the id, or make one where there is none yet.

    Raises:
        LedgerError: It cannot be read or written.
    """
    try:
        if not path.exists():
            _make(path)
        with path.open(encoding="utf-8") as file:
            told, inode = json.load(file), os.fstat(file.fileno()).st_ino
        return Folder(path, str(told["id"]), copied=told["inode"] != inode)
    except OSError as error:
        raise _trouble(path, error.strerror) from error
    except (ValueError, KeyError, TypeError) as error:
        raise _trouble(path, "it holds no id; remove it, and gebot makes another one") from error


def _make(path: Path) -> None:
    """Whole or not at all, and never over another's."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = _written(path)
    try:
        os.link(part, path)
    except FileExistsError:
        pass
    finally:
        part.unlink()


def _written(path: Path) -> Path:
    """A file beside it with a new id, and with the number by which its disk knows that very file."""
    part = path.with_suffix(f".{os.getpid()}.part")
    part.unlink(missing_ok=True)
    fd = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(fd, "w", encoding="utf-8") as file:
        record = {"id": secrets.token_hex(_RANDOM_BYTES), "inode": os.fstat(file.fileno()).st_ino}
        file.write(json.dumps(record) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return part


def _trouble(path: Path, why: str | None) -> LedgerError:
    return LedgerError(f"the id of the state folder, {path}, cannot be used: {why}")
