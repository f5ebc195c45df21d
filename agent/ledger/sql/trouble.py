"""What went wrong with the database, and what to do about it, in words for people."""

from pathlib import Path

from agent.domain.errors import LedgerError
from agent.ledger.sql.holders import holders

_DAMAGED = "it is damaged; restore it from a backup, or move it away to begin anew"
_ADVICE = (
    (("locked", "lock timeout", "busy"), "another process holds its lock; wait for it or stop it"),
    (
        ("not a database", "malformed", "corrupt", "invalid page"),
        _DAMAGED,
    ),
    (("is full", "no space", "disk i/o"), "it cannot be written; see that the disk works and has space"),
    (
        ("permission denied for", "must be owner"),
        "let the database's owner grant that to gebot's user; docs/postgresql.md tells what it needs",
    ),
    (("unable to open", "permission denied", "readonly"), "see that its folder and file may be written"),
    (("password authentication", "no password"), "see that user and password in its URL are right"),
    (("connection", "connect", "resolve host", "terminating"), "see that the server runs and can be reached"),
)


def trouble(shown_url: str, fault: BaseException, file: Path | None = None) -> LedgerError:
    """The fault as a LedgerError that says what to do. `shown_url` holds no password.

    Args:
        file: Of SQLite, to say who has locked it.
    """
    cause = getattr(fault, "orig", None) or fault
    text = " ".join(str(cause).split()) or type(cause).__name__
    found = text.lower()
    for signs, advice in _ADVICE:
        if any(sign in found for sign in signs):
            by = holders(file) if file is not None and "locked" in found else ""
            return LedgerError(f"ledger {shown_url}: {text}{by and f' by {by}'}; {advice}")
    return LedgerError(f"ledger {shown_url}: {text}")


def damaged(shown_url: str, found: str) -> LedgerError:
    """What was found in a ledger that cannot be trusted any more."""
    return LedgerError(f"ledger {shown_url}: {found[:400]}; {_DAMAGED}")
