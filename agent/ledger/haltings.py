"""Haltings: which word to go on ended which halt; what both ledgers must agree on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from agent.domain.record import Halt, Halting
from agent.domain.ref import AccountId


@dataclass(frozen=True, slots=True)
class HaltWord:
    """A word to stop (with its halt) or to go on (None)."""

    account: AccountId | None
    at: datetime
    by: str
    halt: Halt | None = None


def haltings_of(words: Sequence[HaltWord]) -> list[Halting]:
    """Each halt up to the next word on the same account, whether that ends it or takes its place.

    Args:
        words: As they were recorded.
    """
    found: list[Halting] = []
    standing: dict[AccountId | None, int] = {}
    for word in words:
        before = standing.pop(word.account, None)
        if before is not None:
            found[before] = Halting(found[before].halt, word.at, word.by)
        if word.halt is not None:
            standing[word.account] = len(found)
            found.append(Halting(word.halt))
    return found
