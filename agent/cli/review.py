"""gebot review: what waits for a person; read it, approve it, reject it."""

from collections import Counter
from collections.abc import Sequence, Set
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from agent import approving
from agent.cli.options import DEFAULT_CONFIG, ME, AccountName, By, ConfigPath, Json
from agent.cli.output import console, print_json, say
from agent.cli.said import asked_about, decided_on, next_move
from agent.domain.errors import Mistake
from agent.domain.outcome import State
from agent.domain.record import PlanRecord
from agent.domain.ref import AccountId
from agent.office import Office, open_office
from agent.report.asked_lines import asked_lines
from agent.report.plan_table import evidence_table, plan_table
from agent.report.rows import DecisionRow, decision_rows, names_of

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
    if plan is None and (approve or reject or why):
        raise Mistake("gebot review", "was told no plan", "gebot review PLAN; without one it lists them")
    office = open_office(config, account, create=False)
    if plan is None:
        _list(office, None if account is None else office.account_ids(), closed=all_, json=json)
        return
    record = office.plan(plan)
    rows = _rows(office, record)
    asked = rows if why is None else asked_about(rows, why)
    if approve or reject:
        record = decide(office, record, rows, approve or "", reject or "", by=by, comment=comment)
        rows = _rows(office, record)
        asked = rows if why is None else asked_about(rows, why)
    if json:
        print_json(asked)
        return
    if why is not None:
        for row in asked:
            console().print(evidence_table(row), "")
        return
    console().print(plan_table(record, rows, full=all_))
    for approval in record.approvals:
        say(
            f"{approval.by} on {approval.at:%Y-%m-%d %H:%M} UTC: {len(approval.approved)} approved, "
            f"{len(approval.rejected)} rejected" + (f": {approval.comment}" if approval.comment else "")
        )
    if approving.board_of(office).named:
        for line in asked_lines(approving.asked_now(office, record).values(), office.clock.now()):
            say(line)
    say(next_move(office, record, rows))


def _list(office: Office, wanted: Set[AccountId] | None, *, closed: bool, json: bool) -> None:
    """Plans of the accounts that are wanted; None: of all that the ledger knows."""
    listed = [
        record
        for record in office.memory.plans(only_open=not closed)
        if (closed or record.changes) and (wanted is None or record.plan.account in wanted)
    ]
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
            "waits_for": sorted(
                {name for one in approving.asked_now(office, record).values() for name in one.asked}
            ),
            "fingerprint": record.plan.fingerprint,
        }
        for record in listed
    ]
    if json:
        print_json(records)
        return
    if not records:
        say("nothing waits for you")
        return
    table = Table(box=None)
    for heading in ("plan", "account", "drawn up (UTC)", "expires (UTC)", "changes"):
        table.add_column(heading, no_wrap="(UTC)" in heading, overflow="fold")
    for record, item in zip(listed, records, strict=True):
        table.add_row(
            f"[bold cyan]{item['plan']}",
            escape(str(item["account"])),
            *(str(item[key])[:16].replace("T", " ") for key in ("drawn_up_at", "expires_at")),
            _counted(record),
        )
    console().print(table)
    say(f"read one with: gebot review {records[0]['plan']}")


def _counted(record: PlanRecord) -> str:
    """How many changes stand where: "9 proposed, 2 applied"."""
    counts = Counter(item.state.value for item in record.changes.values())
    return ", ".join(f"{counts[state]} {state}" for state in State if counts[state]) or "none"


def _rows(office: Office, record: PlanRecord) -> list[DecisionRow]:
    table = office.memory.entities(record.plan.account, record.plan.drawn_up_at)
    return decision_rows(record, names_of(table))


def decide(
    office: Office,
    record: PlanRecord,
    rows: Sequence[DecisionRow],
    approve: str,
    reject: str,
    *,
    by: str,
    comment: str,
) -> PlanRecord:
    """Record a person's word, or nothing if anything speaks against it.

    Args:
        approve, reject: Changes by number or id, separated by commas, or "all": to approve, those
            that this person's word brings nearer, if there are any.
    """
    yes = frozenset(row["change"] or "" for row in decided_on(rows, approve))
    if approve.strip() == "all":
        yes = approving.decidable(office, record, by) or yes
    no = frozenset(row["change"] or "" for row in decided_on(rows, reject))
    return approving.decide(office, record.plan.fingerprint, approve=yes, reject=no, by=by, comment=comment)
