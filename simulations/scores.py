"""Scores: runs of a backtest, summed up for each policy."""

from collections.abc import Sequence
from typing import TypedDict

import numpy as np

from simulations.backtest import Run

WARM_UP_DAYS = 14
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
    """One score for each policy, the best first."""
    policies = {run.task.policy for run in runs}
    control = _late(runs, CONTROL)
    return sorted((_score(policy, runs, control) for policy in policies), key=lambda one: -one["mean_d15"])


def _score(policy: str, runs: Sequence[Run], control: dict[int, float]) -> Score:
    own = [run for run in runs if run.task.policy == policy]
    late = _late(runs, policy)
    differences = [late[seed] - control[seed] for seed in late if seed in control]
    paired = len(differences) > 1
    task = own[0].task
    days = len(own) * task.days
    return Score(
        policy=policy,
        world=task.world,
        seeds=len(own),
        days=task.days,
        mean_d15=float(np.mean(list(late.values()))),
        p5_d15=float(np.percentile(list(late.values()), 5)),
        mean_all=float(np.mean([run.value.mean() for run in own])),
        over_hold=float(np.mean(differences)) if paired else None,
        over_hold_se=float(np.std(differences, ddof=1) / len(differences) ** 0.5) if paired else None,
        changes_per_day=sum(run.changes for run in own) / days,
        over_pot_days=sum(run.over_pot_days for run in own),
        cpu_ms_per_day=1000 * sum(run.cpu_s for run in own) / days,
    )


def _late(runs: Sequence[Run], policy: str) -> dict[int, float]:
    """Mean value from day 15 on, by seed."""
    return {
        run.task.seed: float(run.value[WARM_UP_DAYS:].mean()) for run in runs if run.task.policy == policy
    }
