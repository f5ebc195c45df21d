"""gebot backtest twin: strategies, rules and guardrails on a market fitted to the account's history."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from agent.cli.account import account_of
from agent.cli.html import Html, origin, place_for, typed, write_page
from agent.cli.options import DEFAULT_CONFIG, AccountName, ConfigPath, Json
from agent.cli.output import console, print_json, say
from agent.cli.progress import with_progress
from agent.wiring import plugins


def twin(
    seeds: Annotated[
        int, typer.Option(min=2, help="Draws of the twin: other luck, other elasticities.")
    ] = 20,
    first_seed: Annotated[int, typer.Option(min=0, help="The first draw's seed.")] = 0,
    days: Annotated[int, typer.Option(min=21, help="Days of history to fit, from the end.")] = 180,
    policies: Annotated[
        str,
        typer.Option(
            help="Separated by commas: 'as configured', 'without guardrails', a decider of the configuration "
            "or a kind of strategy; empty: the usual ones."
        ),
    ] = "",
    against: Annotated[
        list[Path] | None, typer.Option(help="Another configuration to compare; may be given again.")
    ] = None,
    fit_only: Annotated[bool, typer.Option("--fit-only", help="The fit report alone.")] = False,
    jobs: Annotated[int, typer.Option(min=1, help="Processes.")] = 2,
    config: ConfigPath = DEFAULT_CONFIG,
    account: AccountName = None,
    html: Html = None,
    json: Json = False,
) -> None:
    place = place_for(html)
    settings, chosen = account_of(config, account)
    ways = plugins.load("simulations.replay.of_export:Reporting")
    past = plugins.load("simulations.replay.source:past_of_account")(settings, chosen, ways.FINAL)
    history = plugins.load("simulations.twin.history:history_of")(past, n_days=days)
    believed = plugins.load("simulations.twin.elasticity:elasticities")(history)
    report = plugins.module("simulations.twin.fit_report")
    fits = plugins.load("simulations.twin.fit_report:report")(history, believed, seed=first_seed)
    told = report.elasticity_records(history, believed)
    found: list[Any] = []
    results: list[Any] = []
    stage: Any = None
    if not fit_only:
        who = plugins.module("simulations.twin.policies")
        others = [
            who.Policy(who.CONFIGURED, *account_of(path, chosen.name), label=str(path))
            for path in against or ()
        ]
        names = [name.strip() for name in policies.split(",") if name.strip()]
        tried = who.policies(names, settings, chosen, others)
        desks = who.desks_of(tried[0])
        stage = plugins.load("simulations.twin.stage:stage_of")(history, desks)
        for sentence in plugins.load("simulations.twin.stage:misfits")(desks, stage.pots):
            say(f"- {sentence}")
        trial = plugins.module("simulations.twin.trial")
        trials = [
            trial.Trial(policy, seed) for seed in range(first_seed, first_seed + seeds) for policy in tried
        ]
        runs = trial.run_all(stage, believed, trials, jobs)
        results = with_progress(runs, len(trials), "living through twins")
        found = plugins.load("simulations.twin.scores:scores")(results)
    said = report.in_words(history, fits, believed)
    if place is not None:
        pages = plugins.module("simulations.pages.of_twin")
        told_all = pages.TwinTold(chosen.name, history.account.currency, fits, told, said, results)
        write_page(pages.page_of_twin(told_all, typed(), origin()), place)
    if json:
        print_json([*fits, *told, *found])
        return
    out = console()
    out.print(_fit_table(fits, history.account.currency), "", _elasticity_table(told), "")
    for sentence in said:
        say(f"- {sentence}")
    if found:
        out.print(_policy_table(found, history.account.currency))
        say(_what_it_is(stage, seeds, chosen.name))


def _what_it_is(stage: Any, seeds: int, name: str) -> str:
    history = stage.history
    pot = sum(one.micros for one in stage.pots) / 1e6
    return (
        f"value: share of what a clairvoyant of the twin gets, over {len(stage.days)} days and {seeds} "
        "draws; intervals hold 95 %, differences are paired, ~ cannot be told from none.\n"
        f"{name}: {len(history)} campaigns and {pot:,.2f} {history.account.currency} a day, the mean of what "
        "was really given. 'people': the shares that were really used, of the same pot.\n"
        "A twin knows no more than the history: what the fit report calls poor or prior only cannot be "
        "decided here."
    )


def _fit_table(fits: list[Any], currency: str) -> Table:
    table = Table(box=None, title="does the twin reproduce the history?", title_justify="left")
    table.add_column("figure")
    for heading in ("real", "twin", "80 % of draws", "weeks inside", "campaigns inside"):
        table.add_column(heading, justify="right")
    table.add_column("fit")
    table.add_column("which means")
    for one in fits:
        money = one["figure"] in ("cost", "value")
        table.add_row(
            f"{one['figure']} ({currency})" if money else one["figure"],
            *(_figure(one[name], money=money) for name in ("real", "mean")),
            ""
            if one["low"] is None
            else f"{_figure(one['low'], money=money)} to {_figure(one['high'], money=money)}",
            *(_share(one[name]) for name in ("weeks_inside", "rows_inside")),
            f"[bold red]{one['verdict']}" if one["verdict"] == "poor" else one["verdict"],
            one["meaning"],
        )
    return table


def _elasticity_table(told: list[Any]) -> Table:
    table = Table(box=None, title="percent more clicks for one percent more spend", title_justify="left")
    table.add_column("campaign")
    for heading in ("elasticity", "80 % interval", "spend varied"):
        table.add_column(heading, justify="right")
    table.add_column("known")
    for one in told:
        table.add_row(
            escape(one["name"]),
            f"{one['mean']:.2f}",
            f"{one['low']:.2f} to {one['high']:.2f}",
            f"±{one['spend_varied']:.0%}",
            f"{one['verdict']} ({one['told']:.0%})",
        )
    return table


def _policy_table(found: list[Any], currency: str) -> Table:
    table = Table(box=None)
    table.add_column("policy")
    headings = ("value", "95 % interval", "over people", "over hold", "value per cost", f"{currency} a day")
    for heading in (*headings, "changes", "clamped", "denied", "over pot", "CPU ms"):
        table.add_column(heading, justify="right")
    table.add_row("clairvoyant", "100.0 %", style="dim")
    for one in found:
        table.add_row(
            escape(one["policy"]),
            f"[bold]{100 * one['mean']:.1f} %",
            "" if one["low"] is None else f"{100 * one['low']:.1f} to {100 * one['high']:.1f}",
            *(_difference(one, control) for control in ("over_people", "over_hold")),
            f"{one['value_per_cost']:.2f}",
            f"{one['cost_micros_per_day'] / 1e6:,.0f}",
            *(f"{one[f'{name}_per_day']:.1f}" for name in ("changes", "clamped", "denied")),
            str(one["over_pot_days"]),
            f"{one['cpu_ms_per_day']:.0f}",
        )
    return table


def _difference(one: Any, control: str) -> str:
    """With a mark where it cannot be told from nothing."""
    over, reach = one[control], one[f"{control}_reach"]
    if over is None or reach is None:
        return ""
    return f"{'' if abs(over) > reach else '~ '}{100 * over:+.1f} ± {100 * reach:.1f}"


def _figure(number: float | None, *, money: bool) -> str:
    if number is None:
        return ""
    if money:
        return f"{number / 1e6:,.0f}"
    return f"{number:,.0f}" if number >= 2 else f"{number:.1%}"


def _share(share: float | None) -> str:
    return "" if share is None else f"{share:.0%}"
