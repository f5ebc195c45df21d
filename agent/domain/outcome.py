"""Outcome: what became of changes on the platform. A receipt is a promise, a read-back is a fact."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from agent.domain.lever import Lever, Value
from agent.domain.ref import Ref


@dataclass(frozen=True, slots=True)
class Accepted:
    """The platform said yes. `request_id` is its name for the call."""

    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """The platform said no to this one change: it was not applied."""

    because: str


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Nobody can tell from the reply: timeout, reset, server error, missing entry."""

    because: str


Receipt: TypeAlias = Accepted | Refused | Ambiguous


@dataclass(frozen=True, slots=True)
class Edit:
    """One change in the platform's own history.

    Attributes:
        at: UTC.
        by: The user or program as the platform names it.
        ours: True when the platform says that this identity made it.
        before, after: None when the platform does not tell.
    """

    at: datetime
    ref: Ref
    lever: Lever
    before: Value | None
    after: Value | None
    by: str
    ours: bool


class State(StrEnum):
    """Where a change stands in its life.

    PROPOSED -> APPROVED -> SENDING -> APPLIED, or one of the ends before sending;
    SENDING -> UNKNOWN -> APPLIED | NOT_APPLIED | NEEDS_REVIEW by reading only.
    """

    PROPOSED = "proposed"
    APPROVED = "approved"
    SENDING = "sending"
    UNKNOWN = "unknown"
    APPLIED = "applied"
    NOT_APPLIED = "not_applied"
    NEEDS_REVIEW = "needs_review"
    REJECTED = "rejected"
    EXPIRED = "expired"
    CAPPED = "capped"
    CONFLICT = "conflict"

    @property
    def open(self) -> bool:
        """True while something may still happen to the change."""
        return self in (State.PROPOSED, State.APPROVED, State.SENDING, State.UNKNOWN)

    def may_become(self, state: "State") -> bool:
        """True when the ledger accepts the step from here to there."""
        return state in _LEGAL.get(self, frozenset())


_NEVER_SENT = frozenset({State.REJECTED, State.EXPIRED, State.CAPPED, State.CONFLICT})
_SETTLED = frozenset({State.APPLIED, State.NOT_APPLIED, State.NEEDS_REVIEW})

_LEGAL: Mapping[State, frozenset[State]] = {
    State.PROPOSED: _NEVER_SENT | {State.APPROVED},
    State.APPROVED: _NEVER_SENT | {State.SENDING, State.NEEDS_REVIEW},
    # A conflict may also be found by the last look before the wire, when the word was written.
    State.SENDING: _SETTLED | {State.UNKNOWN, State.CONFLICT},
    State.UNKNOWN: _SETTLED,
}
"""Nothing leads out of the other states: they are ends."""


@dataclass(frozen=True, slots=True)
class Step:
    """A change came to a new state: what the ledger appends and a reader is told."""

    plan_id: str
    change_id: str
    state: State
    because: str = ""
