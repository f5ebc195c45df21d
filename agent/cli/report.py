"""gebot report: a day or a month in figures, and what came of what the agent did."""

import sys
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from agent.cli.options import DEFAULT_CONFIG, AccountName, ConfigPath
from agent.cli.output import say
from agent.config.accounts import AccountSettings
from agent.domain.errors import Mistake
from agent.looking_back import account_report, today_of
from agent.office import Office, open_office
from agent.report.account_report import AccountReport
from agent.report.period import Period
from agent.wiring import plugins
from agent.wiring.joined import joined_of
from agent.wiring.parts import desks

_YESTERDAY = "yesterday"


class Format(StrEnum):
    """How it is written."""

    HTML = "html"
    MD = "md"


class DayMayStandAlone(TyperCommand):
    """`--day` without a date is yesterday, which typer's options cannot say."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        told: list[str] = []
        for word, following in zip(args, [*args[1:], "--"], strict=False):
            told.append(word)
            if word == "--day" and following.startswith("-"):
                told.append(_YESTERDAY)
        return super().parse_args(ctx, told)


app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command(cls=DayMayStandAlone, help="Tell a day or a month: figures, changes, and what came of them.")
def report(
    day: Annotated[
        str | None,
        typer.Option(
            metavar="YYYY-MM-DD",
            help="A day of the account's time zone; without a date: yesterday.",
        ),
    ] = None,
    month: Annotated[
        str | None,
        typer.Option(metavar="YYYY-MM", help="A month; of the one that runs, the days that are over."),
    ] = None,
    account: AccountName = None,
    format_: Annotated[
        Format | None,
        typer.Option(
            "--format", help="html: one file, opens offline. md: for chat. None: as --out ends, else md."
        ),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="A file; none: standard output.")] = None,
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    if day is not None and month is not None:
        raise Mistake("--day and --month", "were both given", "one of them is right")
    wanted = _day(day) if month is None else None
    first = None if month is None else _first_of(month)
    office = open_office(config, account, create=False)
    found = [one for item in office.accounts if (one := _of(office, item, wanted, first)) is not None]
    html = format_ is Format.HTML or (format_ is None and out is not None and out.suffix in (".html", ".htm"))
    place = "agent.report.report_page:html" if html else "agent.report.markdown:markdown"
    text: str = plugins.load(place)(found)
    if out is None:
        sys.stdout.write(text)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Mistake(str(out), f"cannot be written: {error.strerror}") from None
    say(f"report: {out}")


def _of(
    office: Office, settings: AccountSettings, day: date | None, first: date | None
) -> AccountReport | None:
    """The report of one account; None where it was never observed.

    Args:
        day: None: yesterday. `first`: of the month, where that is asked for.

    Raises:
        Mistake: The period has no day that is over.
    """
    joined = joined_of(office.settings, settings)
    now = joined.fixed_now() or office.clock.now()
    today = today_of(office.memory, joined.id, now)
    if today is None:
        say(f"{settings.name}: was never observed")
        return None
    if first is not None:
        period = Period.month(first, today)
    else:
        period = Period.day(today - timedelta(days=1) if day is None else day)
    if period.span.last >= today or period.span.n_days < 1:
        right = f"a day up to {today - timedelta(days=1)}, or a month that has begun before, is right"
        raise Mistake(period.name, f"is not over in {settings.name!r}, where it is {today}", right)
    portfolios = desks(office.settings, settings, office.settings.guardrails_of(settings))
    return account_report(office.memory, joined.id, period, now, name=settings.name, desks=portfolios)


def _day(text: str | None) -> date | None:
    if text in (None, _YESTERDAY):
        return None
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        raise Mistake("--day", f"was {text!r}", "YYYY-MM-DD or 'yesterday' is right") from None


def _first_of(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m").date()
    except ValueError:
        raise Mistake("--month", f"was {text!r}", "YYYY-MM is right") from None
