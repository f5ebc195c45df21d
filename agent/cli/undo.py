"""gebot undo: take back what a plan did, as a plan to approve like any other."""

from typing import Annotated

import typer

from agent.cli.options import DEFAULT_CONFIG, ME, By, ConfigPath, Json
from agent.cli.output import print_json
from agent.cli.said import changes_named
from agent.cli.taking_back import edits_since, observed, taken_back
from agent.config.may import check_may
from agent.domain.errors import Mistake
from agent.domain.outcome import State
from agent.domain.record import PlanRecord
from agent.domain.role import Act
from agent.office import open_office
from agent.report.rows import decision_rows
from agent.steps.undo import undo as undone

_NEVER = (
    State.PROPOSED,
    State.APPROVED,
    State.REJECTED,
    State.EXPIRED,
    State.CAPPED,
    State.CONFLICT,
    State.NOT_APPLIED,
)


def undo(
    plan: Annotated[str, typer.Argument(help="First characters of the plan's id.")],
    changes: Annotated[
        str | None, typer.Option(help="Of these alone, by number or id, separated by commas.")
    ] = None,
    approve: Annotated[bool, typer.Option("--approve", help="Let it through at once, in your name.")] = False,
    by: By = ME,
    config: ConfigPath = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    office = open_office(config, create=False)
    by = check_may(office.settings, by, Act.DRAW_UP)
    record = office.plan(plan)
    chosen = None if changes is None else _chosen(record, changes)
    if all(item.state in _NEVER for item in record.changes.values()):
        raise Mistake(f"plan {record.plan.id}", "has changed nothing", "there is nothing to take back")
    parts = office.parts_of(record.plan.account)
    snapshot = observed(parts)
    history = parts.ledger.applied(parts.account, record.plan.drawn_up_at)
    found = undone(record, chosen, history, snapshot, edits_since(parts, history))
    told = taken_back(
        office,
        parts,
        snapshot,
        found,
        headline=f"undo of plan {record.plan.id}",
        approve=approve,
        by=by,
        json=json,
    )
    if json:
        print_json(told.rows)
    if not told.whole:
        raise typer.Exit(1)


def _chosen(record: PlanRecord, text: str) -> frozenset[str]:
    """Ids of the changes that a person named, whatever became of them; all of a plan for "all".

    Raises:
        Mistake: Nothing was named. Nothing never means everything.
        Mistakes: Every name that fits no change.
    """
    if text.strip() == "all":
        return frozenset(record.changes)
    rows = changes_named(decision_rows(record, {}), text, "nothing is taken back")
    named = frozenset(row["change"] or "" for row in rows)
    if not named:
        raise Mistake("--changes", f"was {text!r}", "numbers or ids from `gebot review` are right")
    return named
