"""Plan: the decisions of one cycle, and the fingerprint that an approval is bound to."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from agent.domain.calibration import Calibration
from agent.domain.lever import Lever, Value, number_of
from agent.domain.proposal import Proposal, Purpose
from agent.domain.ref import AccountId, Ref
from agent.domain.verdict import Word


@dataclass(frozen=True)
class Change:
    """One lever of one entity from one absolute value to another."""

    ref: Ref
    lever: Lever
    before: Value
    after: Value

    @cached_property
    def id(self) -> str:
        """From the content alone: the same change has the same id."""
        return _digest(self.content())[:12]

    def content(self) -> list[str | int]:
        return [str(self.ref), self.lever.value, number_of(self.before), number_of(self.after)]

    def inverse(self) -> "Change":
        """The change that undoes this one."""
        return Change(self.ref, self.lever, self.after, self.before)


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of a proposal; kept even when nothing changes.

    Attributes:
        words: What each guardrail that objected said, in the order in which they were asked.
        change: None when it was denied, not heard, or already stands.
        not_heard: The source that came first for this lever; "" when this one was heard.
        anchor: Where the lever stood a day before, so that many small steps count as one; None
            where there is no change, or nobody knows.
        portfolio: That the entity is in; "" for none.
    """

    proposal: Proposal
    before: Value | None
    words: tuple[Word, ...]
    change: Change | None
    not_heard: str = ""
    anchor: Value | None = None
    portfolio: str = ""


@dataclass(frozen=True)
class Plan:
    """Decisions of one cycle on one account.

    Attributes:
        drawn_up_at, expires_at: UTC.
        policy: Digest of rules, strategies, portfolios and guardrails in force.
        snapshot: Digest of the data that was decided on.
        seed: The generator of this cycle.
        notes: What a reader must know that belongs to no single decision: a strategy that
            failed, stale data, a frozen account.
        calibration: How the intervals of each decider have held so far, by name.
        code: Digest of the code that decided; "" where nobody told.
        author: Who wished for it; "" where deciders did.
    """

    account: AccountId
    drawn_up_at: datetime
    expires_at: datetime
    policy: str
    snapshot: str
    seed: int
    decisions: tuple[Decision, ...]
    notes: tuple[str, ...] = ()
    calibration: tuple[Calibration, ...] = ()
    code: str = ""
    author: str = ""

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        return tuple(decision.change for decision in self.decisions if decision.change is not None)

    @cached_property
    def fingerprint(self) -> str:
        """Digest of all that an approver agrees to: what, from what, until when, by which policy and whom."""
        return _digest(
            [
                str(self.account),
                self.drawn_up_at.isoformat(),
                self.expires_at.isoformat(),
                self.policy,
                self.snapshot,
                self.seed,
                sorted(change.content() for change in self.changes),
                *([self.author] if self.author else []),
            ]
        )

    @cached_property
    def proposals_only(self) -> frozenset[str]:
        """Deciders whose changes wait for a person, whatever the policy says."""
        return frozenset(one.source for one in self.calibration if one.demoted)

    @property
    def takes_back(self) -> bool:
        """Whether a person takes back with it what gebot did."""
        return any(decision.proposal.purpose is Purpose.UNDO for decision in self.decisions)

    @property
    def by_hand(self) -> bool:
        """Whether a person wished for it, and no decider."""
        return self.takes_back or any(decision.proposal.lever.is_of_hours for decision in self.decisions)

    @property
    def id(self) -> str:
        """Short name for people: the first characters of the fingerprint."""
        return self.fingerprint[:8]


def _digest(content: Sequence[object]) -> str:
    text = json.dumps(content, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
