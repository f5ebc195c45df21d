"""Scores: runs of a backtest, summed up for each policy."""

from collections.abc import Sequence
from typing import TypedDict

from simulations.backtest import Run
from simulations.summary import BySeed, difference, summary

CONTROL = "hold"


class Score(TypedDict):
    """One policy over all seeds; values are shares of what a clairvoyant would have got.

    `mean_d15`, `p5_d15`: from day 15 on, mean and 5th percentile over seeds. `mean_all`: all
    days. `over_hold`: paired difference of `mean_d15` to `hold` over the seeds, with its
    standard error; None where `hold` was not run, or for fewer than two seeds.
    """

    policy: str
    world: str
    seeds: int
    days: int
    mean_d15: float
    p5_d15: float
    mean_all: float
    over_hold: float | None
    over_hold_se: float | None
    changes_per_day: float
    over_pot_days: int
    cpu_ms_per_day: float


def scores(runs: Sequence[Run]) -> list[Score]:
    """One score for each policy, the best first.

    The same whatever the order of the runs is, CPU times excepted.
    """
    policies = sorted({run.task.policy for run in runs})
    control = _values(runs, CONTROL)
    return sorted((_score(policy, runs, control) for policy in policies), key=lambda one: -one["mean_d15"])


def _score(policy: str, runs: Sequence[Run], control: BySeed) -> Score:
    own = [run for run in runs if run.task.policy == policy]
    values = _values(runs, policy)
    found, over = summary(values), difference(values, control)
    task = own[0].task
    days = len(own) * task.days
    return Score(
        policy=policy,
        world=task.world,
        seeds=len(own),
        days=task.days,
        mean_d15=found.mean_d15,
        p5_d15=found.p5_d15,
        mean_all=found.mean_all,
        over_hold=None if over is None else over.mean,
        over_hold_se=None if over is None else over.se,
        changes_per_day=sum(run.changes for run in own) / days,
        over_pot_days=sum(run.over_pot_days for run in own),
        cpu_ms_per_day=1000 * sum(run.cpu_s for run in own) / days,
    )


def _values(runs: Sequence[Run], policy: str) -> BySeed:
    found = {run.task.seed: run.value for run in runs if run.task.policy == policy}
    return dict(sorted(found.items()))
