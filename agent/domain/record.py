"""Records: what the ledger gives back about plans, runs, the stop and the leader."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from agent.domain.approval import Approval
from agent.domain.outcome import State
from agent.domain.plan import Change, Plan
from agent.domain.ref import AccountId


@dataclass(frozen=True, slots=True)
class ChangeRecord:
    """Where one change stands, since when (UTC) and why.

    Attributes:
        sent_at: When the word was written that it would be sent (UTC); None: it never was.
    """

    change: Change
    state: State
    since: datetime
    because: str = ""
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PlanRecord:
    """A plan with all that befell it since it was drawn up.

    Attributes:
        changes: By change id, in the plan's order.
        approvals: Oldest first.
    """

    plan: Plan
    changes: Mapping[str, ChangeRecord]
    approvals: tuple[Approval, ...]

    @classmethod
    def fresh(cls, plan: Plan) -> "PlanRecord":
        """The plan as it stands when it has just been drawn up: all PROPOSED, nobody asked."""
        changes = {
            change.id: ChangeRecord(change, State.PROPOSED, plan.drawn_up_at) for change in plan.changes
        }
        return cls(plan, changes, ())

    @property
    def open(self) -> bool:
        """True while something may still happen to any of its changes."""
        return any(record.state.open for record in self.changes.values())

    @property
    def waiting(self) -> bool:
        """True while any of its changes waits for a person."""
        return any(record.state is State.PROPOSED for record in self.changes.values())


class RunKind(StrEnum):
    """What a run of the daemon does."""

    OBSERVE = "observe"
    DECIDE = "decide"
    STATEMENT = "statement"


@dataclass(frozen=True, slots=True)
class Run:
    """One run, keyed by account, kind and slot, so that it happens once.

    Attributes:
        slot: The local date and time that the run is for: "2026-11-21" for a daily run,
            "2026-11-21T14" for an hourly one.
        finished_at: None while it runs or when it died.
        error: "" when it ended well.
    """

    account: AccountId
    kind: RunKind
    slot: str
    started_at: datetime
    finished_at: datetime | None
    error: str


@dataclass(frozen=True, slots=True)
class Halt:
    """A person (or gebot itself) stopped everything, or one account."""

    by: str
    at: datetime
    because: str
    account: AccountId | None = None

    def order(self) -> tuple[str, str]:
        """To sort by: what stops everything first."""
        return ("", "") if self.account is None else (self.account.platform, self.account.account)


@dataclass(frozen=True, slots=True)
class Halting:
    """A halt and how it ended; `ended` (UTC) is None while it is in force."""

    halt: Halt
    ended: datetime | None = None
    by: str = ""


FORGOTTEN_AFTER = timedelta(days=14)
"""A process that gave no sign of life for so long is no longer told of."""


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """The last sign of life of a daemon.

    Attributes:
        accounts: Those that it leads; none while it waits.
    """

    at: datetime
    host: str
    pid: int
    accounts: tuple[AccountId, ...] = ()


@dataclass(frozen=True, slots=True)
class Freeze:
    """Nothing of an account is steered, because its conversions cannot be believed.

    Attributes:
        begins: Start of the window in which conversions are missing (UTC): nothing is learned
            from there on.
        at: When that was found (UTC).
        ended: When it was lifted (UTC), which is also the end of the window; None: it is in force.
        by: Who lifted it; "" while it is in force.
    """

    account: AccountId
    begins: datetime
    at: datetime
    because: str
    ended: datetime | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What one reading of the metrics spoke for; `complete_until` is the newest day that was over."""

    observed_at: datetime
    since: date
    until: date
    complete_until: date | None
