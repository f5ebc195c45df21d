"""gebot status: how the agent is; exit status 0 when it is well, 1 when a person should look."""

from collections.abc import Sequence

import typer
from rich.markup import escape
from rich.table import Table

from agent.cli.options import DEFAULT_CONFIG, AccountName, ConfigPath, Json
from agent.cli.output import console, print_json, say
from agent.daemon.standing import AccountStatus, standing_of, who_leads
from agent.office import open_office


def status(config: ConfigPath = DEFAULT_CONFIG, account: AccountName = None, json: Json = False) -> None:
    office = open_office(config, account, create=False)
    lead = who_leads(office)
    found = standing_of(office, lead)
    if json:
        print_json(found)
    else:
        _print(found)
        for line in lead.lines():
            say(line)
    raise typer.Exit(0 if all(item["healthy"] for item in found) else 1)


def _print(found: Sequence[AccountStatus]) -> None:
    table = Table(
        *("account", "health", "observed (UTC)", "decided (UTC)", "next plan (UTC)"),
        *("open", "waiting", "unknown"),
        box=None,
    )
    for item in found:
        table.add_row(
            escape(item["name"]),
            "[green]well" if item["healthy"] else "[bold red]look here",
            *(
                (item[key] or "never")[:16].replace("T", " ")
                for key in ("last_observed", "last_decided", "next_decision")
            ),
            *(str(item[key]) for key in ("open_plans", "waiting_changes", "unknown_changes")),
        )
    console().print(table)
    for item in found:
        for problem in item["problems"]:
            say(f"{item['name']}: {problem}")
        for notice in item["notices"]:
            say(f"{item['name']}: {notice}")
        if item["waiting_changes"]:
            say(f"{item['name']}: {item['waiting_changes']} changes wait for you; see `gebot review`")
