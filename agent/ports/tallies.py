"""Tallies: how often things came about in all, for who watches."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from agent.domain.ref import AccountId


@dataclass(frozen=True, slots=True)
class Tally:
    """How often something of a kind came about in an account."""

    account: AccountId
    kind: str
    n: int


class Tallies(Protocol):
    """Counts over the whole ledger. Raises `LedgerError` when the store fails."""

    def changes(self) -> Sequence[Tally]:
        """By the state that a change is in now, as the ledger calls it."""
        ...

    def failed_runs(self) -> Sequence[Tally]:
        """Runs that ended with an error, by what they were to do."""
        ...

    def close(self) -> None: ...
