"""gebot chaos: break the product's own cycle, ledger and sender on purpose, and count what did not hold."""

import sys
from collections.abc import Sequence
from time import monotonic
from typing import Annotated, Any

import typer
from rich.table import Table

from agent.cli.main import EXIT_FAILED
from agent.cli.options import Json
from agent.cli.output import console, print_json, say
from agent.cli.progress import counted
from agent.config.faults import meant
from agent.domain.errors import Mistake, Mistakes
from agent.wiring import plugins


def chaos(
    profile: Annotated[
        str, typer.Option(help="quick (each CI run), full (hours) or soak (an hour).")
    ] = "quick",
    only: Annotated[
        str, typer.Option(help="Campaigns, NAME,NAME; also such as the profile leaves out.")
    ] = "",
    size: Annotated[int | None, typer.Option(min=1, help="Trials, in place of the profile's own.")] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, help="Tell one trial of the campaign in --only, step by step.")
    ] = None,
    first_seed: Annotated[int, typer.Option(min=0, help="The first trial's seed.")] = 0,
    jobs: Annotated[int, typer.Option(min=1, help="Processes.")] = 2,
    json: Json = False,
) -> None:
    listed = _chosen(profile, only)
    if seed is not None:
        _replay(listed, seed)
        return
    found = []
    for one in listed:
        trials = size or one.size(_profile(profile)) or one.quick or one.full or one.soak
        began = monotonic()
        with counted(trials, one.name) as progress:
            result = one.load().run(trials, first_seed, jobs, progress)
        found += _records(one, result)
        if not json:
            _print(one, result, monotonic() - began)
    if json:
        print_json(found)
    broken = sum(record["violations"] for record in found)
    if broken:
        say(f"{broken} violations; gebot chaos --only CAMPAIGN --seed SEED tells what happened")
        raise typer.Exit(EXIT_FAILED)


def _chosen(profile: str, only: str) -> list[Any]:
    """The campaigns that were asked for and are there.

    Raises:
        Mistakes: Names that nobody knows.
    """
    profiles = plugins.module("simulations.chaos.profiles")
    names = [name.strip() for name in only.split(",") if name.strip()]
    known = [one.name for one in profiles.CAMPAIGNS]
    unknown = [name for name in names if name not in known]
    if unknown:
        faults = [Mistake("--only", f"was {name!r}", meant(name, known)) for name in unknown]
        raise Mistakes("there is no such campaign", faults)
    listed = profiles.chosen(_profile(profile), names)
    for one in listed:
        if not one.there:
            say(f"{one.name} is left out: {one.place} is not installed")
    return [one for one in listed if one.there]


def _profile(name: str) -> Any:
    profiles = plugins.load("simulations.chaos.profiles:Profile")
    if name not in list(profiles):
        raise Mistake("--profile", f"was {name!r}", meant(name, [str(one) for one in profiles]))
    return profiles(name)


def _replay(listed: Sequence[Any], seed: int) -> None:
    """Tell one trial on standard output."""
    if len(listed) != 1:
        raise Mistake("--seed", "is of one campaign", "--only NAME says of which")
    campaign = listed[0].load()
    if not hasattr(campaign, "replay"):
        raise Mistake("--seed", f"{listed[0].name} cannot tell its trials", "its report names what broke")
    for line in campaign.replay(seed):
        sys.stdout.write(line + "\n")


def _records(one: Any, result: Any) -> list[dict[str, Any]]:
    return [
        {
            "campaign": one.name,
            "invariant": str(tally.invariant),
            "trials": tally.trials,
            "violations": tally.violations,
            "seeds": list(tally.seeds),
        }
        for tally in result.tallies
    ]


def _print(one: Any, result: Any, took_s: float) -> None:
    """The invariants of one campaign, and beneath them what else it counted."""
    table = Table(box=None, title=f"{one.name}: {one.about}", title_justify="left")
    table.add_column("invariant")
    for heading in ("trials", "violations"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("seeds", justify="right", overflow="fold")
    for tally in result.tallies:
        violations = f"[bold red]{tally.violations}" if tally.violations else "0"
        table.add_row(
            str(tally.invariant), f"{tally.trials:,}", violations, ", ".join(map(str, tally.seeds[:3]))
        )
    console().print(table)
    words = [f"{count.number:,} {count.name}" for count in result.counts]
    if result.useful is not None and result.useful.share is not None:
        words.append(f"useful work: {result.useful.share:.1%} of {result.useful.intents:,} approved changes")
    if result.recovery_s:
        at = sorted(result.recovery_s)
        p50, p99 = at[len(at) // 2], at[min(len(at) - 1, len(at) * 99 // 100)]
        words.append(f"recovery p50 {p50 * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms")
    say("; ".join([*words, f"{took_s:.0f} s"]) + "\n")
