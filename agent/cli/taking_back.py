"""Taking back: what `gebot undo` and `gebot restore` share once it is clear what goes back to where."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict

from agent import by_hand, cycle
from agent.cli.output import console, say
from agent.cli.review import decide
from agent.cli.said import next_move
from agent.domain.board import listed
from agent.domain.errors import Mistake, PlatformError
from agent.domain.outcome import Edit, State
from agent.domain.plan import Plan
from agent.domain.record import PlanRecord
from agent.domain.role import Act
from agent.domain.snapshot import Snapshot
from agent.domain.story import AppliedChange
from agent.office import Office
from agent.parts import Parts
from agent.report.plan_table import plan_table
from agent.report.rows import DecisionRow, decision_rows, names_of
from agent.steps.undo import Left, TakenBack


class LeftRow(TypedDict):
    """A change that is not taken back."""

    change: str
    entity: str
    name: str
    lever: str
    state: str
    state_because: str


@dataclass(frozen=True, slots=True)
class Told:
    """What came of the asking.

    Attributes:
        whole: Whether everything that was asked for can be taken back.
        rows: Decisions of the plan, and what is left alone, as plain records.
    """

    whole: bool
    rows: list[DecisionRow | LeftRow]


def observed(parts: Parts) -> Snapshot:
    """What stands right now, just read."""
    cycle.look(parts)
    snapshot = cycle.known(parts)
    assert snapshot is not None, "observed just now"
    return snapshot


def edits_since(parts: Parts, history: Sequence[AppliedChange]) -> Sequence[Edit]:
    """Who changed what since the first of these; nothing where the platform does not tell so far back."""
    if not history:
        return []
    try:
        return parts.reader.history(min(one.sent_at for one in history))
    except PlatformError:
        return []


def taken_back(
    office: Office,
    parts: Parts,
    snapshot: Snapshot,
    found: TakenBack,
    *,
    headline: str,
    approve: bool,
    by: str,
    json: bool,
) -> Told:
    """Draw up the plan, put it into the ledger, and print it. Nothing is sent from here.

    Args:
        headline: What it is, for the plan's first note.
        approve: Let it through at once, in the name of `by`.
        json: Print nothing; the caller does.
    """
    names = names_of(snapshot.entities)
    left = [one for one in found.left if not one.there]
    notes = [f"{headline}, asked for by {by}", *_spent(parts, snapshot, found)]
    notes += [f"left alone: {_name(one, names)}: {one.because}" for one in left]
    drawn_up = by_hand.drawn_up(parts, snapshot, found.wishes, notes, by=by)
    _check_new(office, drawn_up)
    board = office.settings.approval.board
    if approve and drawn_up.changes and board.bars_author(by, drawn_up):
        others = listed(board.who_may(Act.DECIDE) - {by})
        raise Mistake("--approve", f"{by} draws it up and cannot approve it", f"{others} can; leave it out")
    if drawn_up.changes:
        cycle.keep(parts, drawn_up)
    record = PlanRecord.fresh(drawn_up)
    rows = decision_rows(record, names)
    if approve and drawn_up.changes:
        record = decide(office, record, rows, "all", "", by=by, comment=headline)
        rows = decision_rows(record, names)
    if not json:
        _print(office, record, rows, found)
    whole = not left and all(row["after"] == row["wished"] for row in rows)
    return Told(whole, [*rows, *_left_rows(found.left, names)])


def _print(office: Office, record: PlanRecord, rows: Sequence[DecisionRow], found: TakenBack) -> None:
    console().print(plan_table(record, rows, full=True))
    there = sum(one.there for one in found.left)
    if there:
        say(f"{there} {'stands' if there == 1 else 'stand'} there already")
    say(next_move(office, record, rows) if record.changes else "there is nothing to take back")


def _spent(parts: Parts, snapshot: Snapshot, found: TakenBack) -> list[str]:
    """What cannot be taken back: the money."""
    since = {
        wish.ref: moment
        for wish, moment in sorted(
            zip(found.wishes, found.since, strict=True), key=lambda pair: pair[1], reverse=True
        )
    }
    if not since:
        return []
    try:
        spent = by_hand.spent_since(parts, snapshot, since)
    except PlatformError as error:
        return [f"what was spent stays spent; how much it is cannot be read now: {error}"]
    entities = "1 entity has" if len(since) == 1 else f"{len(since)} entities have"
    first = f"{min(since.values()):%Y-%m-%d}"
    return [f"what was spent stays spent: {entities} cost {spent} since {first}, that day included"]


def _check_new(office: Office, drawn_up: Plan) -> None:
    """Refuse to propose a second time what waits already."""
    wanted = {change.id for change in drawn_up.changes}
    for record in office.memory.plans(drawn_up.account, only_open=True):
        waiting = {
            id_ for id_, item in record.changes.items() if item.state in (State.PROPOSED, State.APPROVED)
        }
        if record.plan.takes_back and wanted & waiting and record.plan.expires_at > drawn_up.drawn_up_at:
            raise Mistake(
                "what is to be taken back", "waits in a plan already", f"gebot review {record.plan.id}"
            )


def _left_rows(left: Sequence[Left], names: dict[str, str]) -> list[LeftRow]:
    return [
        LeftRow(
            change=one.change.id,
            entity=str(one.change.ref),
            name=names.get(str(one.change.ref), str(one.change.ref)),
            lever=one.change.lever.value,
            state="stands" if one.there else "left alone",
            state_because=one.because,
        )
        for one in left
    ]


def _name(left: Left, names: dict[str, str]) -> str:
    entity = str(left.change.ref)
    return f"{names.get(entity, entity)}, {left.change.lever}"
