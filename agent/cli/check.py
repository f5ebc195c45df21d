"""gebot check: everything that could be wrong before the agent runs, all at once."""

from typing import TypedDict

import typer
from rich.markup import escape
from rich.table import Table

from agent.cli.main import EXIT_MISTAKE
from agent.cli.options import DEFAULT_CONFIG, ConfigPath, Json
from agent.cli.output import console, print_json, say
from agent.config.absent import absent_limits
from agent.config.credentials import resolve
from agent.config.load import load
from agent.config.settings import Settings
from agent.domain.errors import Mistake, Mistakes
from agent.office import keep_log
from agent.report.rows import plain
from agent.wiring import plugins
from agent.wiring.check import findings
from agent.wiring.finding import Finding, Grade, of_mistake


class CheckRow(TypedDict):
    """One thing that was checked: `ok`, `fault` or `warning`; `to_do` says who must act and how."""

    where: str
    verdict: str
    found: str
    to_do: str


def check(config: ConfigPath = DEFAULT_CONFIG, json: Json = False) -> None:
    unset: list[Finding] = []
    try:
        settings = load(config)
        keep_log(settings)
    except Mistakes as mistakes:
        found = [of_mistake(one) for one in mistakes.each()]
    except Mistake as mistake:
        found = [of_mistake(mistake)]
    else:
        found = [*findings(settings), *_channels(settings)]
        unset = _unset(settings)
    rows = [
        CheckRow(where=one.where, verdict=one.grade, found=one.found, to_do=one.to_do)
        for one in [*found, *unset]
    ]
    if json:
        print_json(rows)
    else:
        table = Table("", "where", "found", box=None)
        style = {"ok": "[green]ok", "fault": "[bold red]fault", "warning": "[yellow]warning"}
        for row in rows:
            sentence = f"{row['found']}; {row['to_do']}" if row["to_do"] else row["found"]
            table.add_row(style[row["verdict"]], escape(row["where"]), escape(plain(sentence)))
        console().print(table)
    faults = sum(row["verdict"] == "fault" for row in rows)
    if faults:
        say(f"gebot: {faults} fault{'s' if faults > 1 else ''} in {config}")
        raise typer.Exit(EXIT_MISTAKE)


def _channels(settings: Settings) -> list[Finding]:
    """Whether the address of each channel is one; nothing is sent."""
    found = []
    for channel in settings.notify:
        where = f"{settings.file}: notify {channel.name!r}.url"
        try:
            url = resolve(channel.url, where)
        except Mistake:
            continue  # among the credentials that are missing
        fault = plugins.load("agent.notify.sending:fault_of")(url, where)
        told = "of a service that Apprise knows; `gebot notify test` sends a message"
        found.append(Finding(where, Grade.OK, told) if fault is None else of_mistake(fault))
    for channel in settings.notify:
        if channel.template is not None and not channel.template.is_file():
            found_there = f"{channel.template} is not there, so ours is used"
            where = f"{settings.file}: notify {channel.name!r}.template"
            found.append(Finding(where, Grade.WARNING, found_there))
    return found


def _unset(settings: Settings) -> list[Finding]:
    """Limits that deny because they were left out, and pots that nobody has fixed."""
    denies = "is not set: whatever needs it is denied"
    shrinks = "is not set: it is what the budgets sum to, which in time only falls"
    return [
        *(Finding(name, Grade.WARNING, denies) for name in absent_limits(settings)),
        *(
            Finding(f"portfolio {one.name!r}.daily_pot", Grade.WARNING, shrinks)
            for one in settings.portfolios
            if one.daily_pot is None
        ),
    ]
