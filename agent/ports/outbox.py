"""Outbox: what people are to be told, kept until it is."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from agent.domain.notice import Letter


class Outbox(Protocol):
    """Letters, each written once for its channel and its notice's key.

    Every method is one transaction. Raises `LedgerError` when the store is locked, unreachable
    or damaged; nothing was written then.
    """

    def put(self, letters: Sequence[Letter]) -> int:
        """Keep those that are not there yet. Returns: how many those were."""
        ...

    def due(self, now: datetime) -> Sequence[Letter]:
        """Neither told nor given up, and due by now; by channel, oldest first."""
        ...

    def claim(self, letters: Sequence[Letter], until: datetime) -> bool:
        """Take them, so that nobody else sends them before that moment; an attempt more is counted.

        Returns: False when another process has taken any of them; none is ours then.
        """
        ...

    def told(self, letters: Sequence[Letter], at: datetime) -> None:
        """The channel took them."""
        ...

    def put_off(self, letters: Sequence[Letter], until: datetime, trouble: str) -> None:
        """The channel did not take them; they are tried again then."""
        ...

    def give_up(self, letters: Sequence[Letter], at: datetime, trouble: str) -> None:
        """They are not tried any more."""
        ...

    def untold(self, since: datetime) -> Sequence[Letter]:
        """Those that wait, and those that were given up since then; oldest first."""
        ...

    def close(self) -> None: ...
