"""Stop: a file that stops everything, whatever else is broken. Unreadable means stopped."""

import os
from collections.abc import Sequence
from pathlib import Path

from agent.domain.errors import Halted
from agent.domain.ref import AccountId
from agent.emergency import Emergency
from agent.ports.ledger import Ledger

STOP_FILE = "STOP"

LEAST_FREE_BYTES = 16 * 1024 * 1024
"""With less room on a disk what is sent might not be written down."""


def reason_to_stop(state: Path, more_folders: Sequence[Path] = ()) -> str:
    """What the stop file says, or what is wrong on this machine; "" when gebot may send.

    Args:
        more_folders: Besides the state folder, those that need room.
    """
    path = state / STOP_FILE
    try:
        return path.read_text(encoding="utf-8").strip() or "the stop file is there"
    except FileNotFoundError:
        if not state.is_dir():
            return f"the state folder {state} is not there"
    except (OSError, UnicodeDecodeError) as error:
        return f"the stop file cannot be read: {error}"
    return Emergency(state).reason_to_stop() or _too_full((state, *more_folders))


def put_up(state: Path, because: str) -> None:
    """Write the stop file; the agent sends nothing from then on."""
    state.mkdir(parents=True, exist_ok=True)
    (state / STOP_FILE).write_text(because + "\n", encoding="utf-8")


def take_down(state: Path) -> None:
    """Remove the stop file; it may be gone already."""
    (state / STOP_FILE).unlink(missing_ok=True)


def check(
    state: Path, ledger: Ledger, account: AccountId | None = None, *, more_folders: Sequence[Path] = ()
) -> None:
    """Stand still if the file or the ledger says so, of everything or of this account.

    Args:
        more_folders: As `reason_to_stop` takes them.

    Raises:
        Halted: With who stopped it and why, as far as it is known.
        LedgerError: Nobody can tell.
    """
    _check_file(state, more_folders)
    halt = ledger.halted(account)
    if halt is not None:
        of = "" if halt.account is None else f"{halt.account} "
        raise Halted(f"{of}halted by {halt.by}: {halt.because}")
    _check_file(state, more_folders)  # a ledger may take a while to answer


def _check_file(state: Path, more_folders: Sequence[Path]) -> None:
    reason = reason_to_stop(state, more_folders)
    if reason:
        raise Halted(reason)


def _too_full(folders: Sequence[Path]) -> str:
    for folder in folders:
        try:
            found = os.statvfs(folder)
        except OSError as error:
            return f"the room left in {folder} cannot be told: {error.strerror}"
        free = found.f_bavail * found.f_frsize
        if free < LEAST_FREE_BYTES:
            return (
                f"only {free // 2**20} MB are free in {folder}; {LEAST_FREE_BYTES // 2**20} are right, "
                "or what is sent might not be written down"
            )
    return ""
