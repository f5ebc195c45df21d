"""gebot scenario: named things that go wrong, lived through with your own guardrails and deciders."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from agent.cli.account import account_of
from agent.cli.options import DEFAULT_CONFIG, AccountName, ConfigPath, Json
from agent.cli.output import console, print_json, say
from agent.cli.progress import with_progress
from agent.config.faults import meant
from agent.domain.errors import Mistake
from agent.wiring import plugins


def scenario(
    name: Annotated[str, typer.Argument(help="One of the list, or 'all'; empty: the list.")] = "",
    seeds: Annotated[int, typer.Option(min=1, help="Markets to draw.")] = 6,
    first_seed: Annotated[int, typer.Option(min=0, help="The first market's seed.")] = 0,
    campaigns: Annotated[int, typer.Option(min=4, help="Campaigns in each market.")] = 12,
    jobs: Annotated[int, typer.Option(min=1, help="Processes.")] = 2,
    config: ConfigPath = DEFAULT_CONFIG,
    account: AccountName = None,
    json: Json = False,
) -> None:
    known = plugins.load("simulations.scenarios.catalogue:SCENARIOS")
    if not name:
        _list(known, json=json)
        return
    if name != "all" and name not in known:
        raise Mistake("scenario", f"was {name!r}", meant(name, [*known, "all"]))
    chosen = list(known) if name == "all" else [name]
    settings, found = account_of(config, account)
    if not any(one.account == found.name for one in settings.portfolios):
        raise Mistake(f"account {found.name!r}", "has no portfolio", "one that decides something is right")
    play = plugins.module("simulations.scenarios.play")
    tell = plugins.module("simulations.scenarios.tell")
    pot = plugins.load("simulations.backtest:fitting_pot")(settings, found)
    todo = play.acts(chosen, range(first_seed, first_seed + seeds), campaigns, pot)
    played = with_progress(play.play_all(settings, found, todo, jobs), len(todo), "living through it")
    rows = tell.scenario_rows(played)
    by_name = {one: [row for row in rows if row["scenario"] == one] for one in chosen}
    if json:
        print_json([{**row, "lesson": tell.lesson(by_name[row["scenario"]])} for row in rows])
        return
    for one in chosen:
        _tell(known[one], by_name[one], tell.lesson(by_name[one]))
    say(
        f"value: share of what a clairvoyant gets over {play.AFTER_DAYS} days from the first of the event "
        f"on, {seeds} markets of {campaigns} campaigns and {pot} a day, under the guardrails of {config}"
    )


def _list(known: Any, *, json: bool) -> None:
    if json:
        print_json([{"scenario": one.name, "about": one.about} for one in known.values()])
        return
    table = Table("scenario", "what happens", box=None)
    for one in known.values():
        table.add_row(one.name, escape(one.about))
    console().print(table)
    say("live through one with: gebot scenario NAME   (or: gebot scenario all)")


def _tell(scenario: Any, rows: Sequence[Any], lesson: str) -> None:
    table = Table(box=None, title=f"{scenario.name}: {scenario.about}", title_justify="left")
    table.add_column("policy")
    headings = (
        *("value", "without it", "over hold", "by reacting", "lowest budgets"),
        *("moved a day", "without it", "changes a day", "without it"),
    )
    for heading in headings:
        table.add_column(heading, justify="right")
    for row in rows:
        table.add_row(
            row["policy"],
            f"[bold]{row['value']:.1%}",
            f"{row['value_calm']:.1%}",
            _points(row["over_hold"], row["over_hold_se"]),
            _points(row["reaction"], row["reaction_se"]),
            f"{row['lowest_budgets']:.0%}",
            f"{row['moved_a_day']:.1%}",
            f"{row['moved_a_day_calm']:.1%}",
            f"{row['changes_a_day']:.1f}",
            f"{row['changes_a_day_calm']:.1f}",
        )
    out = console()
    out.print(table)
    out.print(f"naive: {scenario.naive}\nright: {scenario.right}\nfound: {escape(lesson)}\n", highlight=False)


def _points(mean: float, se: float | None) -> str:
    return f"{100 * mean:+.1f}" + ("" if se is None else f" ± {100 * se:.1f}")
