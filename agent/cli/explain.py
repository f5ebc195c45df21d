"""gebot explain: a decision made again from what was known then, and everything behind it."""

from dataclasses import dataclass
from typing import Annotated

import typer

from agent.cli.options import DEFAULT_CONFIG, ConfigPath, Json
from agent.cli.output import console, print_json
from agent.cli.said import at_number
from agent.domain.errors import Mistake
from agent.domain.record import PlanRecord
from agent.explaining import told
from agent.office import Office, open_office
from agent.report.explanation import explanation_rows, explanation_table


def explain(
    change: Annotated[
        str,
        typer.Argument(help="A change's id or its first characters, PLAN/NUMBER, or PLAN for all of it."),
    ],
    config: ConfigPath = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    office = open_office(config, create=False)
    asked = _asked(office, change)
    found = told(office, asked.record, asked.place)
    if json:
        print_json(explanation_rows(found))
    else:
        console().print(explanation_table(found))
    if not found.same:
        raise typer.Exit(1)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a person asks about: one decision of a plan (its place in it), or None: all of them."""

    record: PlanRecord
    place: int | None


def _asked(office: Office, text: str) -> _Asked:
    """Find it.

    Raises:
        Mistake: There is no such change or plan, or more than one.
    """
    numbered = at_number(office, text)
    if numbered is not None:
        return _Asked(numbered.record, numbered.place)
    name = text.strip()
    found = office.memory.plans_with(name) if name else []
    ids = {id_ for record in found for id_ in record.changes if id_.startswith(name)}
    if len(ids) > 1:
        raise Mistake(f"change {text!r}", f"{len(ids)} changes begin so", "more of its characters are right")
    if found:
        (id_,) = ids
        decisions = found[0].plan.decisions
        place = next(n for n, one in enumerate(decisions) if one.change is not None and one.change.id == id_)
        return _Asked(found[0], place)
    whole = office.memory.plan(name) if name else None
    if whole is None:
        raise Mistake(f"change {text!r}", "no change and no plan begins so", "see `gebot review --all`")
    return _Asked(whole, None)
