"""gebot plan: one cycle now, printed, nothing applied."""

from typing import Annotated

import typer

from agent import cycle
from agent.cli.options import DEFAULT_CONFIG, AccountName, ConfigPath, Json
from agent.cli.output import console, print_json, say
from agent.domain.record import PlanRecord
from agent.office import open_office
from agent.report.plan_table import plan_table
from agent.report.rows import DecisionRow, decision_rows, names_of


def plan(
    config: ConfigPath = DEFAULT_CONFIG,
    account: AccountName = None,
    json: Json = False,
    all_: Annotated[bool, typer.Option("--all", help="Also wishes that changed nothing.")] = False,
    save: Annotated[
        bool, typer.Option("--save", help="Put the plan forward, so that it can be reviewed.")
    ] = False,
) -> None:
    office = open_office(config, account)
    records: list[DecisionRow] = []
    for _, parts in office.parts(write=False):
        cycle.look(parts)
        drawn_up = cycle.draw_up(parts)
        assert drawn_up is not None, "observed just now"
        record: PlanRecord = (
            cycle.put_forward(parts, drawn_up, epoch=office.memory.epoch(parts.account))
            if save
            else PlanRecord.fresh(drawn_up)
        )
        rows = decision_rows(record, names_of(parts.ledger.entities(parts.account, drawn_up.drawn_up_at)))
        records += rows
        if not json:
            console().print(plan_table(record, rows, full=all_))
            if save and drawn_up.changes:
                say(f"read it with: gebot review {drawn_up.id}")
    if json:
        print_json(records)
