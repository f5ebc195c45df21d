"""Story: what befell a change, step by step, and which changes came to stand."""

from dataclasses import dataclass
from datetime import datetime

from agent.domain.outcome import State
from agent.domain.plan import Change


@dataclass(frozen=True, slots=True)
class Stepped:
    """A change came to a state.

    Attributes:
        at: UTC.
        epoch: Of the leader that took the step; None where no leader was asked, as for approvals.
    """

    state: State
    at: datetime
    because: str
    epoch: int | None = None


@dataclass(frozen=True, slots=True)
class AppliedChange:
    """A change that was found applied.

    Attributes:
        at: When it was found so (UTC).
        sent_at: When it was written that it would be sent (UTC).
    """

    plan_id: str
    change: Change
    at: datetime
    sent_at: datetime
