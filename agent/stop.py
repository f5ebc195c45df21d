"""Stop: a file that stops everything, whatever else is broken. Unreadable means stopped."""

from pathlib import Path

from agent.domain.errors import Halted
from agent.domain.ref import AccountId
from agent.ports import Ledger

STOP_FILE = "STOP"


def reason_to_stop(state: Path) -> str:
    """What the stop file says; "" when there is none and gebot may send."""
    path = state / STOP_FILE
    try:
        return path.read_text(encoding="utf-8").strip() or "the stop file is there"
    except FileNotFoundError:
        return "" if state.is_dir() else f"the state folder {state} is not there"
    except (OSError, UnicodeDecodeError) as error:
        return f"the stop file cannot be read: {error}"


def put_up(state: Path, because: str) -> None:
    """Write the stop file; the agent sends nothing from then on."""
    state.mkdir(parents=True, exist_ok=True)
    (state / STOP_FILE).write_text(because + "\n", encoding="utf-8")


def take_down(state: Path) -> None:
    """Remove the stop file; it may be gone already."""
    (state / STOP_FILE).unlink(missing_ok=True)


def check(state: Path, ledger: Ledger, account: AccountId | None = None) -> None:
    """Stand still if the file or the ledger says so, of everything or of this account.

    Raises:
        Halted: With who stopped it and why, as far as it is known.
    """
    reason = reason_to_stop(state)
    if reason:
        raise Halted(reason)
    halt = ledger.halted(account)
    if halt is not None:
        of = "" if halt.account is None else f"{halt.account} "
        raise Halted(f"{of}halted by {halt.by}: {halt.because}")
