"""gebot export: what was seen, decided and done, as CSV or Parquet."""

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from agent.cli.days import day_option
from agent.cli.options import DEFAULT_CONFIG, AccountName, ConfigPath
from agent.cli.output import say
from agent.domain.entity import EntityTable
from agent.domain.errors import Mistake
from agent.domain.record import RunKind
from agent.domain.ref import AccountId
from agent.looking_back import figures
from agent.office import Office, open_office
from agent.report.rows import names_of
from agent.wiring import plugins
from agent.wiring.joined import joined_of

_TABLES = "agent.report.export_tables"
_FORMATS = "agent.report.export_file:FileFormat"
_MOST_RUNS = 1_000_000


def export(
    what: Annotated[str, typer.Option(help="metrics, changes, decisions, approvals, plans or runs.")],
    since: Annotated[
        date | None,
        day_option("--since", "First day, in the account's time zone; none: 30 days ago."),
    ] = None,
    until: Annotated[date | None, day_option("--until", "Last day; none: today.")] = None,
    format_: Annotated[
        str | None, typer.Option("--format", help="csv or parquet; none: as --out ends.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="A file; none: standard output.")] = None,
    account: AccountName = None,
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    wanted, form = _one_of("--what", what, f"{_TABLES}:What"), _form(format_, out)
    office = open_office(config, account, create=False)
    spans = list(_spans(office, since, until))
    table = _table(office, wanted, spans)
    body: bytes = plugins.load("agent.report.export_file:content")(table, form)
    if out is None:
        sys.stdout.buffer.write(body)
        return
    try:
        with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(body)
    except OSError as error:
        raise Mistake(str(out), f"cannot be written: {error.strerror}") from None
    say(f"{len(table)} rows in {out}")


@dataclass(frozen=True, slots=True)
class _Span:
    """The days that are asked for of one account, in its zone."""

    account: AccountId
    entities: EntityTable
    first: date
    last: date
    now: datetime

    @property
    def since(self) -> datetime:
        return self._midnight(self.first)

    @property
    def until(self) -> datetime:
        return self._midnight(self.last + timedelta(days=1))

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), ZoneInfo(self.entities.account.time_zone)).astimezone(UTC)


def _spans(office: Office, since: date | None, until: date | None) -> Iterator[_Span]:
    for settings in office.accounts:
        joined = joined_of(office.settings, settings)
        now = joined.fixed_now() or office.clock.now()
        table = office.memory.entities(joined.id, now)
        if table is None:
            say(f"{settings.name}: was never observed")
            continue
        today = now.astimezone(ZoneInfo(table.account.time_zone)).date()
        last = today if until is None else until
        first = last - timedelta(days=30) if since is None else since
        if first > last:
            raise Mistake("--since", f"was {first}, after {last}", "a day up to --until is right")
        yield _Span(joined.id, table, first, last, now)


def _table(office: Office, what: Any, spans: Sequence[_Span]) -> Any:
    """The table as polars holds it; everything heavy is loaded by now."""
    tables, memory = plugins.module(_TABLES), office.memory
    if what == tables.What.METRICS:
        told = (figures(memory, span.account, span.first, span.last, span.now) for span in spans)
        return plugins.load("agent.report.metrics_export:metrics_table")(
            [one for one in told if one is not None]
        )
    if what == tables.What.RUNS:
        return tables.runs_table(
            run
            for span in spans
            for kind in RunKind
            for run in memory.runs(span.account, kind, _MOST_RUNS)
            if span.since <= run.started_at < span.until
        )
    found = [
        tables.Told(
            str(span.account),
            memory.plans_between(span.account, span.since, span.until),
            names_of(span.entities),
        )
        for span in spans
    ]
    return getattr(tables, f"{what}_table")(found)


def _form(format_: str | None, out: Path | None) -> Any:
    """As it was said, else as the file's name ends."""
    ending = "" if out is None else out.suffix.removeprefix(".")
    return _one_of("--format", format_ or ("parquet" if ending == "parquet" else "csv"), _FORMATS)


def _one_of(option: str, word: str, enum: str) -> Any:
    """The member of an enum that is loaded only now."""
    members = plugins.load(enum)
    try:
        return members(word)
    except ValueError:
        names = ", ".join(members)
        raise Mistake(option, f"was {word!r}", f"one of {names} is right") from None
