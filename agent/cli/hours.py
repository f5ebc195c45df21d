"""gebot hours: what today has cost so far, hour by hour, against its budget."""

from datetime import timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.table import Table

from agent.cli.options import DEFAULT_CONFIG, ConfigPath, Json
from agent.cli.output import console, print_json, say
from agent.office import open_office
from agent.report.hour_rows import HourRow, hour_rows

_BAR = 20


def hours(
    account: Annotated[
        str | None, typer.Argument(help="Its name in the configuration; all when left out.")
    ] = None,
    config: ConfigPath = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    office = open_office(config, account)
    found: list[HourRow] = []
    for settings, parts in office.parts(write=False):
        facts, now = parts.reader.account(), parts.clock.now()
        today = now.astimezone(ZoneInfo(facts.time_zone)).date()
        told = parts.reader.hours(today - timedelta(days=1), today)
        if not len(told):
            say(f"{settings.name}: {settings.platform} tells no hourly figures")
            continue
        rows = hour_rows(settings.name, told, parts.reader.entities(), now)
        found += rows
        if not json:
            console().print(_table(f"{settings.name}, {today} ({facts.currency}, {facts.time_zone})", rows))
    if json:
        print_json(found)


def _table(title: str, rows: list[HourRow]) -> Table:
    table = Table("hour", box=None, title=title, title_justify="left")
    for heading in (
        "cost",
        "clicks",
        "conversions",
        "value",
        "spent",
        "yesterday by then",
        "of daily budgets",
    ):
        table.add_column(heading, justify="right")
    table.add_column("", no_wrap=True, overflow="crop")
    for row in rows:
        share = row["of_budget"]
        table.add_row(
            row["hour"][-5:],
            f"{row['cost']:,.2f}",
            f"{row['clicks']:,}",
            "" if row["conversions"] is None else f"{row['conversions']:,.1f}",
            f"{row['value']:,.2f}",
            f"{row['spent']:,.2f}",
            f"{row['spent_yesterday']:,.2f}",
            "" if share is None else f"{share:.0%}",
            "" if share is None else "▇" * round(_BAR * min(share, 1.0)),
        )
    return table
