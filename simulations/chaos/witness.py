"""Witness: the ledger as one process holds it; what it commits is put down, and it ends with the process."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from agent.domain.approval import Approval
from agent.domain.errors import LedgerError
from agent.domain.outcome import Step
from agent.domain.record import Halt
from agent.ports.ledger import Ledger
from simulations.chaos.chance import Chance, LedgerFault
from simulations.chaos.intents import Intents


class Died(SystemExit):
    """The process is gone. Nobody in the product catches it, and nothing of it can act any more."""


class Witness:
    """A ledger in whose writes faults happen by chance; everything else is the ledger's own."""

    def __init__(self, ledger: Ledger, intents: Intents, chance: Chance, life: int) -> None:
        self._ledger = ledger
        self._intents = intents
        self._chance = chance
        self._life = life
        self.dead = False

    def __getattr__(self, name: str) -> Any:
        if self.dead:
            raise Died
        return getattr(self._ledger, name)

    def advance(self, steps: Sequence[Step], at: datetime, *, epoch: int) -> None:
        """As the ledger does it, or not, or without telling."""
        fault = self._fault()
        self._ledger.advance(steps, at, epoch=epoch)
        for step in steps:
            self._intents.took(step, self._life)
        self._tell(fault)

    def record_approval(self, approval: Approval, steps: Sequence[Step], *, known: int | None = None) -> bool:
        """The same of an approval."""
        fault = self._fault()
        stored = self._ledger.record_approval(approval, steps, known=known)
        record = self._ledger.plan(approval.fingerprint)
        assert record is not None, "an approval of an unknown plan is refused"
        self._intents.approved(
            record.plan.id, {id_: record.changes[id_].change for id_ in sorted(approval.approved)}
        )
        self._tell(fault)
        return stored

    def halt(self, halt: Halt) -> None:
        """A halt that gebot itself puts up: it says that something is not as it should be."""
        if self.dead:
            raise Died
        self._ledger.halt(halt)
        self._intents.alarms.append(halt.because)

    def _fault(self) -> LedgerFault | None:
        if self.dead:
            raise Died
        fault = self._chance.ledger_fault()
        if fault is LedgerFault.REFUSED:
            raise LedgerError("ledger: the database is locked")
        return fault

    def _tell(self, fault: LedgerFault | None) -> None:
        if fault is LedgerFault.UNTOLD:
            raise LedgerError("ledger: the connection was lost while it was written")
