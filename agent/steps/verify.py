"""Verify: read back what was sent, and settle what nobody could tell. By reading only."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from agent.domain.entity import EntityTable
from agent.domain.lever import Lever, Value, number_of
from agent.domain.outcome import Edit, State, Step
from agent.domain.plan import Change
from agent.domain.record import ChangeRecord, PlanRecord
from agent.domain.ref import Ref
from agent.ports.platform import Reader

CLOCKS_DIFFER_BY = timedelta(minutes=2)
"""How far the platform's clock is believed to be from ours, at most."""


PROMPT = timedelta(minutes=1)
"""How long after its word a change that reads as asked was surely set by it."""


def read_back(reader: Reader, record: PlanRecord, now: datetime, pace: float = 1.0) -> list[Step]:
    """What became of the changes that were accepted just now (still SENDING).

    Of what was sent longer ago than `PROMPT`, a value does not tell who set it.

    Args:
        pace: How many times faster than this machine works the clock runs, at least 1.

    Raises:
        PlatformError: They could not be read; they stay SENDING and are settled later.
    """
    sent = [change for change in record.changes.values() if change.state is State.SENDING]
    if not sent:
        return []
    standing = reader.read([(item.change.ref, item.change.lever) for item in sent])
    steps = []
    for item in sent:
        stands = standing.get((item.change.ref, item.change.lever))
        if stands == item.change.after and now - item.since > PROMPT * pace:
            because = f"accepted, but {stands} was read too late to tell who set it"
            steps.append(Step(record.plan.id, item.change.id, State.UNKNOWN, because))
        elif stands == item.change.after:
            steps.append(Step(record.plan.id, item.change.id, State.APPLIED, f"read back as {stands}"))
        else:
            because = f"accepted, but reads {'nothing' if stands is None else stands}"
            steps.append(Step(record.plan.id, item.change.id, State.UNKNOWN, because))
    return steps


def adrift(record: PlanRecord) -> list[Step]:
    """Changes left in SENDING by a process that died or lost the platform: nobody can tell."""
    return [
        Step(record.plan.id, item.change.id, State.UNKNOWN, "the sender stopped before it knew")
        for item in record.changes.values()
        if item.state is State.SENDING
    ]


def settle_unknown(
    reader: Reader,
    records: Iterable[PlanRecord],
    now: datetime,
    *,
    grace: timedelta,
    known: EntityTable | None,
) -> list[Step]:
    """Settle what nobody could tell for longer than `grace`, by who set what, else by value.

    A value that no history tells of settles it once it has stood for `grace`: what somebody else
    has set would be in the history by then.

    It settles what is UNKNOWN, and what is still SENDING: its sender could not read it back or
    record it. The grace must be longer than a send, and longer than the platform takes to
    process a request and to show it in its history, or a late write would be taken for none.

    Args:
        known: The account as it was known one `grace` ago; None when nobody had looked.

    Raises:
        PlatformError: The platform could not be read; everything stays as it is.
    """
    waiting = [
        (record, item)
        for record in records
        for item in record.changes.values()
        if item.state in (State.SENDING, State.UNKNOWN) and now - item.since >= grace
    ]
    if not waiting:
        return []
    levers = [(item.change.ref, item.change.lever) for _, item in waiting]
    standing = reader.read(levers)
    edits = reader.history(min(_earliest(record, item) for record, item in waiting))
    return [
        step
        for record, item in waiting
        if (step := _settled(record, item, standing, edits, known)) is not None
    ]


def _earliest(record: PlanRecord, item: ChangeRecord) -> datetime:
    """From when on an edit may be this change: since it was sent, by a clock that may differ."""
    return record.plan.drawn_up_at if item.sent_at is None else item.sent_at - CLOCKS_DIFFER_BY


def _settled(
    record: PlanRecord,
    item: ChangeRecord,
    standing: Mapping[tuple[Ref, Lever], Value],
    edits: Sequence[Edit],
    known: EntityTable | None,
) -> Step | None:
    """What became of it; None when that cannot be told yet."""
    change = item.change
    stands = standing.get((change.ref, change.lever))
    equal = [
        edit
        for edit in edits
        if (edit.ref, edit.lever, edit.after) == (change.ref, change.lever, change.after)
        and edit.at >= _earliest(record, item)
    ]
    own = [edit for edit in equal if edit.ours]

    landed = _landed_on(change, own[-1]) if own else ""
    if own and stands == change.after:
        at = f"{own[-1].at:%Y-%m-%d %H:%M}"
        state, because = State.APPLIED, f"the platform's history shows it at {at} UTC{landed}"
    elif own and item.sent_at is not None and own[-1].at < item.sent_at:
        # By clocks that differ a little it may be this change, or an equal one that was sent just before.
        state = State.NEEDS_REVIEW
        because = f"the history shows it at {own[-1].at:%H:%M:%S} UTC, before it was sent; it reads {stands}"
    elif own:
        state, because = State.APPLIED, f"the history shows it{landed}; somebody has set {stands} since"
    elif stands == change.before:
        state, because = State.NOT_APPLIED, "the platform's history does not show it"
    elif stands == change.after and equal:
        state = State.NOT_APPLIED
        because = f"{equal[-1].by} set it on {equal[-1].at:%Y-%m-%d %H:%M} UTC"
    elif stands == change.after:
        if not _stood(change, known):
            return None
        state, because = State.APPLIED, f"reads {stands}"
    else:
        found = "gone" if stands is None else f"at {stands}"
        state = State.NEEDS_REVIEW
        because = f"the lever is {found}, neither where it was nor where it was to go"
    return Step(record.plan.id, change.id, state, because)


def _stood(change: Change, known: EntityTable | None) -> bool:
    """Whether the lever was seen where it was to go; marked hours are no entities, their value must do."""
    if change.lever.is_of_hours:
        return True
    return known is not None and known.number(change.ref, change.lever) == number_of(change.after)


def _landed_on(change: Change, own: Edit) -> str:
    """Words for a late write that came to stand on what somebody had set in the meantime."""
    if own.before is None or own.before == change.before:
        return ""
    return f", late: it landed on {own.before}, which somebody had set after it was sent"
