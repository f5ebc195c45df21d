"""Made: what the agent did to an account over some days, out of its plans. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from agent.domain.money import Money
from agent.domain.outcome import State
from agent.domain.plan import Change, Decision
from agent.domain.record import PlanRecord
from agent.domain.verdict import Clamp, Deny


@dataclass(frozen=True, slots=True)
class Made:
    """A change that was found applied (UTC), with what was said of it beforehand."""

    plan: str
    change: Change
    decision: Decision
    at: datetime


@dataclass(frozen=True, slots=True)
class Held:
    """What one guardrail kept from happening.

    Attributes:
        denied, clamped: How many wishes.
        largest: The decision that it cut by most money, a share where none was about money; None
            where it cut by no number.
        because: Its words on that one.
    """

    guardrail: str
    denied: int
    clamped: int
    largest: Decision | None
    because: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """Changes of a plan that wait for a person."""

    plan: str
    n: int
    drawn_up_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Rejection:
    """A person's no, with the comment."""

    plan: str
    n: int
    by: str
    at: datetime
    comment: str


@dataclass(frozen=True, slots=True)
class HeldLate:
    """Approved changes that were held back right before the send, or came out otherwise, and why."""

    state: State
    n: int
    because: str


_LATE = (State.CAPPED, State.CONFLICT, State.NOT_APPLIED, State.NEEDS_REVIEW)


def made(records: Sequence[PlanRecord], since: datetime, until: datetime) -> list[Made]:
    """Changes found applied from `since` until before `until`, oldest first."""
    found = []
    for record in records:
        applied = {
            id_: item.since
            for id_, item in record.changes.items()
            if item.state is State.APPLIED and since <= item.since < until
        }
        for decision in record.plan.decisions if applied else ():
            change = decision.change
            if change is not None and change.id in applied:
                found.append(Made(record.plan.id, change, decision, applied.pop(change.id)))
    return sorted(found, key=lambda one: (one.at, one.change.ref, one.change.lever))


def held(records: Sequence[PlanRecord]) -> list[Held]:
    """What guardrails denied or clamped, who held back most first."""
    denied, clamped = Counter[str](), Counter[str]()
    largest: dict[str, tuple[int, Decision, str]] = {}
    for record in records:
        for decision in record.plan.decisions:
            for word in decision.words:
                match word.verdict:
                    case Deny(because=because):
                        denied[word.guardrail] += 1
                        size = _size(decision, None)
                    case Clamp(to=to, because=because):
                        clamped[word.guardrail] += 1
                        size = _size(decision, to.micros if isinstance(to, Money) else None)
                    case _:
                        continue
                before = largest.get(word.guardrail)
                if before is None or size > before[0]:
                    largest[word.guardrail] = (size, decision, because)
    names = sorted(denied | clamped, key=lambda name: (-denied[name] - clamped[name], name))
    return [Held(name, denied[name], clamped[name], largest[name][1], largest[name][2]) for name in names]


def held_late(records: Sequence[PlanRecord]) -> list[HeldLate]:
    """What came between approval and the end, by reason; the most frequent first."""
    found = Counter(
        (item.state, item.because)
        for record in records
        for item in record.changes.values()
        if item.state in _LATE
    )
    order = sorted(found.items(), key=lambda one: (-one[1], one[0]))
    return [HeldLate(state, n, because) for (state, because), n in order]


def waiting(records: Iterable[PlanRecord], now: datetime) -> list[Waiting]:
    """Plans that wait for a person and have not expired, the one that expires first at the top."""
    found = [
        Waiting(record.plan.id, n, record.plan.drawn_up_at, record.plan.expires_at)
        for record in records
        if (n := _in(record, State.PROPOSED)) and record.plan.expires_at > now
    ]
    return sorted(found, key=lambda one: (one.expires_at, one.plan))


def rejections(records: Iterable[PlanRecord]) -> list[Rejection]:
    """Each word that rejected something, oldest first."""
    found = [
        Rejection(record.plan.id, len(word.rejected), word.by, word.at, word.comment)
        for record in records
        for word in record.approvals
        if word.rejected
    ]
    return sorted(found, key=lambda one: one.at)


def expired(records: Iterable[PlanRecord]) -> int:
    """How many changes nobody answered in time."""
    return sum(_in(record, State.EXPIRED) for record in records)


def _in(record: PlanRecord, state: State) -> int:
    return sum(item.state is state for item in record.changes.values())


def _size(decision: Decision, to: int | None) -> int:
    """By how many micros a wish about money was cut; -1 for any other."""
    wished, before = decision.proposal.target, decision.before
    if not isinstance(wished, Money):
        return -1
    stays = before.micros if to is None and isinstance(before, Money) else (to or 0)
    return abs(wished.micros - stays)
