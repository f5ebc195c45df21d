"""Leases: what the agent asks of whoever says who may work on an account."""

from collections.abc import Sequence
from typing import Protocol

from agent.domain.ref import AccountId


class Leases(Protocol):
    """The right to work on accounts, one process at a time for each.

    The operating system or the database takes it back when the process ends, however it ends.
    """

    def hold(self, accounts: Sequence[AccountId]) -> frozenset[AccountId]:
        """Try to lead these; those that are ours now, in part ones that were so before.

        Not to be called while anything is done with one of them: it may be given back.

        Raises:
            LedgerError: The database that keeps the leases failed; none is ours any more.
        """
        ...

    def holds(self, account: AccountId) -> bool:
        """Whether the account is still ours; asked right before the wire, so it must be quick."""
        ...

    def taken(self, accounts: Sequence[AccountId]) -> frozenset[AccountId]:
        """Those of these that any process leads right now.

        Raises:
            LedgerError: The database that keeps the leases failed.
        """
        ...

    def release(self) -> None:
        """Give all of them back."""
        ...
