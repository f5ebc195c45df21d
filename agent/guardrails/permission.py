"""Permission: which entities, levers and statuses gebot may touch at all."""

from dataclasses import dataclass
from typing import ClassVar

from agent.domain.lever import Lever, Status
from agent.domain.proposal import Proposal
from agent.domain.snapshot import Snapshot
from agent.domain.verdict import Allow, Deny, Verdict
from agent.guardrails.held import ALLOW, absent


@dataclass(frozen=True, slots=True)
class Protected:
    """Entities that carry one of these labels, or whose campaign does, are never changed.

    Attributes:
        labels: Compared without regard to case; empty protects nothing, None denies everything.
    """

    name: ClassVar[str] = "protected_labels"
    labels: frozenset[str] | None

    def judge(self, proposal: Proposal, snapshot: Snapshot) -> Verdict:
        if self.labels is None:
            return Deny("no protected_labels are set")
        if proposal.lever.is_of_hours:
            return ALLOW
        row = snapshot.entities.row(proposal.ref)
        if row is None:
            return absent(proposal)
        labels, campaign = snapshot.entities.labels, snapshot.entities.campaign_rows[row]
        theirs = labels[row] | labels[campaign]
        if not theirs:
            return Allow("it has no labels")
        protected = {label.casefold() for label in self.labels}
        found = sorted(label for label in theirs if label.casefold() in protected)
        if found:
            return Deny(f"its label {found[0]!r} protects it")
        return Allow(lambda: f"none of its labels is protected: {', '.join(sorted(theirs))}")


@dataclass(frozen=True, slots=True)
class LeverAllowed:
    """Only levers for which config.toml has a table of limits are moved."""

    name: ClassVar[str] = "levers"
    levers: frozenset[Lever]

    def judge(self, proposal: Proposal, snapshot: Snapshot) -> Verdict:
        if proposal.lever in self.levers:
            return Allow(lambda: f"limits are set for {proposal.lever}")
        return Deny(f"no limits are set for {proposal.lever}: it has no table among the guardrails")


@dataclass(frozen=True, slots=True)
class StatusAllowed:
    """A status is set only to one of these values.

    Attributes:
        values: {PAUSED} lets gebot pause but not start; None or empty denies both.
    """

    name: ClassVar[str] = "status.allowed"
    values: frozenset[Status] | None

    def judge(self, proposal: Proposal, snapshot: Snapshot) -> Verdict:
        return _among(self.values, self.name, proposal) if proposal.lever is Lever.STATUS else ALLOW


@dataclass(frozen=True, slots=True)
class ExclusionAllowed:
    """Data exclusions are made, or taken away again, only where config.toml says so.

    Attributes:
        values: {ENABLED} lets gebot make them; None or empty denies both.
    """

    name: ClassVar[str] = "data_exclusion.allowed"
    values: frozenset[Status] | None

    def judge(self, proposal: Proposal, snapshot: Snapshot) -> Verdict:
        return _among(self.values, self.name, proposal) if proposal.lever is Lever.DATA_EXCLUSION else ALLOW


def _among(values: frozenset[Status] | None, name: str, proposal: Proposal) -> Verdict:
    if not values:
        return Deny(f"no {name} is set")
    if proposal.target in values:
        return Allow(lambda: f"{proposal.target} may be set")
    allowed = ", ".join(sorted(str(value) for value in values))
    return Deny(f"{proposal.target} is not among the statuses that may be set: {allowed}")
