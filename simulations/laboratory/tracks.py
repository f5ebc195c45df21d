"""Tracks: which worlds belong together, and the trials and records of a benchmark over them."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TypedDict

from simulations.laboratory.arena import Result, Trial
from simulations.laboratory.policies import OURS
from simulations.summary import BySeed, difference, summary

TRACKS: Mapping[str, Sequence[str]] = MappingProxyType({"A": [f"A{number}" for number in range(1, 11)]})
"""Worlds of each track, in order."""


class Record(TypedDict):
    """One policy on one world over all seeds; values are shares of what a clairvoyant would have got.

    `mean_d15`, `p5_d15`: from day 15 on, mean and 5th percentile over seeds. `mean_all`: all
    days. `over_ours`: paired difference of `mean_d15` to ours over the seeds, with its standard
    error; None for ours itself, where ours was not run, or for fewer than two seeds.
    `violations`: days on which pot or bounds were broken.
    """

    track: str
    world: str
    policy: str
    mean_d15: float
    p5_d15: float
    mean_all: float
    over_ours: float | None
    over_ours_se: float | None
    seeds: int
    days: int
    cpu_ms_per_decision: float
    violations: int


def trials(worlds: Sequence[str], policies: Sequence[str], seeds: Sequence[int], days: int) -> list[Trial]:
    """Every policy on every draw, world by world."""
    return [Trial(policy, world, seed, days) for world in worlds for seed in seeds for policy in policies]


def records(track: str, results: Sequence[Result]) -> list[Record]:
    """One record for each world and policy: worlds in the track's order, the best policy first.

    The same whatever the order of the results is, CPU times excepted.
    """
    found = []
    for world in TRACKS[track]:
        here = [result for result in results if result.trial.world == world]
        names = sorted({result.trial.policy for result in here})
        rows = [_record(track, [one for one in here if one.trial.policy == name], here) for name in names]
        found += sorted(rows, key=lambda row: -row["mean_d15"])
    return found


def _record(track: str, own: Sequence[Result], here: Sequence[Result]) -> Record:
    trial = own[0].trial
    values = _values(own, trial.policy)
    whole = summary(values)
    over = None if trial.policy == OURS else difference(values, _values(here, OURS))
    return Record(
        track=track,
        world=trial.world,
        policy=trial.policy,
        mean_d15=whole.mean_d15,
        p5_d15=whole.p5_d15,
        mean_all=whole.mean_all,
        over_ours=None if over is None else over.mean,
        over_ours_se=None if over is None else over.se,
        seeds=len(own),
        days=trial.days,
        cpu_ms_per_decision=1000 * sum(one.cpu_s for one in own) / (len(own) * trial.days),
        violations=sum(one.violations for one in own),
    )


def _values(results: Sequence[Result], policy: str) -> BySeed:
    return {one.trial.seed: one.value for one in sorted(results, key=_seed) if one.trial.policy == policy}


def _seed(result: Result) -> int:
    return result.trial.seed
