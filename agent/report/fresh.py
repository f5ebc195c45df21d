"""Fresh: a plan that is in no ledger, as if it had just been recorded."""

from agent.domain.outcome import State
from agent.domain.plan import Plan
from agent.domain.record import ChangeRecord, PlanRecord


def as_record(plan: Plan) -> PlanRecord:
    """All changes PROPOSED, nobody asked."""
    changes = {change.id: ChangeRecord(change, State.PROPOSED, plan.drawn_up_at) for change in plan.changes}
    return PlanRecord(plan, changes, ())
