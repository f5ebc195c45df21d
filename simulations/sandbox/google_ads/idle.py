"""Idle: bids and targets that Google keeps and takes no notice of."""

import threading

from agent.domain.ref import Kind
from simulations.groups import Slot
from simulations.journal import Field


class IdleBids:
    """Values that were accepted where the bidding strategy ignores them. In memory only.

    They are told when they are asked for, and change nothing. Safe between threads.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[Slot, int] = {}

    def keep(self, kind: Kind, id_: str, field: Field, number: int | None) -> None:
        """Set a value, or clear it with None."""
        with self._lock:
            if number is None:
                self._kept.pop(Slot(kind, id_, field), None)
            else:
                self._kept[Slot(kind, id_, field)] = number

    def standing(self, kind: Kind, id_: str, field: Field) -> int | None:
        with self._lock:
            return self._kept.get(Slot(kind, id_, field))
