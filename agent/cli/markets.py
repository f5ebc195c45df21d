"""gebot backtest: strategies side by side on simulated markets, through the live cycle."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.table import Table

from agent.cli.account import account_of
from agent.cli.html import Html, origin, place_for, typed, write_page
from agent.cli.options import DEFAULT_CONFIG, AccountName, ConfigPath, Json
from agent.cli.output import console, print_json, say
from agent.cli.progress import with_progress
from agent.config.faults import meant
from agent.domain.errors import Mistake, Mistakes
from agent.domain.money import Money
from agent.wiring import plugins


def markets(
    context: typer.Context,
    days: Annotated[int, typer.Option(min=15, help="Days to live through.")] = 90,
    seeds: Annotated[int, typer.Option(min=1, help="Markets to draw.")] = 20,
    first_seed: Annotated[int, typer.Option(min=0, help="The first market's seed.")] = 0,
    world: Annotated[str, typer.Option(help="'base', or another world of docs/simulation.md.")] = "base",
    campaigns: Annotated[int, typer.Option(min=1, help="Campaigns in each market.")] = 20,
    policies: Annotated[str, typer.Option(help="Kinds of strategies, separated by commas; empty: all.")] = "",
    jobs: Annotated[int, typer.Option(min=1, help="Processes.")] = 2,
    config: ConfigPath = DEFAULT_CONFIG,
    account: AccountName = None,
    html: Html = None,
    json: Json = False,
) -> None:
    if context.invoked_subcommand is not None:
        _refuse_options(context)
        return
    place = place_for(html)
    settings, chosen = account_of(config, account)
    laboratory = plugins.module("simulations.backtest")
    pot: Money = laboratory.fitting_pot(settings, chosen)
    tasks = [
        laboratory.Task(policy, _known_world(world), campaigns, seed, days, pot)
        for seed in range(first_seed, first_seed + seeds)
        for policy in _policies(policies, laboratory.CONFIGURED)
    ]
    runs = with_progress(
        laboratory.run_all(settings, chosen, tasks, jobs), len(tasks), "living through markets"
    )
    found = plugins.module("simulations.scores").scores(runs)
    if place is not None:
        page = plugins.load("simulations.pages.of_markets:page_of_markets")
        write_page(page(runs, typed(), origin()), place)
    if json:
        print_json(found)
        return
    console().print(_table(found))
    say(
        f"value: share of what a clairvoyant gets, day 15 to {days}, over {seeds} markets ({world}) of "
        f"{campaigns} campaigns and {pot} a day, under the guardrails of {config}"
    )


def _refuse_options(context: typer.Context) -> None:
    """Options before the name of a subcommand are those of simulated markets, and would be lost."""
    given = [
        f"--{name.replace('_', '-')}"
        for name in context.params
        if (source := context.get_parameter_source(name)) is not None and source.name == "COMMANDLINE"
    ]
    if given:
        after = f"options stand after {context.invoked_subcommand!r}"
        raise Mistake(", ".join(given), f"was given before {context.invoked_subcommand!r}", after)


def _policies(text: str, configured: str) -> list[str]:
    """The policies that were asked for, and in any case what they are held against."""
    kinds = plugins.strategy_kinds()
    asked = [name.strip() for name in text.split(",") if name.strip()]
    faults = [
        Mistake("--policies", f"was {name!r}", meant(name, [*kinds, configured]))
        for name in asked
        if name not in kinds and name != configured
    ]
    if faults:
        raise Mistakes("no such policy", faults)
    return list(dict.fromkeys([*(asked or [configured, *kinds]), "hold"]))


def _known_world(name: str) -> str:
    worlds = plugins.load("simulations.worlds:WORLDS")
    if name not in worlds:
        raise Mistake("--world", f"was {name!r}", meant(name, worlds))
    return name


def _table(found: Sequence[Any]) -> Table:
    table = Table(box=None)
    table.add_column("policy")
    for heading in (
        "value",
        "5th percentile",
        "all days",
        "over hold",
        "changes a day",
        "over pot",
        "CPU ms a day",
    ):
        table.add_column(heading, justify="right")
    table.add_row("oracle", "100.0 %", "100.0 %", "100.0 %", "", "", "", "", style="dim")
    for one in found:
        over = one["over_hold"]
        table.add_row(
            one["policy"],
            f"[bold]{100 * one['mean_d15']:.1f} %",
            f"{100 * one['p5_d15']:.1f} %",
            f"{100 * one['mean_all']:.1f} %",
            "" if over is None else f"{100 * over:+.1f} ± {100 * one['over_hold_se']:.1f}",
            f"{one['changes_per_day']:.1f}",
            str(one["over_pot_days"]),
            f"{one['cpu_ms_per_day']:.1f}",
        )
    return table
