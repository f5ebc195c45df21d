"""Learning phase: what the platform is learning is left alone until it has learned."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from agent.domain.lever import Lever, Ratio, Status, number_of
from agent.domain.money import Money
from agent.domain.proposal import Proposal
from agent.domain.ref import Kind, Ref
from agent.domain.snapshot import Snapshot
from agent.domain.verdict import Allow, Deny, Verdict
from agent.guardrails.held import ALLOW, absent, held, objection


@dataclass(frozen=True, slots=True)
class LearningPhase:
    """An entity that the platform says is learning changes only where money must be stopped.

    A change would make the platform learn anew. What is in a campaign that learns, learns; an ad
    set learns for itself. It may be paused. A lever above its ceiling may be cut to it, and a
    daily budget may be cut where its pot is exceeded.

    Attributes:
        wait: False lets changes go on; None waits.
        caps: By lever, the limit that keeps spend down: the ceiling, of a target ROAS the floor.
        over_pot: Entities whose pot is less than what their daily budgets add up to.
    """

    name: ClassVar[str] = "learning_phase"
    wait: bool | None
    caps: Mapping[Lever, Money | Ratio] = field(default_factory=dict)
    over_pot: frozenset[Ref] = frozenset()

    def judge(self, proposal: Proposal, snapshot: Snapshot) -> Verdict:
        if self.wait is False or proposal.lever.is_of_hours or proposal.target is Status.PAUSED:
            return Allow("a pause does not wait") if proposal.target is Status.PAUSED else ALLOW
        row, present = snapshot.entities.row(proposal.ref), snapshot.number(proposal.ref, proposal.lever)
        if row is None or present is None:
            return absent(proposal)
        who = _learning(row, snapshot)
        if not who:
            return Allow("the platform does not say that it is learning")
        because = f"the platform says that {who} is learning; a change would make it learn anew"
        if not _is_cut(proposal, present):
            return Deny(because)
        return self._forced(proposal, snapshot, present, because)

    def _forced(self, proposal: Proposal, snapshot: Snapshot, present: int, because: str) -> Verdict:
        """Let the cut that a pot or a cap forces pass, and no more of it."""
        lever = proposal.lever
        if lever is Lever.DAILY_BUDGET and proposal.ref in self.over_pot:
            return Allow("it is learning, but its pot or the account's ceiling is exceeded")
        cap = self.caps.get(lever)
        if cap is None:
            return Deny(because)
        limit, down = number_of(cap), lever.spends_more_when_higher
        if (limit < present) is not down:
            return Deny(because)
        lowest, highest = (limit, None) if down else (None, limit)
        to = held(proposal, snapshot, present, lowest=lowest, highest=highest)
        if to is None:
            return Allow(lambda: f"it is learning, but stands beyond {cap}")
        return objection(proposal, snapshot, present, to, because)


def _is_cut(proposal: Proposal, present: int) -> bool:
    """Whether it lets less be spent; a pause was let pass before."""
    lower = number_of(proposal.target) < present
    return proposal.lever is not Lever.STATUS and lower is proposal.lever.spends_more_when_higher


def _learning(row: int, snapshot: Snapshot) -> str:
    """Who learns: "it", "its campaign", or "" for nobody."""
    table = snapshot.entities
    if table.learning[row]:
        return "it"
    if table.kinds[row] == Kind.AD_SET:
        return ""
    return "its campaign" if table.learning[table.campaign_rows[row]] else ""
