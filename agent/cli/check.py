"""gebot check: everything that could be wrong before the agent runs, all at once."""

from typing import TypedDict

import typer
from rich.markup import escape
from rich.table import Table

from agent.cli.main import EXIT_MISTAKE
from agent.cli.office import keep_log
from agent.cli.options import DEFAULT_CONFIG, ConfigPath, Json
from agent.cli.output import console, print_json, say
from agent.config.absent import absent_limits
from agent.config.load import load
from agent.config.settings import Settings
from agent.domain.errors import Mistake, Mistakes
from agent.wiring.check import Finding, findings


class CheckRow(TypedDict):
    """One thing that was checked: `ok`, `fault` or `warning`."""

    where: str
    verdict: str
    found: str


def check(config: ConfigPath = DEFAULT_CONFIG, json: Json = False) -> None:
    unset: list[CheckRow] = []
    try:
        settings = load(config)
        keep_log(settings)
    except Mistakes as mistakes:
        found = [_fault(one) for one in mistakes.each()]
    except Mistake as mistake:
        found = [_fault(mistake)]
    else:
        found = findings(settings)
        unset = _unset(settings)
    rows = [CheckRow(where=one.where, verdict="ok" if one.ok else "fault", found=one.found) for one in found]
    rows += unset
    if json:
        print_json(rows)
    else:
        table = Table("", "where", "found", box=None)
        style = {"ok": "[green]ok", "fault": "[bold red]fault", "warning": "[yellow]warning"}
        for row in rows:
            table.add_row(style[row["verdict"]], escape(row["where"]), escape(row["found"]))
        console().print(table)
    faults = sum(row["verdict"] == "fault" for row in rows)
    if faults:
        say(f"gebot: {faults} fault{'s' if faults > 1 else ''} in {config}")
        raise typer.Exit(EXIT_MISTAKE)


def _unset(settings: Settings) -> list[CheckRow]:
    """Limits that deny because they were left out, and pots that nobody has fixed."""
    denies = "is not set: whatever needs it is denied"
    shrinks = "is not set: it is what the budgets sum to, which in time only falls"
    return [
        *(CheckRow(where=name, verdict="warning", found=denies) for name in absent_limits(settings)),
        *(
            CheckRow(where=f"portfolio {one.name!r}.daily_pot", verdict="warning", found=shrinks)
            for one in settings.portfolios
            if one.daily_pot is None
        ),
    ]


def _fault(mistake: Mistake) -> Finding:
    found = f"{mistake.found}; {mistake.expected}" if mistake.expected else mistake.found
    return Finding(mistake.where, ok=False, found=found)
