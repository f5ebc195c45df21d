"""Plan words: what became of a plan, and which changes are meant, in lines for people."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from agent.domain.outcome import State
from agent.domain.record import PlanRecord
from agent.domain.verdict import Deny
from agent.notify.plain_words import plain_words
from agent.ports.ledger import Ledger

MOST_CHANGES = 5
MOST_REASONS = 3

_UNDER_WAY = (State.APPROVED, State.SENDING, State.UNKNOWN)
_CAME_OUT = {
    State.APPLIED: "applied",
    State.NOT_APPLIED: "not applied",
    State.NEEDS_REVIEW: "need a look",
    State.CONFLICT: "not sent: somebody else had changed the same",
}


@dataclass(frozen=True, slots=True)
class Carried:
    """What was carried out of a plan so far.

    Attributes:
        at: When the last of it came out.
        n_settled: How many changes came out one way or the other.
        ids: Of the changes that were applied or need a look.
    """

    at: datetime
    words: str
    lines: tuple[str, ...]
    n_settled: int
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """What guardrails did not let through."""

    words: str
    lines: tuple[str, ...]


def applied(record: PlanRecord, since: datetime) -> Carried | None:
    """None while anything of it is under way, and when nothing came out since then."""
    states = [item.state for item in record.changes.values()]
    if any(state in _UNDER_WAY for state in states):
        return None
    settled = {id_: item for id_, item in record.changes.items() if item.state in _CAME_OUT}
    sent = [item for item in settled.values() if item.state is not State.CONFLICT]
    if not sent:
        return None
    at = max(item.since for item in settled.values())
    if at < since:
        return None
    counted = Counter(item.state for item in settled.values())
    words = ", ".join(f"{counted[state]} {told}" for state, told in _CAME_OUT.items() if counted[state])
    lines = []
    if counted[State.NEEDS_REVIEW]:
        lines.append("What needs a look came out other than asked: gebot review --all tells.")
    ids = [id_ for id_, item in settled.items() if item.state in (State.NEEDS_REVIEW, State.APPLIED)]
    ids.sort(key=lambda id_: settled[id_].state is not State.NEEDS_REVIEW)
    return Carried(at, words, tuple(lines), len(settled), tuple(ids))


def denied(record: PlanRecord) -> Refused | None:
    """None where no guardrail denied anything."""
    reasons = Counter[str]()
    n = 0
    for decision in record.plan.decisions:
        words = [word for word in decision.words if isinstance(word.verdict, Deny)]
        n += bool(words)
        reasons.update(word.guardrail for word in words)
    if not n:
        return None
    told = [f"{guardrail}: {times}" for guardrail, times in reasons.most_common(MOST_REASONS)]
    lines = (f"Most by {plain_words(', '.join(told))}.",)
    return Refused(f"guardrails denied {n} wish{'es' if n != 1 else ''}", lines)


def changes_of(ledger: Ledger, record: PlanRecord, ids: Sequence[str]) -> tuple[str, ...]:
    """The first few of these changes, a line each, and how many more there are."""
    if not ids:
        return ()
    table = ledger.entities(record.plan.account, record.plan.drawn_up_at)
    names = (
        {}
        if table is None
        else dict(zip(map(table.ref, range(len(table))), table.names.tolist(), strict=True))
    )
    lines = []
    for id_ in ids[:MOST_CHANGES]:
        change = record.changes[id_].change
        name = plain_words(names.get(change.ref, str(change.ref)), 80)
        lines.append(f"{name}: {change.lever} {change.before} \N{RIGHTWARDS ARROW} {change.after}")
    if len(ids) > MOST_CHANGES:
        lines.append(f"... and {len(ids) - MOST_CHANGES} more.")
    return tuple(lines)
