"""Calm: the chance by which nothing goes wrong, under which everything must come to rest."""

from datetime import timedelta

from agent.domain.points import Point
from simulations.chaos.chance import Event, LedgerFault, Outside
from simulations.chaos.fates import Fate, ReadFault

FOR_EVER = 1_000_000_000


class Calm:
    """No crash, no fault, no edit; of two moments the earlier one."""

    def lifetime(self) -> int:
        return FOR_EVER

    def at(self, point: Point) -> Event | None:
        return None

    def idle(self) -> Outside | None:
        return None

    def fate(self) -> Fate:
        return Fate.WELL

    def read_fault(self) -> ReadFault | None:
        return None

    def ledger_fault(self) -> LedgerFault | None:
        return None

    def between(self, low: timedelta, high: timedelta) -> timedelta:
        return max(low, min(high, timedelta(0)))

    def pick(self, n: int) -> int:
        return 0
