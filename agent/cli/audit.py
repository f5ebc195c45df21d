"""gebot audit: whether the record of all that was decided is whole, one change's story, and its export."""

import json as json_
import os
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from agent.cli.days import moment_option
from agent.cli.options import DEFAULT_CONFIG, ConfigPath, Json
from agent.cli.output import console, print_json, say
from agent.cli.said import at_number
from agent.domain.audit import Entry
from agent.domain.errors import Mistake
from agent.domain.record import PlanRecord
from agent.office import Office, open_office
from agent.report.story import Told, story_lines, told_of
from agent.wiring.sealing import anchor_of, seal_of

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)


class Format(StrEnum):
    """How entries are written."""

    JSONL = "jsonl"


@app.callback()
def audit() -> None:
    """Verify, show and export the record of all that was decided."""


@app.command(help="Go through the whole audit chain, and hold every table and the anchor against it.")
def verify(config: ConfigPath = DEFAULT_CONFIG, json: Json = False) -> None:
    office = open_office(config, create=False)
    faults = office.memory.faults()
    notes, head = office.memory.notes(), office.memory.head()
    if json:
        print_json([*({"fault": fault} for fault in faults), *({"note": note} for note in notes)])
    elif faults:
        say("the record is NOT as gebot wrote it:")
        for fault in faults:
            say(f"  {fault}")
    elif head is None:
        say("there is no audit chain yet; it begins with the next decision, over all that the ledger holds")
    else:
        say(f"the audit chain is whole: {head.number} entries, the last of {head.at:%Y-%m-%d %H:%M} UTC")
        say(f"plans, changes, approvals, leads, stops, policies and {_anchor(office)} agree with it")
    for note in [] if json else notes:
        say(f"note: {note}")
    if faults:
        raise typer.Exit(1)


@app.command(help="Tell the whole story of one change.")
def show(
    change: Annotated[str, typer.Argument(help="The change's id or its first characters, or PLAN/NUMBER.")],
    history: Annotated[
        bool, typer.Option("--history", help="Also ask the platform what its history shows of it.")
    ] = False,
    config: ConfigPath = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    office = open_office(config, create=False)
    stories = [
        _told(office, record, change_id, history=history) for record, change_id in _asked(office, change)
    ]
    if json:
        print_json(stories)
        return
    for told in stories:
        for line in story_lines(told):
            console().print(escape(line), soft_wrap=True)


@app.command(help="Write the audit chain out, one entry a line, oldest first.")
def export(
    since: Annotated[
        datetime | None,
        moment_option("--since", "From this moment on (UTC)."),
    ] = None,
    format_: Annotated[Format, typer.Option("--format", help="How.")] = Format.JSONL,
    out: Annotated[Path | None, typer.Option(help="A file; none: standard output.")] = None,
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    assert format_ is Format.JSONL, "there is no other"
    office = open_office(config, create=False)
    entries = [entry for entry in office.memory.entries() if since is None or entry.at >= since]
    if out is None:
        sys.stdout.writelines(_lines(entries))
        return
    try:
        with os.fdopen(
            os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
        ) as file:
            file.writelines(_lines(entries))
    except OSError as error:
        raise Mistake(str(out), f"cannot be written: {error.strerror}") from None
    say(f"{len(entries)} entries in {out}")


def _lines(entries: Iterable[Entry]) -> Iterable[str]:
    for entry in entries:
        record = {
            "number": entry.number,
            "at": entry.at.isoformat(),
            "what": entry.what,
            "plans": list(entry.plans),
            "content": json_.loads(entry.content),
            "body": entry.body,
            "seal": entry.seal,
        }
        yield json_.dumps(record, ensure_ascii=False) + "\n"


def _anchor(office: Office) -> str:
    return f"the anchor {anchor_of(office.settings).path}"


def _asked(office: Office, text: str) -> Iterator[tuple[PlanRecord, str]]:
    """The plans and ids of the changes that a person asks about.

    Raises:
        Mistake: There is none, or the number is of a decision that changes nothing.
    """
    numbered = at_number(office, text)
    if numbered is not None:
        change = numbered.record.plan.decisions[numbered.place].change
        if change is None:
            raise Mistake(
                f"change {text!r}", "was held back: nothing was changed", f"see `gebot explain {text}`"
            )
        yield numbered.record, change.id
        return
    found = office.memory.plans_with(text.strip()) if text.strip() else []
    if not found:
        raise Mistake(
            f"change {text!r}",
            "is in no plan",
            "an id or PLAN/NUMBER as `gebot review PLAN` shows them is right",
        )
    for record in found:
        yield from ((record, id_) for id_ in record.changes if id_.startswith(text.strip()))


def _told(office: Office, record: PlanRecord, change_id: str, *, history: bool) -> Told:
    memory, plan = office.memory, record.plan
    item = record.changes[change_id]
    edits = None
    if history:
        reader = office.parts_of(plan.account).reader
        edits = [
            edit
            for edit in reader.history(item.sent_at or plan.drawn_up_at)
            if (edit.ref, edit.lever) == (item.change.ref, item.change.lever)
        ]
    return told_of(
        record,
        change_id,
        memory.steps(plan.id, change_id),
        memory.entries(plan.id),
        seal=seal_of(office.settings),
        doubt=memory.doubts(plan.id).get(change_id, ""),
        edits=edits,
    )
