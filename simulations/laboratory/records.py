"""Records: what a benchmark found, a row for each world and policy."""

from collections.abc import Sequence
from typing import TypedDict

from simulations.laboratory.kept import kept_of
from simulations.laboratory.trial import Result, Track
from simulations.summary import BySeed, difference, summary


class Record(TypedDict):
    """One policy on one world over all seeds; values are shares of what a clairvoyant would have got.

    `mean_d15`, `p5_d15`: from day 15 on, mean and 5th percentile over seeds. `mean_all`: all
    days. `over_ours`: paired difference of `mean_d15` to ours over the seeds, with its standard
    error; None for ours itself, where ours was not run, or for fewer than two seeds.
    `violations`: days on which pot or bounds were broken.

    Under a target, from day 15 on and over all seeds, else None: `roas_to_target`, expected
    ROAS over target; `weeks_under_target`, share of weeks in which it was below 95 % of it.
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
    roas_to_target: float | None
    weeks_under_target: float | None


def records(track: Track, results: Sequence[Result]) -> list[Record]:
    """One record for each world and policy: worlds in the track's order, the best policy first.

    The same whatever the order of the results is, CPU times excepted.
    """
    found = []
    for world in track.worlds:
        here = sorted((result for result in results if result.trial.world == world), key=_seed)
        names = sorted({result.trial.policy for result in here})
        rows = [_record(track, [one for one in here if one.trial.policy == name], here) for name in names]
        found += sorted(rows, key=lambda row: -row["mean_d15"])
    return found


def _record(track: Track, own: Sequence[Result], here: Sequence[Result]) -> Record:
    trial = own[0].trial
    values = _values(own, trial.policy)
    whole = summary(values)
    kept = kept_of([one.promise for one in own if one.promise is not None])
    over = None if trial.policy == track.ours else difference(values, _values(here, track.ours))
    return Record(
        track=trial.track,
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
        roas_to_target=None if kept is None else kept.roas_to_target,
        weeks_under_target=None if kept is None else kept.weeks_under_target,
    )


def _values(results: Sequence[Result], policy: str) -> BySeed:
    return {one.trial.seed: one.value for one in results if one.trial.policy == policy}


def _seed(result: Result) -> int:
    return result.trial.seed
