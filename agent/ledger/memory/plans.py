"""PlanMemory: plans and what befell their changes, in memory."""

from collections.abc import Sequence
from datetime import datetime

from agent.domain.approval import Approval
from agent.domain.errors import LedgerError
from agent.domain.outcome import State, Step
from agent.domain.plan import Plan
from agent.domain.record import ChangeRecord, PlanRecord
from agent.domain.ref import AccountId
from agent.ledger.steps import check_approval, stepped


class PlanMemory:
    """All plans, by plan id, oldest first."""

    def __init__(self) -> None:
        self._records: dict[str, PlanRecord] = {}
        self._open: set[str] = set()

    def record(self, plan: Plan) -> None:
        """Store the plan once, with its changes PROPOSED."""
        before = self._records.get(plan.id)
        if before is not None and before.plan.fingerprint != plan.fingerprint:
            raise LedgerError(f"ledger: two plans have the id {plan.id}; draw up the plan again")
        if before is None:
            changes = {
                change.id: ChangeRecord(change, State.PROPOSED, plan.drawn_up_at) for change in plan.changes
            }
            self._keep(PlanRecord(plan, changes, ()))

    def plan(self, prefix: str) -> PlanRecord | None:
        """The one plan whose fingerprint begins so."""
        found = [record for record in self._records.values() if record.plan.fingerprint.startswith(prefix)]
        return found[0] if len(found) == 1 else None

    def plans(self, account: AccountId | None, *, only_open: bool, limit: int) -> Sequence[PlanRecord]:
        """Newest first."""
        ids = [plan_id for plan_id in self._records if plan_id in self._open] if only_open else self._records
        records = [self._records[plan_id] for plan_id in ids]
        found = [record for record in records if account is None or record.plan.account == account]
        found.reverse()  # of two plans of one moment, the one that came last
        found.sort(key=lambda record: record.plan.drawn_up_at, reverse=True)
        return found[:limit]

    def record_approval(self, approval: Approval, steps: Sequence[Step]) -> None:
        """Store the word and what follows from it, or raise a Mistake."""
        record = self._records.get(approval.plan_id)
        fingerprint = None if record is None else record.plan.fingerprint
        standing = {} if record is None else {id_: change.state for id_, change in record.changes.items()}
        check_approval(approval, steps, fingerprint, standing)
        assert record is not None, "the check has refused an unknown plan"
        self.advance(steps, approval.at)
        record = self._records[approval.plan_id]
        self._keep(PlanRecord(record.plan, record.changes, (*record.approvals, approval)))

    def advance(self, steps: Sequence[Step], at: datetime) -> None:
        """Take steps that are legal now, all or none."""
        records = {step.plan_id: self._records.get(step.plan_id) for step in steps}
        standing = {
            (plan_id, change_id): change.state
            for plan_id, record in records.items()
            if record is not None
            for change_id, change in record.changes.items()
        }
        last = stepped(standing, steps)
        for plan_id, record in records.items():
            if record is not None:
                changes = dict(record.changes)
                for change_id, change in record.changes.items():
                    step = last.get((plan_id, change_id))
                    if step is not None:
                        changes[change_id] = ChangeRecord(change.change, step.state, at, step.because)
                self._keep(PlanRecord(record.plan, changes, record.approvals))

    def _keep(self, record: PlanRecord) -> None:
        plan_id = record.plan.id
        self._records[plan_id] = record
        if record.open:
            self._open.add(plan_id)
        else:
            self._open.discard(plan_id)
