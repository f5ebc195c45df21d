"""RunMemory: what was begun for which slot, and how it ended, in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from agent.domain.errors import LedgerError
from agent.domain.record import Run, RunKind
from agent.domain.ref import AccountId


class RunMemory:
    """Runs by account, kind and slot."""

    def __init__(self) -> None:
        self._runs: dict[tuple[AccountId, RunKind, str], Run] = {}

    def begin(self, account: AccountId, kind: RunKind, slot: str, at: datetime) -> bool:
        """Claim the slot; False when it is taken."""
        if (account, kind, slot) in self._runs:
            return False
        self._runs[account, kind, slot] = Run(account, kind, slot, at, None, "")
        return True

    def finish(self, account: AccountId, kind: RunKind, slot: str, at: datetime, error: str) -> None:
        """Close the run; a LedgerError when it was never begun."""
        run = self._runs.get((account, kind, slot))
        if run is None:
            raise LedgerError(f"ledger: run {account} {kind} {slot} was never begun")
        self._runs[account, kind, slot] = replace(run, finished_at=at, error=error)

    def runs(self, account: AccountId, kind: RunKind, limit: int) -> Sequence[Run]:
        """Newest first."""
        found = [run for run in self._runs.values() if run.account == account and run.kind is kind]
        return sorted(found, key=lambda run: (run.started_at, run.slot), reverse=True)[:limit]
