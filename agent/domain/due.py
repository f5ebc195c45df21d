"""Due: whom a plan that waits must be told to by now, and since when."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from agent.domain.asking import Need, waiting
from agent.domain.board import Board
from agent.domain.record import PlanRecord
from agent.domain.seal import Seal


class DueKind(StrEnum):
    """Why somebody is told of a plan."""

    WAITS = "waits"  # it was drawn up, and waits for them
    REMINDER = "reminder"  # it still does
    ESCALATED = "escalated"  # others did not answer in time: now it waits for them too


@dataclass(frozen=True, slots=True)
class Due:
    """Something that people are to be told once.

    Attributes:
        change_ids: Which changes wait, in the plan's order.
        to: Whom, by name; empty where the board names nobody.
        since: Since when it is due (UTC).
    """

    kind: DueKind
    plan_id: str
    change_ids: tuple[str, ...]
    to: tuple[str, ...]
    since: datetime

    @property
    def key(self) -> str:
        """The same for the same telling, whatever was decided on meanwhile: to tell it once."""
        return f"{self.plan_id} {self.kind} {self.since.isoformat()} {','.join(self.to)}"


def due(record: PlanRecord, board: Board, seal: Seal, now: datetime) -> list[Due]:
    """All that is due by now for what still waits, oldest first; nothing of an expired plan.

    Pure: what was told already is for whoever tells it to remember (see `Due.key`). Who said their
    word on a change is not told of it again.
    """
    plan = record.plan
    if now >= plan.expires_at:
        return []
    found: defaultdict[tuple[datetime, DueKind, tuple[str, ...]], list[str]] = defaultdict(list)
    for id_, asked in waiting(record, board, seal, now).items():
        for need in asked.needs:
            if need.missing:
                for kind, since, to in _of(need, record, board, now):
                    ids = found[since, kind, to]
                    if id_ not in ids[-1:]:
                        ids.append(id_)
    order = sorted(found, key=lambda one: (one[0], list(DueKind).index(one[1]), one[2]))
    return [Due(kind, plan.id, tuple(found[since, kind, to]), to, since) for since, kind, to in order]


def _of(
    need: Need, record: PlanRecord, board: Board, now: datetime
) -> Iterator[tuple[DueKind, datetime, tuple[str, ...]]]:
    """What is due because of one need of one change."""
    begun = record.plan.drawn_up_at
    later = set(need.escalates_to) if need.escalates_at is not None else set[str]()
    first = tuple(name for name in need.asked if name not in later)
    if first or not board.named:
        yield DueKind.WAITS, begun, first
        if board.remind_after is not None and now >= begun + board.remind_after:
            yield DueKind.REMINDER, begun + board.remind_after, first
    if need.escalates_at is not None and now >= need.escalates_at:
        told = tuple(name for name in need.escalates_to if name in need.asked)
        if told:
            yield DueKind.ESCALATED, need.escalates_at, told
