"""Undo: what gebot did, as wishes to take it back; and what is left alone, with the reason."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from agent.domain.lever import Lever, Value
from agent.domain.outcome import Edit, State
from agent.domain.plan import Change
from agent.domain.proposal import Proposal, Purpose
from agent.domain.record import ChangeRecord, PlanRecord
from agent.domain.ref import Ref
from agent.domain.snapshot import Snapshot
from agent.domain.story import AppliedChange

UNDO = "undo"
RESTORE = "restore"

_IN_DOUBT = (State.SENDING, State.UNKNOWN, State.NEEDS_REVIEW)


@dataclass(frozen=True, slots=True)
class Left:
    """A change that is not taken back.

    Attributes:
        change: The one that it is about, as it was applied.
        there: It stands already where it would go back to: nobody is in the way.
    """

    change: Change
    because: str
    there: bool = False


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What a person asked to take back.

    Attributes:
        wishes: Back to where each lever stood.
        since: When the change that each wish takes back was sent (UTC), in the same order.
    """

    wishes: tuple[Proposal, ...]
    since: tuple[datetime, ...]
    left: tuple[Left, ...]


def undo(
    record: PlanRecord,
    chosen: Collection[str] | None,
    history: Sequence[AppliedChange],
    snapshot: Snapshot,
    edits: Sequence[Edit],
) -> TakenBack:
    """Take back changes of a plan, each where the lever stands as the plan left it. Pure.

    Args:
        chosen: Ids of changes; None: all that were applied.
        history: What was found applied since the plan was drawn up, oldest first.
        snapshot: Where levers stand now.
        edits: Who changed what since, as far as the platform tells; oldest first.
    """
    wishes, since, left = [], [], []
    for id_, item in record.changes.items():
        if chosen is not None and id_ not in chosen:
            continue
        if item.state is not State.APPLIED:
            if chosen is not None or item.state in _IN_DOUBT:
                left.append(Left(item.change, _not_applied(item)))
            continue
        mine = [one for one in history if _same(one.change, item.change)]
        place = next((n for n, one in enumerate(mine) if one.plan_id == record.plan.id), -1)
        found = _undone(item.change, mine[place + 1 :], snapshot, edits)
        if found is not None:
            left.append(found)
            continue
        because = f"takes back plan {record.plan.id}, which set {item.change.after} on {_on(item.since)}"
        wishes.append(_wish(item.change, item.change.before, because, UNDO))
        since.append(item.sent_at or item.since)
    return TakenBack(tuple(wishes), tuple(since), tuple(left))


def restore(
    then: Snapshot,
    history: Sequence[AppliedChange],
    snapshot: Snapshot,
    edits: Sequence[Edit],
    *,
    levers: Collection[Lever] | None = None,
) -> TakenBack:
    """Put every lever that gebot has moved since back to where it stood then. Pure.

    Args:
        then: What was known at that moment.
        history: What was found applied since, oldest first.
        snapshot, edits: As `undo` takes them.
        levers: These alone; None: all.
    """
    chains: dict[tuple[Ref, Lever], list[AppliedChange]] = {}
    for one in history:
        if levers is None or one.change.lever in levers:
            chains.setdefault((one.change.ref, one.change.lever), []).append(one)
    wishes, since, left = [], [], []
    for (ref, lever), found in sorted(chains.items()):
        target = then.value(ref, lever)
        chain = _since(found, then.as_of, target)
        if not chain:
            continue
        last = chain[-1].change
        objection = _unrestored(chain, target, snapshot, edits)
        if objection is not None:
            left.append(objection)
            continue
        assert target is not None, "objected to otherwise"
        times = "once" if len(chain) == 1 else f"{len(chain)} times"
        because = (
            f"back to where it stood on {_on(then.as_of)}: gebot has moved it {times} since, "
            f"last in plan {chain[-1].plan_id}"
        )
        wishes.append(_wish(last, target, because, RESTORE))
        since.append(chain[0].sent_at)
    return TakenBack(tuple(wishes), tuple(since), tuple(left))


def _undone(
    change: Change, later: Sequence[AppliedChange], snapshot: Snapshot, edits: Sequence[Edit]
) -> Left | None:
    """Why the change cannot be taken back; None when it can."""
    stands = snapshot.value(change.ref, change.lever)
    if stands == change.after:
        return None
    if stands == change.before:
        return Left(change, f"stands at {stands} already", there=True)
    if later and stands == later[-1].change.after:
        last = later[-1]
        more = f" (and {len(later) - 1} more before it)" if len(later) > 1 else ""
        return Left(
            change,
            f"gebot has moved it since, to {stands} in plan {last.plan_id} on {_on(last.at)}{more}: undo the "
            f"later first (gebot undo {last.plan_id}), or go back to before all of them (gebot restore)",
        )
    return _moved(change, stands, snapshot, edits)


def _unrestored(
    chain: Sequence[AppliedChange], target: Value | None, snapshot: Snapshot, edits: Sequence[Edit]
) -> Left | None:
    """Why the lever cannot be put back; None when it can."""
    last = chain[-1].change
    stands = snapshot.value(last.ref, last.lever)
    if target is None:
        return Left(last, "was not known at that time: it has come since")
    if stands == target:
        return Left(last, f"stands at {stands} already", there=True)
    if stands != last.after:
        return _moved(last, stands, snapshot, edits)
    ends = [target, *(one.change.after for one in chain)]
    for stood, one in zip(ends, chain, strict=False):
        if one.change.before != stood:
            return Left(
                last,
                f"somebody had set {one.change.before} before plan {one.plan_id} set {one.change.after} on "
                f"{_on(one.at)}: `gebot undo` goes back to that, plan by plan",
            )
    return None


def _moved(change: Change, stands: Value | None, snapshot: Snapshot, edits: Sequence[Edit]) -> Left:
    """Somebody else has the last word on this lever."""
    if stands is None:
        return Left(change, "is gone, or has no such lever any more")
    told = [edit for edit in edits if (edit.ref, edit.lever) == (change.ref, change.lever) and not edit.ours]
    if told and told[-1].after in (stands, None):
        return Left(change, f"stands at {stands}: set by {told[-1].by} on {_on(told[-1].at)}")
    return Left(change, f"stands at {stands}: set by somebody else{_seen(change, snapshot)}")


def _seen(change: Change, snapshot: Snapshot) -> str:
    """When the ledger saw it move; "" where it does not know."""
    row, memory = snapshot.entities.row(change.ref), snapshot.memory.get(change.lever)
    if row is None or memory is None or np.isnat(memory.changed_at[row]):
        return ""
    return f", seen on {memory.changed_at[row].item():%Y-%m-%d %H:%M} UTC"


def _since(chain: Sequence[AppliedChange], moment: datetime, target: Value | None) -> Sequence[AppliedChange]:
    """Without a first change that was sent before the moment and stood then."""
    first = chain[0]
    return chain[1:] if first.sent_at < moment and first.change.after == target else chain


def _wish(change: Change, target: Value, because: str, source: str) -> Proposal:
    return Proposal(change.ref, change.lever, target, because, source, purpose=Purpose.UNDO)


def _same(one: Change, other: Change) -> bool:
    return (one.ref, one.lever) == (other.ref, other.lever)


def _not_applied(item: ChangeRecord) -> str:
    if item.state in _IN_DOUBT:
        why = f" ({item.because})" if item.because else ""
        return f"is {item.state}{why}: nobody knows yet whether it was applied"
    return f"is {item.state}: it was never applied"


def _on(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
