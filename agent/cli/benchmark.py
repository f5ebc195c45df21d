"""gebot benchmark: our strategy and honest baselines side by side on the published worlds."""

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from agent.cli.html import HTML_HELP, origin, place_for, write_page
from agent.cli.options import Json
from agent.cli.output import console, print_json, say
from agent.cli.progress import with_progress
from agent.config.faults import meant
from agent.domain.errors import Mistake, Mistakes
from agent.wiring import plugins

_LOGGED = "R"
_DEFAULT_REPORT = Path("benchmark.html")
_LOOKED_AT = 8


def benchmark(
    track: Annotated[
        str,
        typer.Option(
            help="A: budgets under one pot; B: bids; C: budgets and a target ROAS; R: fitted to logs."
        ),
    ] = "A",
    logs: Annotated[str, typer.Option(help="CSV files of daily figures, with track R; FILE,FILE.")] = "",
    worlds: Annotated[str, typer.Option(help="Such as A1,A4; empty: all of the track.")] = "",
    policies: Annotated[str, typer.Option(help="Names, separated by commas; empty: all.")] = "",
    seeds: Annotated[int, typer.Option(min=1, help="Markets to draw of each world.")] = 40,
    first_seed: Annotated[int, typer.Option(min=0, help="The first market's seed.")] = 1000,
    days: Annotated[int, typer.Option(min=15, help="Decisions, one each morning.")] = 90,
    jobs: Annotated[int, typer.Option(min=1, help="Processes.")] = 2,
    html: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help=HTML_HELP, show_default="benchmark.html; with --json none"),
    ] = None,
    json: Json = False,
) -> None:
    played = _track(track, logs)
    arena = plugins.module("simulations.laboratory.arena")
    chosen = arena.trials(
        track,
        _asked("--worlds", worlds, played.worlds),
        _asked("--policies", policies, played.policies),
        range(first_seed, first_seed + seeds),
        days,
    )
    place = place_for(html, None if json else _DEFAULT_REPORT)
    runs = with_progress(arena.run_all(chosen, jobs, played), len(chosen), "living through markets")
    found = plugins.load("simulations.laboratory.records:records")(played, runs)
    if place is not None:
        _write_report(played, chosen, runs, jobs, place, logs)
    if json:
        print_json(found)
        return
    for world in dict.fromkeys(record["world"] for record in found):
        console().print(_table(world, [record for record in found if record["world"] == world]))
    say(
        f"value: expected value of what was chosen as a share of a clairvoyant's, day 15 to {days}, "
        f"over seeds {first_seed} to {first_seed + seeds - 1}; over ours: paired difference ± standard error"
    )


def _track(name: str, logs: str) -> Any:
    """The track of this name, with these log files for worlds if it is the one that needs them."""
    tracks = plugins.load("simulations.laboratory.tracks:TRACKS")
    if name != _LOGGED and name not in tracks:
        raise Mistake("--track", f"was {name!r}", meant(name, [*tracks, _LOGGED]))
    paths = [Path(path.strip()).expanduser() for path in logs.split(",") if path.strip()]
    if (name == _LOGGED) != bool(paths):
        found = f"was {logs!r} with --track {name}" if paths else f"was missing with --track {name}"
        raise Mistake("--logs", found, f"--track {_LOGGED} --logs FILE,FILE is right")
    return plugins.load("simulations.laboratory.logs.track:logged")(paths) if paths else tracks[name]


def _write_report(
    track: Any, chosen: Sequence[Any], runs: Sequence[Any], jobs: int, place: Path, logs: str
) -> None:
    """Look at some trials of ours once more, closely, and write the page."""
    looks = plugins.module("simulations.laboratory.looks")
    some = looks.worth_a_look(chosen, track.ours, _LOOKED_AT)
    seen = with_progress(looks.look_at_all(some, jobs), len(some), "looking closely") if some else []
    report = plugins.module("simulations.laboratory.report")
    ran = report.Ran(track, runs, seen, _command(chosen, logs), origin())
    write_page(report.report(ran), place)


def _command(chosen: Sequence[Any], logs: str) -> str:
    """The command line that runs these trials, with nothing left to defaults."""
    worlds, policies = (
        ",".join(dict.fromkeys(getattr(one, what) for one in chosen)) for what in ("world", "policy")
    )
    seeds = {one.seed for one in chosen}
    files = f" --logs {shlex.quote(logs)}" if logs else ""
    return (
        f"gebot benchmark --track {chosen[0].track}{files} --worlds {worlds} "
        f"--policies {policies} --seeds {len(seeds)} --first-seed {min(seeds)} --days {chosen[0].days}"
    )


def _asked(option: str, text: str, known: Sequence[str]) -> list[str]:
    """The names in the order in which they are known, each once; all where none was asked for.

    Raises:
        Mistakes: Names that nobody knows, all of them.
    """
    names = [name.strip() for name in text.split(",") if name.strip()]
    unknown = [name for name in names if name not in known]
    if unknown:
        faults = [Mistake(option, f"was {name!r}", meant(name, known)) for name in unknown]
        raise Mistakes("the benchmark does not have that", faults)
    return [name for name in known if name in names or not names]


def _table(world: str, found: Sequence[Any]) -> Table:
    """A row for each policy; how a target was kept where there was one."""
    table = Table(box=None, title=f"world {world}", title_justify="left")
    table.add_column("policy", min_width=20)
    headings = ["value", "5th percentile", "all days", "over ours", "violations", "CPU ms a decision"]
    targeted = found[0]["roas_to_target"] is not None
    if targeted:
        headings += ["ROAS / target", "weeks under 95 %"]
    for heading in headings:
        table.add_column(heading, justify="right")
    table.add_row("oracle", "100.0 %", "100.0 %", "100.0 %", style="dim")
    for one in found:
        over = one["over_ours"]
        cells = [
            one["policy"],
            f"[bold]{100 * one['mean_d15']:.1f} %",
            f"{100 * one['p5_d15']:.1f} %",
            f"{100 * one['mean_all']:.1f} %",
            "" if over is None else f"{100 * over:+.1f} ± {100 * one['over_ours_se']:.1f}",
            str(one["violations"]),
            f"{one['cpu_ms_per_decision']:.2f}",
        ]
        if targeted:
            weeks = one["weeks_under_target"]
            cells += [f"{one['roas_to_target']:.3f}", "" if weeks is None else f"{100 * weeks:.0f} %"]
        table.add_row(*cells)
    return table
