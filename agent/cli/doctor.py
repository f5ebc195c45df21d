"""gebot doctor: is the installation well, and with --prove, does each guardrail stop what it should?"""

from collections.abc import Iterator
from typing import Annotated, TypedDict

import typer
from rich.markup import escape
from rich.table import Table

from agent.cli.main import EXIT_FAILED
from agent.cli.options import DEFAULT_CONFIG, AccountName, ConfigPath, Json
from agent.cli.output import console, print_json, say
from agent.config.absent import absent_limits
from agent.config.load import load
from agent.config.settings import Settings
from agent.domain.errors import Mistake
from agent.wiring.finding import Grade
from agent.wiring.health import findings
from agent.wiring.parts import desks
from agent.wiring.proof.prove import Outcome, proofs


class ProofRow(TypedDict):
    """One guardrail of one account; `holds` is false where its breach was not stopped."""

    account: str
    guardrail: str
    breach: str
    outcome: str
    because: str
    holds: bool


class HealthRow(TypedDict):
    """One part of the installation: `ok`, `warning` or `fault`."""

    where: str
    verdict: str
    found: str
    to_do: str


def doctor(
    config: ConfigPath = DEFAULT_CONFIG,
    account: AccountName = None,
    prove: Annotated[
        bool, typer.Option("--prove", help="Put each configured guardrail to the proof.")
    ] = False,
    json: Json = False,
) -> None:
    """The exit status is 1 when something is at fault, or a guardrail does not stop its breach."""
    settings = load(config)
    well = _prove(settings, account, json=json) if prove else _examine(settings, json=json)
    if not well:
        raise typer.Exit(EXIT_FAILED)


def _examine(settings: Settings, *, json: bool) -> bool:
    rows = [
        HealthRow(where=one.where, verdict=one.grade, found=one.found, to_do=one.to_do)
        for one in findings(settings)
    ]
    if json:
        print_json(rows)
    else:
        style = {Grade.OK: "[green]ok", Grade.WARNING: "[yellow]warning", Grade.FAULT: "[bold red]fault"}
        table = Table("", "what", "found", box=None)
        for row in rows:
            sentence = f"{row['found']}; {row['to_do']}" if row["to_do"] else row["found"]
            table.add_row(style[Grade(row["verdict"])], escape(row["where"]), escape(sentence))
        console().print(table)
        say("`gebot check` tries the platforms as well; `gebot doctor --prove` tries the guardrails")
    return all(row["verdict"] != Grade.FAULT for row in rows)


def _prove(settings: Settings, name: str | None, *, json: bool) -> bool:
    rows = list(_rows(settings, name))
    unset = absent_limits(settings)
    if json:
        print_json(rows + [_unset(one) for one in unset])
    else:
        for account in dict.fromkeys(row["account"] for row in rows):
            _print(account, [row for row in rows if row["account"] == account])
        for one in unset:
            say(f"{one} is not set: {_unset(one)['because']}")
    failed = [row for row in rows if not row["holds"]]
    if failed:
        say(f"gebot: {len(failed)} guardrails did not stop what they should")
    return not failed


def _rows(settings: Settings, name: str | None) -> Iterator[ProofRow]:
    chosen = [one for one in settings.decided if name in (None, one.name)]
    if not chosen:
        known = ", ".join(one.name for one in settings.decided)
        raise Mistake("--account", f"was {name!r}", f"known here: {known}")
    for account in chosen:
        limits = settings.guardrails_of(account)
        portfolios = [desk.portfolio for desk in desks(settings, account, limits)]
        for one in proofs(limits, portfolios):
            yield ProofRow(
                account=account.name,
                guardrail=one.guardrail,
                breach=one.breach,
                outcome=one.outcome,
                because=one.because,
                holds=one.holds,
            )


def _unset(limit: str) -> ProofRow:
    rests = limit.rpartition(".")[2] in ("quarantine", "rest_after_flip_flop")
    waits = limit.endswith(".learning_phase")
    denies = "what is learning waits" if waits else "it rests for good" if rests else "denies what needs it"
    return ProofRow(account="", guardrail=limit, breach="", outcome="not set", because=denies, holds=True)


_STYLE = {
    Outcome.STOPPED: "[green]",
    Outcome.ELSEWHERE: "[yellow]",
    Outcome.NOTHING: "[dim]",
    Outcome.PASSED: "[bold red]",
}


def _print(account: str, rows: list[ProofRow]) -> None:
    table = Table(box=None, title=account, title_justify="left")
    table.add_column("guardrail", no_wrap=True)
    table.add_column("outcome", min_width=len("stopped"))
    table.add_column("breach tried, and the guardrail's word")
    for row in rows:
        outcome = f"{_STYLE[Outcome(row['outcome'])]}{row['outcome']}"
        told = f"{row['breach']}: {row['because']}" if row["breach"] else row["because"]
        table.add_row(escape(row["guardrail"]), outcome, escape(told))
    console().print(table)
