"""Of markets: `gebot backtest` as a page."""

from collections.abc import Sequence

from simulations.backtest import CONFIGURED, Run
from simulations.pages.over_time import by_policy, over_time
from simulations.pages.page import Page, Section, Table
from simulations.scores import CONTROL, Score, scores
from simulations.summary import WARM_UP_DAYS, reach_95

_LEAD = (
    "Each policy lived through the same simulated markets, by the code that runs live and under your "
    "guardrails; only the clock steps, and everybody approves. Value is what the budgets are truly worth "
    "on average, as a share of what a clairvoyant gets who knows every day's true curves and keeps to no "
    f"step limit. Read the difference to '{CONTROL}' with its 95 % interval: where it holds zero, these "
    "markets cannot tell."
)


def page_of_markets(runs: Sequence[Run], command: str, facts: Sequence[tuple[str, str]]) -> Page:
    """One section: the policies came through one world."""
    found = scores(runs)
    names = [one["policy"] for one in found]
    values = {name: {run.task.seed: run.value for run in runs if run.task.policy == name} for name in names}
    main = CONFIGURED if CONFIGURED in names else names[0]
    task = runs[0].task
    seeds = sorted({run.task.seed for run in runs})
    return Page(
        title=f"gebot backtest: world {task.world}",
        lead=_LEAD,
        command=command,
        facts=[
            ("markets", f"seeds {seeds[0]} to {seeds[-1]}, {task.campaigns} campaigns, {task.pot} a day"),
            ("days", f"{task.days}; figures are from day {WARM_UP_DAYS + 1} on"),
            *facts,
        ],
        sections=[
            Section("Policies", [_table(found, main)]),
            Section("Over time", over_time(by_policy(values, names, main), warm_up_days=WARM_UP_DAYS)),
        ],
    )


def _table(found: Sequence[Score], main: str) -> Table:
    rows = [
        [
            one["policy"],
            f"{100 * one['mean_d15']:.1f}",
            f"{100 * one['p5_d15']:.1f}",
            f"{100 * one['mean_all']:.1f}",
            _over(one),
            f"{one['changes_per_day']:.1f}",
            str(one["over_pot_days"]),
            f"{one['cpu_ms_per_day']:.1f}",
        ]
        for one in found
    ]
    return Table(
        (
            *("policy", "mean %", "5th percentile %", "all days %", "over hold, 95 % interval"),
            *("changes a day", "over pot", "CPU ms a day"),
        ),
        rows,
        caption="over hold: paired by seed, in points; over pot: days, must be 0",
        strong=frozenset(row for row, one in enumerate(found) if one["policy"] == main),
    )


def _over(one: Score) -> str:
    mean, error = one["over_hold"], one["over_hold_se"]
    if mean is None or error is None or one["policy"] == CONTROL:
        return ""
    reach = reach_95(one["seeds"]) * error
    return f"{100 * mean:+.1f} ({100 * (mean - reach):+.1f} to {100 * (mean + reach):+.1f})"
