"""StoryMemory: the steps of every change, in memory."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from agent.domain.outcome import State, Step
from agent.domain.plan import Plan
from agent.domain.record import PlanRecord
from agent.domain.story import AppliedChange, Stepped


@dataclass(slots=True)
class StoryMemory:
    """By plan id and change id, oldest step first."""

    _steps: defaultdict[tuple[str, str], list[Stepped]] = field(default_factory=lambda: defaultdict(list))

    def begin(self, plan: Plan) -> None:
        """Take note of a plan's changes, the first time that it is recorded."""
        for change in plan.changes:
            known = self._steps[plan.id, change.id]
            if not known:
                known.append(Stepped(State.PROPOSED, plan.drawn_up_at, ""))

    def take(self, steps: Sequence[Step], at: datetime, epoch: int | None) -> None:
        """Take note of steps that were found legal."""
        for step in steps:
            self._steps[step.plan_id, step.change_id].append(Stepped(step.state, at, step.because, epoch))

    def steps(self, plan_id: str, change_id: str) -> Sequence[Stepped]:
        """Every step of the change."""
        return list(self._steps.get((plan_id, change_id), ()))


def applied(records: Sequence[PlanRecord], since: datetime) -> Sequence[AppliedChange]:
    """Changes of these plans that were found applied from then on, oldest first.

    Args:
        records: Oldest first.
    """
    found = [
        AppliedChange(
            record.plan.id, one.change, one.since, one.since if one.sent_at is None else one.sent_at
        )
        for record in records
        for one in record.changes.values()
        if one.state is State.APPLIED and one.since >= since
    ]
    return sorted(found, key=lambda one: one.at)
