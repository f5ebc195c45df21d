"""Restless: a lever that moved often, or back and forth, is left alone for a while, whoever moved it."""

from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import ClassVar

from agent.domain.lever import Lever
from agent.domain.moves import Moves
from agent.domain.proposal import Proposal
from agent.domain.snapshot import Snapshot
from agent.domain.verdict import Allow, Deny, Verdict
from agent.guardrails.held import ALLOW
from agent.guardrails.wording import duration, times


@dataclass(frozen=True, slots=True)
class ChangesPerDay:
    """A lever of an entity moves at most so many times within 24 hours, whoever moves it.

    Attributes:
        max_changes: None denies every change of the lever.
    """

    lever: Lever
    max_changes: int | None

    def __post_init__(self) -> None:
        if self.max_changes is not None and self.max_changes <= 0:
            raise ValueError(f"{self.name} was {self.max_changes}, a number above zero is right")

    @property
    def name(self) -> str:
        return f"{self.lever}.max_changes_per_day"

    def judge(self, proposal: Proposal, snapshot: Snapshot) -> Verdict:
        if proposal.lever is not self.lever:
            return ALLOW
        if self.max_changes is None:
            return Deny(f"no {self.name} is set")
        moves, row = moves_of(proposal, snapshot)
        found = 0 if moves is None else int(moves.last_day[row])
        if found < self.max_changes:
            return Allow(lambda: f"it moved {times(found)} within 24 h; {self.max_changes} a day are allowed")
        return Deny(f"it moved {times(found)} within 24 h; {self.max_changes} a day are allowed")


@dataclass(frozen=True, slots=True)
class FlipFlop:
    """A lever that went from A to B and back to A rests, whoever moved it.

    Attributes:
        rest: None: for as long as that is known.
    """

    name: ClassVar[str] = "rest_after_flip_flop"
    rest: timedelta | None

    def __post_init__(self) -> None:
        if self.rest is not None and self.rest <= timedelta(0):
            raise ValueError(f"{self.name} was {self.rest}, a time above zero is right")

    def judge(self, proposal: Proposal, snapshot: Snapshot) -> Verdict:
        moves, row = moves_of(proposal, snapshot)
        at = None if moves is None else moves.flipped_at[row].item()
        if at is None:
            return Allow("it was never seen to go there and back")
        ago = snapshot.as_of - at.replace(tzinfo=UTC)
        if self.rest is not None and ago >= self.rest:
            rested = self.rest
            return Allow(
                lambda: f"it went there and back {duration(ago)} ago; it rested for {duration(rested)}"
            )
        rests = f"no {self.name} is set" if self.rest is None else f"it rests for {duration(self.rest)}"
        return Deny(f"it went there and back, the last time {duration(ago)} ago; {rests}")


def moves_of(proposal: Proposal, snapshot: Snapshot) -> tuple[Moves | None, int]:
    """The moves of the wish's lever and its row; None where nobody has watched it, as of marked hours."""
    row, memory = snapshot.entities.row(proposal.ref), snapshot.memory.get(proposal.lever)
    if row is None or memory is None or memory.moves is None:
        return None, 0
    return memory.moves, row
