"""Cooldown: how long a lever rests after a change, whoever made it."""

from dataclasses import dataclass
from datetime import UTC, timedelta

from agent.domain.lever import Lever
from agent.domain.proposal import Proposal
from agent.domain.snapshot import Snapshot
from agent.domain.verdict import Allow, Deny, Verdict
from agent.guardrails.held import ALLOW, absent
from agent.guardrails.wording import duration


@dataclass(frozen=True, slots=True)
class Cooldown:
    """A lever that changed is left alone until its cooldown is over.

    Attributes:
        cooldown: None denies every change of the lever.
    """

    lever: Lever
    cooldown: timedelta | None

    def __post_init__(self) -> None:
        if self.cooldown is not None and self.cooldown <= timedelta(0):
            raise ValueError(f"{self.name} was {self.cooldown}, a time above zero is right")

    @property
    def name(self) -> str:
        return f"{self.lever}.cooldown"

    def judge(self, proposal: Proposal, snapshot: Snapshot) -> Verdict:
        if proposal.lever is not self.lever:
            return ALLOW
        if self.cooldown is None:
            return Deny(f"no {self.name} is set")
        row = snapshot.entities.row(proposal.ref)
        memory = snapshot.memory.get(self.lever)
        if row is None or memory is None:
            # Nobody watches when hours are marked.
            return ALLOW if self.lever.is_of_hours else absent(proposal)
        changed_at = memory.changed_at[row].item()
        if changed_at is None:
            return Allow("it was never seen to change")
        rested = snapshot.as_of - changed_at.replace(tzinfo=UTC)
        cooldown = self.cooldown
        if rested >= cooldown:
            return Allow(lambda: _rests(rested, cooldown))
        return Deny(_rests(rested, cooldown))


def _rests(rested: timedelta, cooldown: timedelta) -> str:
    return f"it last changed {duration(rested)} ago; it rests for {duration(cooldown)}"
