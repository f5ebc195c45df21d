"""Plan: one page of its decisions, what it comes to, and what a word on it would need."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from agent.domain.approval import Approval
from agent.domain.outcome import State
from agent.domain.record import PlanRecord
from agent.office import Office
from agent.report.rows import plain
from agent.web.views.plan_lines import Line
from agent.web.views.plan_query import PAGE_LINES, PlanQuery
from agent.web.views.reading import Reading, WordLine, why_not, words_on
from agent.web.views.today import Stake, stakes_of
from agent.web.words import ago
from agent.wiring.parts import carries_out


@dataclass(frozen=True, slots=True)
class Group:
    """Lines under one heading; `n` and `stakes` are of the whole group, on whatever pages it stands."""

    name: str
    n: int
    move_micros: int
    currency: str
    lines: tuple[Line, ...]
    link: str


@dataclass(frozen=True, slots=True)
class Choices:
    """What the plan's lines can be filtered by; those with one value only are no choice."""

    states: tuple[str, ...]
    portfolios: tuple[str, ...]
    strategies: tuple[str, ...]
    levers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlanView:
    """A page of a plan.

    Attributes:
        counts: How many decisions stand where, in the order of a change's life.
        expected: Sums of the means that models expect of all that waits or was let through.
        groups: The lines of this page; one group without a name where nothing is grouped.
        deciding: Whether the reader can say something now; else `why_not`.
        approvable, rejectable: How many lines that the filters show, on all pages, a yes helps, a no ends.
        said: What the reader's word of a moment ago came to; "" where there was none.
        errors: Why a word was not taken.
    """

    id: str
    fingerprint: str
    account: str
    zone: str
    drawn_up_at: datetime
    expires_at: datetime
    expires_in: str
    author: str
    open: bool
    notes: tuple[str, ...]
    demoted: tuple[str, ...]
    counts: tuple[tuple[str, int], ...]
    stakes: tuple[Stake, ...]
    expected: tuple[tuple[str, float], ...]
    words: tuple[WordLine, ...]
    query: PlanQuery
    choices: Choices
    groups: tuple[Group, ...]
    n_lines: int
    n_all: int
    page: int
    n_pages: int
    deciding: bool
    why_not: str
    approvable: int
    rejectable: int
    said: str = ""
    next_move: str = ""
    errors: tuple[str, ...] = ()

    @property
    def waiting(self) -> int:
        return dict(self.counts).get(State.PROPOSED.value, 0)

    @property
    def held_back(self) -> int:
        return dict(self.counts).get("denied", 0)


def plan_view(
    office: Office,
    read: Reading,
    query: PlanQuery,
    name: str,
    *,
    word: Approval | None = None,
    errors: Sequence[str] = (),
) -> PlanView:
    """The page that the query asks for.

    Args:
        name: Of the reader.
        word: What they said a moment ago.
        errors: Why a word of theirs was not taken.
    """
    record, plan, now = read.record, read.record.plan, read.now
    found = query.matching(read.lines)
    n_pages = query.pages(len(found))
    page = max(1, min(query.page, n_pages))
    no = why_not(office, read, name)
    states = _counts(read.lines)
    open_changes = [item.change for item in record.changes.values() if item.state.open]
    return PlanView(
        id=plan.id,
        fingerprint=plan.fingerprint,
        account=plain(read.account),
        zone=read.zone,
        drawn_up_at=plan.drawn_up_at,
        expires_at=plan.expires_at,
        expires_in=ago(plan.expires_at, now, office.clock.speed),
        author=plain(plan.author),
        open=record.open,
        notes=tuple(map(plain, plan.notes)),
        demoted=tuple(sorted(plan.proposals_only)),
        counts=states,
        stakes=stakes_of(open_changes if record.open else plan.changes),
        expected=_expected(read.lines),
        words=words_on(record),
        query=query,
        choices=_choices(read.lines, states),
        groups=_groups(found, query, page),
        n_lines=len(found),
        n_all=len(read.lines),
        page=page,
        n_pages=n_pages,
        deciding=not no,
        why_not=no,
        approvable=0 if no else sum(line.waits and line.yes_helps for line in found),
        rejectable=0 if no else sum(line.waits for line in found),
        said="" if word is None else _said(word, record),
        next_move="" if word is None else _next_move(office, record),
        errors=tuple(map(plain, errors)),
    )


def _counts(lines: Iterable[Line]) -> tuple[tuple[str, int], ...]:
    found = Counter(line.state for line in lines)
    order = [*(state.value.replace("_", " ") for state in State), "denied", "not heard", "stands"]
    return tuple((state, found[state]) for state in order if found[state])


def _expected(lines: Iterable[Line]) -> tuple[tuple[str, float], ...]:
    sums: dict[str, float] = {}
    for line in lines:
        if line.effect is not None and line.state in ("proposed", "approved", "sending", "applied"):
            sums[line.effect.unit] = sums.get(line.effect.unit, 0.0) + line.effect.mean
    return tuple(sorted(sums.items()))


def _choices(lines: Sequence[Line], states: Sequence[tuple[str, int]]) -> Choices:
    found = [state for state, _ in states]
    if any(line.held_back for line in lines):
        found.append("held back")
    return Choices(
        tuple(found) if len(found) > 1 else (),
        _several(line.portfolio for line in lines),
        _several(line.source for line in lines),
        _several(line.lever for line in lines),
    )


def _several(words: Iterable[str]) -> tuple[str, ...]:
    found = sorted({word for word in words if word})
    return tuple(found) if len(found) > 1 else ()


def _groups(found: Sequence[Line], query: PlanQuery, page: int) -> tuple[Group, ...]:
    shown = found[(page - 1) * PAGE_LINES : page * PAGE_LINES]
    if not query.group:
        return (Group("", len(found), 0, "", tuple(shown), ""),)
    groups = []
    for name in dict.fromkeys(query.group_of(line) for line in shown):
        whole = [line for line in found if query.group_of(line) == name]
        groups.append(
            Group(
                name.partition(" · ")[2] or name if query.group == "size" else name,
                len(whole),
                sum(line.move_micros or 0 for line in whole),
                whole[0].currency,
                tuple(line for line in shown if query.group_of(line) == name),
                query.link(**{query.group: name, "group": ""}),
            )
        )
    return tuple(groups)


def _said(word: Approval, record: PlanRecord) -> str:
    """``You approved 3 changes; 1 of them waits for another approval. You rejected 1.``"""
    parts = []
    if word.approved:
        still = sum(
            record.changes[id_].state is State.PROPOSED for id_ in word.approved if id_ in record.changes
        )
        some = (
            f"; {still} of them still {'waits' if still == 1 else 'wait'} for another approval"
            if still
            else ""
        )
        parts.append(f"You approved {_changes(len(word.approved))}{some}.")
    if word.rejected:
        parts.append(f"You rejected {_changes(len(word.rejected))}.")
    return " ".join(parts)


def _changes(n: int) -> str:
    return f"{n:,} change" if n == 1 else f"{n:,} changes"


def _next_move(office: Office, record: PlanRecord) -> str:
    if not any(item.state is State.APPROVED for item in record.changes.values()):
        return ""
    if carries_out(office.settings):
        return "gebot carries out what is approved at its next round, and checks it once more right before."
    return f"Carry out what is approved with: gebot apply {record.plan.id}"
