"""gebot rules: check rule files, and run the examples in them."""

import importlib
import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from agent.cli.output import console
from agent.domain.errors import Mistakes

FAULTY = 2

app = typer.Typer(help="Check rule files and run their examples.", no_args_is_help=True)

Files = Annotated[list[Path], typer.Argument(metavar="FILE...", help="Rule files (TOML).")]
AsJson = Annotated[bool, typer.Option("--json", help="Plain records on standard output, nothing else there.")]
Currency = Annotated[
    str | None, typer.Option(help="Of the account, such as EUR; other money is a fault then.")
]


@app.command()
def check(files: Files, currency: Currency = None, as_json: AsJson = False) -> None:
    """Say what is wrong or doubtful in rule files; exit status 2 when something is wrong."""
    findings = _imported("rules.check").check(files, currency=currency)
    if as_json:
        _print_records(findings)
    else:
        for finding in findings:
            typer.echo(finding, err=True)
        wrong = {finding.file for finding in findings}
        for file in files:
            if str(file) not in wrong:
                typer.echo(f"{file}: ok")
    if any(finding.severity == "fault" for finding in findings):
        raise typer.Exit(FAULTY)


@app.command()
def test(files: Files, as_json: AsJson = False) -> None:
    """Run the examples of rule files; exit status 2 when one comes out otherwise."""
    results: list[Any] = []
    broken = False
    for file in files:
        try:
            results += _imported("rules.examples").results(_imported("rules.file").read_rules(file))
        except Mistakes as mistakes:
            broken = True
            for mistake in mistakes.exceptions:
                typer.echo(mistake, err=True)
    if as_json:
        _print_records(results)
    elif results:
        console().print(_table(results))
    failed = [result for result in results if not result.ok]
    for result in failed:
        where = f"{result.file}: rule {result.rule!r} example {result.example!r}"
        typer.echo(f"{where}: {result.found}; {result.expected} was expected", err=True)
    if failed or broken:
        raise typer.Exit(FAULTY)


def _imported(module: str) -> Any:
    """A module of the rules package, imported when it is needed: Polars is heavy."""
    return importlib.import_module(module)


def _print_records(records: Iterable[Any]) -> None:
    typer.echo(json.dumps([asdict(record) for record in records], indent=2, ensure_ascii=False))


def _table(results: Iterable[Any]) -> Table:
    """An example a line, the name of a rule beside its first one."""
    table = Table(box=None)
    for heading in ("rule", "example", "comes to", "ok"):
        table.add_column(heading, overflow="fold")
    above = ""
    for result in results:
        name = f"{Path(result.file).stem}/{result.rule}"
        came = result.found if result.ok else f"{result.found}, not {result.expected}"
        verdict = "yes" if result.ok else "[bold red]no[/]"
        table.add_row(*map(escape, ("" if name == above else name, result.example, came)), verdict)
        above = name
    return table
