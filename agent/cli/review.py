"""gebot review: what waits for a person; read it, approve it, reject it."""

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.table import Table

from agent.cli.office import Office, open_office
from agent.cli.options import DEFAULT_CONFIG, ME, AccountName, By, ConfigPath, Json
from agent.cli.output import console, print_json, say
from agent.domain.approval import Approval
from agent.domain.errors import Mistake, Mistakes
from agent.domain.outcome import State
from agent.domain.record import PlanRecord
from agent.report.plan_table import evidence_table, plan_table
from agent.report.rows import DecisionRow, decision_rows, names_of
from agent.steps.approve import approve as approve_step
from agent.wiring.parts import carries_out

_CHANGES = "Changes by number or id, separated by commas, or 'all'."


def review(
    plan: Annotated[
        str | None, typer.Argument(help="First characters of a plan's id; none: list them.")
    ] = None,
    approve: Annotated[str | None, typer.Option(help=_CHANGES)] = None,
    reject: Annotated[str | None, typer.Option(help=_CHANGES)] = None,
    comment: Annotated[str, typer.Option(help="Why, for the record.")] = "",
    by: By = ME,
    why: Annotated[str | None, typer.Option(help="Show everything behind these changes.")] = None,
    all_: Annotated[
        bool, typer.Option("--all", help="Also closed plans, and wishes without a change.")
    ] = False,
    account: AccountName = None,
    config: ConfigPath = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    office = open_office(config, account, create=False)
    if plan is None:
        _list(office, closed=all_, json=json)
        return
    record = office.plan(plan)
    rows = _rows(office, record)
    if approve or reject:
        record = _decide(office, record, rows, approve or "", reject or "", by=by, comment=comment)
        rows = _rows(office, record)
    if json:
        print_json(rows)
        return
    if why is not None:
        for row in _chosen(rows, why, record):
            console().print(evidence_table(row), "")
        return
    console().print(plan_table(record, rows, full=all_))
    for approval in record.approvals:
        say(
            f"{approval.by} on {approval.at:%Y-%m-%d %H:%M} UTC: {len(approval.approved)} approved, "
            f"{len(approval.rejected)} rejected" + (f": {approval.comment}" if approval.comment else "")
        )
    say(_next_move(office, record))


def _list(office: Office, *, closed: bool, json: bool) -> None:
    records = [
        {
            "plan": record.plan.id,
            "account": str(record.plan.account),
            "drawn_up_at": record.plan.drawn_up_at.isoformat(),
            "expires_at": record.plan.expires_at.isoformat(),
            "changes": len(record.changes),
            **{
                state.value: sum(item.state is state for item in record.changes.values())
                for state in (State.PROPOSED, State.APPROVED, State.APPLIED, State.UNKNOWN)
            },
            "fingerprint": record.plan.fingerprint,
        }
        for record in office.memory.plans(only_open=not closed)
        if closed or record.changes
    ]
    if json:
        print_json(records)
        return
    if not records:
        say("nothing waits for you")
        return
    table = Table(
        "plan", "account", "drawn up", "expires", "changes", "proposed", "approved", "applied", box=None
    )
    for item in records:
        table.add_row(
            f"[bold cyan]{item['plan']}",
            str(item["account"]),
            str(item["drawn_up_at"])[:16],
            str(item["expires_at"])[:16],
            *(str(item[key]) for key in ("changes", "proposed", "approved", "applied")),
        )
    console().print(table)
    say(f"read one with: gebot review {records[0]['plan']}")


def _rows(office: Office, record: PlanRecord) -> list[DecisionRow]:
    table = office.memory.entities(record.plan.account, record.plan.drawn_up_at)
    return decision_rows(record, names_of(table))


def _decide(
    office: Office,
    record: PlanRecord,
    rows: Sequence[DecisionRow],
    approve: str,
    reject: str,
    *,
    by: str,
    comment: str,
) -> PlanRecord:
    """Record a person's word, or nothing if anything speaks against it."""
    approval = Approval(
        record.plan.id,
        record.plan.fingerprint,
        frozenset(row["change"] or "" for row in _chosen(rows, approve, record)),
        frozenset(row["change"] or "" for row in _chosen(rows, reject, record)),
        by,
        office.clock.now(),
        comment,
    )
    steps = approve_step(
        record, approval, approvers=office.settings.approval.approvers, now=office.clock.now()
    )
    office.memory.record_approval(approval, steps)
    return office.plan(record.plan.fingerprint)


def _chosen(rows: Sequence[DecisionRow], text: str, record: PlanRecord) -> list[DecisionRow]:
    """The rows that a person named by number or change id; 'all' means all that still wait.

    Raises:
        Mistakes: Every name that fits no change.
    """
    if text.strip() == "all":
        waiting = {id_ for id_, item in record.changes.items() if item.state is State.PROPOSED}
        return [row for row in rows if row["change"] in waiting]
    by_name = {str(row["number"]): row for row in rows} | {
        row["change"]: row for row in rows if row["change"] is not None
    }
    names = [name.strip().lstrip("#") for name in text.split(",") if name.strip()]
    faults = [
        Mistake(f"change {name}", "is not in this plan", "a number or id from the table is right")
        for name in names
        if name not in by_name or by_name[name]["change"] is None
    ]
    if faults:
        raise Mistakes("nothing was decided", faults)
    return [by_name[name] for name in names]


def _next_move(office: Office, record: PlanRecord) -> str:
    plan = record.plan.id
    states = [item.state for item in record.changes.values()]
    if State.APPROVED in states and not carries_out(office.settings):
        return f"carry out what is approved with: gebot apply {plan}"
    if State.APPROVED in states:
        return "the agent carries out what is approved at its next tick"
    if State.PROPOSED in states:
        return (
            f"approve with: gebot review {plan} --approve all   (or --approve 1,3 --reject 2 --comment '...')"
        )
    return "nothing waits here"
