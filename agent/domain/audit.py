"""Audit: entries of the chain over all that was decided, and where it ends."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Head:
    """Where a chain ends.

    Attributes:
        number: Of the last entry; 0 before the first.
        seal: Of the last entry, which is over everything before it as well; "" before the first.
        at: When it was written (UTC).
    """

    number: int
    seal: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One transaction that decided something.

    Attributes:
        what: What befell: "plan", "approval", "steps", "lead", "halt", "resume", "freeze",
            "thaw", "policy", "begin" or "restored".
        plans: Ids of the plans that it is about.
        content: What was decided, as JSON text.
        body: SHA-256 of the content as it is stored, which the seal is over.
    """

    number: int
    at: datetime
    what: str
    plans: tuple[str, ...]
    content: str
    body: str
    seal: str


@dataclass(frozen=True, slots=True)
class Gap:
    """The ledger is not the one that was written last.

    Attributes:
        because: How that shows, for people.
        since: Up to when the ledger can be taken for whole (UTC).
        moved: True where no anchor is there at all: another machine, or it was lost.
    """

    because: str
    since: datetime
    moved: bool
