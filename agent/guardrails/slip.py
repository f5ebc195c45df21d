"""Slip: an amount so far from what stands that its unit must be wrong is not carried out in part either."""

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from agent.domain.lever import number_of
from agent.domain.proposal import Proposal
from agent.domain.snapshot import Snapshot
from agent.domain.verdict import Allow, Deny, Verdict
from agent.guardrails.held import ALLOW, absent
from agent.guardrails.wording import amount

SLIP = 7
"""The smallest factor between two units that are mixed up: a week's budget for a day's."""


@dataclass(frozen=True, slots=True)
class Slip:
    """Denies a wish for 7 times what stands or more, or for a seventh or less.

    A step limit would hold such a wish to a small step, and take another one on the next day,
    for ever: hours, days, weeks and months, whole units, cents and micros, a typing error.
    """

    name: ClassVar[str] = "slip"

    def judge(self, proposal: Proposal, snapshot: Snapshot) -> Verdict:
        lever = proposal.lever
        if lever.is_switch or lever.is_of_hours:
            return ALLOW
        present = snapshot.number(proposal.ref, lever)
        if present is None:
            return absent(proposal)
        target = number_of(proposal.target)
        if target < present * SLIP and target * SLIP > present:
            return Allow(
                lambda: (
                    f"{proposal.target} is {target / present:.4g} times what stands; {SLIP} would be a slip"
                )
            )
        share = Fraction(max(target, present), max(1, min(target, present)))
        stands, least = amount(lever, present, snapshot.currency), f"{float(share):.4g}"
        far = f"{least} times" if target > present else f"one {least}th of"
        return Deny(f"{proposal.target} is {far} what stands, {stands}: that looks like a slip of the unit")
