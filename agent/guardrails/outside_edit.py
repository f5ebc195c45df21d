"""Outside edit: what somebody else has set stands for a while, and is not undone behind their back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from agent.domain.lever import Lever, number_of
from agent.domain.proposal import Proposal
from agent.domain.snapshot import Snapshot
from agent.domain.verdict import Allow, Deny, Verdict
from agent.guardrails.held import held, objection
from agent.guardrails.wording import amount, duration


@dataclass(frozen=True, slots=True)
class Quarantine:
    """A lever that somebody else moved is left alone for a while, in every direction.

    Attributes:
        rest: None: for as long as the edit is known.
    """

    name: ClassVar[str] = "quarantine"
    rest: timedelta | None

    def __post_init__(self) -> None:
        if self.rest is not None and self.rest <= timedelta(0):
            raise ValueError(f"quarantine was {self.rest}, a time above zero is right")

    def judge(self, proposal: Proposal, snapshot: Snapshot) -> Verdict:
        edit = _edit(proposal, snapshot)
        if edit is None:
            return _NOBODY
        ago = snapshot.as_of - edit.at
        if self.rest is not None and ago >= self.rest:
            return _long_ago(edit, ago, self.rest)
        rests = "no quarantine is set" if self.rest is None else f"it rests for {duration(self.rest)}"
        return Deny(f"somebody else set it {edit.words} {duration(ago)} ago; {rests}")


@dataclass(frozen=True, slots=True)
class TakeBack:
    """No change goes back behind what somebody else has set: what a person raised is not cut below it.

    Attributes:
        after: By lever, how long after the edit it may be taken back; for a lever that is not
            in it, never while the edit is known.
    """

    name: ClassVar[str] = "take_back_after"
    after: Mapping[Lever, timedelta]

    def judge(self, proposal: Proposal, snapshot: Snapshot) -> Verdict:
        edit = _edit(proposal, snapshot)
        if edit is None:
            return _NOBODY
        after, ago = self.after.get(proposal.lever), snapshot.as_of - edit.at
        if after is not None and ago >= after:
            return _long_ago(edit, ago, after)
        present = snapshot.number(proposal.ref, proposal.lever)
        target = number_of(proposal.target)
        up = edit.to > edit.origin
        if present is None or (target >= edit.to if up else target <= edit.to):
            return Allow(lambda: f"{proposal.target} is not behind what somebody else set {edit.words}")
        when = "it is not taken back" if after is None else f"it may be taken back after {duration(after)}"
        because = f"somebody else set it {edit.words} {duration(ago)} ago; {when}"
        bound = edit.to
        to = (
            held(proposal, snapshot, present, lowest=bound)
            if up
            else held(proposal, snapshot, present, highest=bound)
        )
        return _NOBODY if to is None else objection(proposal, snapshot, present, to, because)


@dataclass(frozen=True, slots=True)
class _Edit:
    """Somebody else's last move of a lever: when (UTC), from where and to where."""

    at: datetime
    origin: int
    to: int
    words: str


_NOBODY = Allow("nobody else has set it since gebot began to")


def _long_ago(edit: _Edit, ago: timedelta, limit: timedelta) -> Allow:
    return Allow(
        lambda: f"somebody else set it {edit.words} {duration(ago)} ago; {duration(limit)} have passed"
    )


def _edit(proposal: Proposal, snapshot: Snapshot) -> _Edit | None:
    row, memory = snapshot.entities.row(proposal.ref), snapshot.memory.get(proposal.lever)
    if row is None or memory is None or memory.moves is None:
        return None
    at = memory.moves.edited_at[row].item()
    if at is None:
        return None
    origin, to = int(memory.moves.edited_from[row]), int(memory.moves.edited_to[row])
    first, last = (amount(proposal.lever, number, snapshot.currency) for number in (origin, to))
    return _Edit(at.replace(tzinfo=UTC), origin, to, f"from {first} to {last}")
