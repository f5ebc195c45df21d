"""gebot sweep: many settings of strategies and guardrails on the same simulated markets."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from agent.cli.html import HTML_HELP, origin, place_for, write_page
from agent.cli.options import Json
from agent.cli.output import console, print_json, say
from agent.cli.progress import with_progress
from agent.wiring import plugins

_RESULTS = ".results.jsonl"


def sweep(
    file: Annotated[Path, typer.Argument(help="What to vary, see docs/sweeps.md.")],
    jobs: Annotated[int, typer.Option(min=1, help="Processes on this machine.")] = 2,
    scheduler: Annotated[
        str | None, typer.Option(help="A Dask scheduler such as tcp://10.0.0.5:8786, in the stead of --jobs.")
    ] = None,
    results: Annotated[
        Path | None,
        typer.Option(
            help="Results are kept here as they come; started again, only what is missing is run.",
            show_default="the sweep file's name with .results.jsonl",
        ),
    ] = None,
    top: Annotated[int, typer.Option(min=1, help="Rows of the table.")] = 20,
    html: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help=HTML_HELP, show_default="the file's name with .html; with --json none"
        ),
    ] = None,
    json: Json = False,
) -> None:
    asked = plugins.load("simulations.sweep.file:read")(file)
    chosen = plugins.load("simulations.sweep.configurations:configurations")(asked, file)
    place = place_for(html, None if json else file.with_suffix(".html"))
    work = plugins.load("simulations.sweep.jobs:jobs")(asked, chosen)
    path = file.with_suffix(_RESULTS) if results is None else results
    with plugins.load("simulations.sweep.results:open_results")(path) as kept:
        missing = kept.missing(work)
        known = kept.of(work, ())
        say(f"{len(chosen) - 1:,} configurations and the base: {len(work):,} markets to live through")
        if known:
            say(f"{len(known):,} of them are in {path} already")
        strange = len(kept.known) - len({one.key for one in known})
        if strange:
            say(f"{strange:,} results there are of other settings, markets or code, and are left aside")
        found = kept.of(work, _run(kept, missing, jobs, scheduler))
    board = plugins.load("simulations.sweep.leaderboard:leaderboard")(found)
    report = plugins.module("simulations.sweep.report")
    if place is not None:
        text = file.read_text(encoding="utf-8-sig")
        swept = report.Swept(file.name, text, asked, found, f"gebot sweep {file}", origin())
        write_page(report.report(swept), place)
    if json:
        print_json(board)
        return
    console().print(_table(board, top, report))
    say(
        f"value: share of what a clairvoyant gets, day 15 to {asked.days}; over base: paired by market, with "
        "95 % interval. The best of many is partly the luckiest: try it on other seeds before you trust it."
    )


def _run(kept: Any, missing: Sequence[Any], jobs: int, scheduler: str | None) -> list[Any]:
    """Run what is missing, each result written down as it comes."""
    if not missing:
        return []
    with plugins.load("simulations.sweep.run:crew")(jobs, scheduler) as run:
        return with_progress(kept.keep(run(missing)), len(missing), "living through markets")


def _table(board: Sequence[Any], top: int, report: Any) -> Table:
    """The best rows, and the base wherever it is."""
    names = next((list(place["parameters"]) for place in board if place["parameters"]), [])
    table = Table(box=None)
    table.add_column("#", justify="right")
    for name in names:
        table.add_column(escape(name), justify="right")
    for heading in ("value", "5th percentile", "over base", "changes a day", "over pot"):
        table.add_column(heading, justify="right")
    for place in board:
        values = place["parameters"]
        if place["rank"] > top and values:
            continue
        table.add_row(
            str(place["rank"]),
            *(escape(report.told(values[name])) if values else "base" for name in names),
            f"[bold]{100 * place['mean_d15']:.2f} %",
            f"{100 * place['p5_d15']:.2f} %",
            report.over_base(place),
            f"{place['changes_per_day']:.1f}",
            str(place["over_pot_days"]),
            style="" if values else "dim",
        )
    return table
