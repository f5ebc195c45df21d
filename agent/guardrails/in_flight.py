"""In flight: a lever rests until it is known what became of its last change."""

from dataclasses import dataclass
from typing import ClassVar

from agent.domain.lever import value_of
from agent.domain.proposal import Proposal
from agent.domain.snapshot import Snapshot
from agent.domain.verdict import Allow, Deny, Verdict
from agent.guardrails.exposure import Reserved

_NONE = Allow("no change of it is under way")


@dataclass(frozen=True, slots=True)
class InFlight:
    """Nothing is sent after a change that may still land, on top of what was sent after it."""

    name: ClassVar[str] = "in_flight"
    reserved: Reserved

    def judge(self, proposal: Proposal, snapshot: Snapshot) -> Verdict:
        number = self.reserved.get((proposal.ref, proposal.lever))
        if number is None:
            return _NONE
        sent = value_of(proposal.lever, number, snapshot.currency)
        return Deny(f"{sent} was sent before, and nobody knows yet whether it will stand")
