"""Asking: what each change of a plan still needs before it may go, and from whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from agent.domain.approval import Approval
from agent.domain.board import Board, known_as, listed
from agent.domain.outcome import State
from agent.domain.plan import Plan
from agent.domain.record import PlanRecord
from agent.domain.seal import Seal
from agent.domain.tier import Tier

_ORDINALS = ("a", "a second", "a third", "a fourth", "a fifth")


@dataclass(frozen=True, slots=True)
class Need:
    """What one tier asks of one change, and how far it is.

    Attributes:
        tier: Its name; "" where the change is in none and one word is enough.
        given: Whose words count already, in the order in which they came.
        asked: Who may say the next one now, by name; empty where the board names nobody (then
            anybody may) or nobody is left.
        escalates_at: From when `escalates_to` may approve as well; None: never.
    """

    tier: str
    approvals: int
    given: tuple[str, ...]
    asked: tuple[str, ...]
    escalates_at: datetime | None = None
    escalates_to: tuple[str, ...] = ()

    @property
    def missing(self) -> int:
        """How many more words it takes."""
        return max(0, self.approvals - len(self.given))


@dataclass(frozen=True, slots=True)
class Asked:
    """What one change still needs; it may go when every need is met.

    Attributes:
        needs: One for each tier that covers it, never empty.
    """

    change_id: str
    needs: tuple[Need, ...]

    @property
    def met(self) -> bool:
        return not any(need.missing for need in self.needs)

    @property
    def asked(self) -> tuple[str, ...]:
        """Everybody whose yes would bring it nearer, by name."""
        return tuple(sorted({name for need in self.needs if need.missing for name in need.asked}))

    @property
    def given(self) -> tuple[str, ...]:
        """Everybody whose yes counts for anything."""
        return tuple(dict.fromkeys(name for need in self.needs for name in need.given))


def asked_of(record: PlanRecord, board: Board, seal: Seal, now: datetime) -> Mapping[str, Asked]:
    """What each change of a plan needs, by change id, whatever state it is in.

    Only words count that bear the seal, are on this plan as it stands, and were said in its time by
    somebody whose word counted then. Of two words of one person, one counts.
    """
    words = sound_words(record, seal)
    tiers: dict[Tier, _OfTier] = {}
    found = {}
    for decision in record.plan.decisions:
        if decision.change is None:
            continue
        id_ = decision.change.id
        needs = []
        for tier in board.demands(decision):
            if tier not in tiers:
                tiers[tier] = _of_tier(tier, record.plan, words, board, now)
            needs.append(tiers[tier].need(id_))
        found[id_] = Asked(id_, tuple(needs))
    return found


def waiting(record: PlanRecord, board: Board, seal: Seal, now: datetime) -> Mapping[str, Asked]:
    """The same of those changes that wait for people."""
    return {
        id_: asked
        for id_, asked in asked_of(record, board, seal, now).items()
        if id_ in record.changes and record.changes[id_].state is State.PROPOSED
    }


def sound_words(record: PlanRecord, seal: Seal) -> Sequence[Approval]:
    """The words that bear the seal, on this plan as it stands, said before it expired; oldest first."""
    return [
        word
        for word in record.approvals
        if word.bears(seal)
        and word.fingerprint == record.plan.fingerprint
        and word.plan_id == record.plan.id
        and word.at < record.plan.expires_at
    ]


def sentence(need: Need, now: datetime, clock: str = "%H:%M UTC") -> str:
    """For people: ``waits for a second approval by ben or chief; escalated to chief since 14:00 UTC``.

    Args:
        clock: How a moment is written; `escalates_at` is taken as it is, so shift it for a time zone.
    """
    if not need.missing:
        return "has all approvals it needs"
    if need.given and need.missing == 1 and len(need.given) < len(_ORDINALS):
        what = f"{_ORDINALS[len(need.given)]} approval"
    else:
        what = "an approval" if need.missing == 1 else f"{need.missing} approvals"
    whom = f" by {listed(need.asked)}" if need.asked else ""
    parts = [f"waits for {what}{whom}"]
    if need.given:
        parts.append(f"{listed(need.given, 'and')} said yes")
    if need.escalates_at is not None:
        word = "escalated" if need.escalates_at <= now else "goes"
        since = "since" if need.escalates_at <= now else "at"
        parts.append(f"{word} to {listed(need.escalates_to, 'and')} {since} {need.escalates_at:{clock}}")
    return "; ".join(parts)


@dataclass(frozen=True, slots=True)
class _OfTier:
    """What is the same for all changes of a plan that one tier covers.

    Attributes:
        counting: Words that count, with the name as the board spells it, oldest first.
    """

    tier: Tier
    counting: Sequence[Approval]
    could: frozenset[str]
    escalates_at: datetime | None

    def need(self, change_id: str) -> Need:
        given = {known_as(word.by): word.by for word in self.counting if change_id in word.approved}
        return Need(
            self.tier.name,
            self.tier.approvals,
            tuple(given.values()),
            tuple(sorted(name for name in self.could if known_as(name) not in given)),
            self.escalates_at,
            tuple(sorted(self.tier.escalate_to)),
        )


def _of_tier(tier: Tier, plan: Plan, words: Sequence[Approval], board: Board, now: datetime) -> _OfTier:
    return _OfTier(
        tier,
        [
            replace(word, by=board.spelled(word.by))
            for word in words
            if board.counts(word.by, tier, plan, word.at)
        ],
        board.who_counts(tier, plan, now),
        None if tier.escalate_after is None else plan.drawn_up_at + tier.escalate_after,
    )
