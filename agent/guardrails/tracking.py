"""Tracking: while conversions cannot be believed, nothing is steered by them."""

from dataclasses import dataclass
from typing import ClassVar

from agent.domain.proposal import Proposal, Purpose
from agent.domain.snapshot import Snapshot
from agent.domain.tracking_break import words
from agent.domain.verdict import Deny, Verdict
from agent.guardrails.held import ALLOW

PERSON = "person"
"""The source of what somebody asked for by hand."""


@dataclass(frozen=True, slots=True)
class TrackingBreak:
    """A frozen account changes nothing that was read from its figures.

    What a person asked for, hours that somebody marks, and taking back what gebot did are not read
    from them: they pass.
    """

    name: ClassVar[str] = "tracking_break"

    def judge(self, proposal: Proposal, snapshot: Snapshot) -> Verdict:
        by_hand = proposal.source == PERSON or proposal.purpose is Purpose.UNDO
        if snapshot.freeze is None or proposal.lever.is_of_hours or by_hand:
            return ALLOW
        return Deny(words(snapshot.freeze, snapshot.entities.account.time_zone))
