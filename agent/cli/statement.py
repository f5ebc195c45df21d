"""gebot statement: approved = sent = the platform's history, held against each other for a day."""

from datetime import date, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from agent.cli.days import day_option
from agent.cli.options import DEFAULT_CONFIG, AccountName, ConfigPath, Json
from agent.cli.output import print_json, say
from agent.domain.statement import Statement
from agent.office import open_office
from agent.steps.statement import Span
from agent.steps.statement import statement as drawn_up


def statement(
    day: Annotated[
        date | None,
        day_option("--day", "In the account's time zone; none: yesterday."),
    ] = None,
    account: AccountName = None,
    config: ConfigPath = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    office = open_office(config, account, create=False)
    found: list[Statement] = []
    for _, parts in office.parts(write=False):
        zone = parts.reader.account().time_zone
        today = parts.clock.now().astimezone(ZoneInfo(zone)).date()
        span = Span.of_day(today - timedelta(days=1) if day is None else day, zone)
        found.append(
            drawn_up(
                parts.reader,
                parts.ledger,
                parts.account,
                span,
                seal=parts.seal,
                knows_itself=parts.knows_itself,
            )
        )
    if json:
        print_json([_record(one) for one in found])
    for one in [] if json else found:
        say(f"{one}: {'they agree' if one.agrees else 'THEY DIFFER'}")
        for line in (*one.differences, *one.remarks):
            say(f"  {line}")
    if not all(one.agrees for one in found):
        raise typer.Exit(1)


def _record(one: Statement) -> dict[str, str | int | bool | list[str]]:
    return {
        "account": str(one.account),
        "day": str(one.day),
        "approved": one.approved,
        "sent": one.sent,
        "found": one.found,
        "agrees": one.agrees,
        "differences": list(one.differences),
        "remarks": list(one.remarks),
    }
