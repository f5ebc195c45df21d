"""Scores: the policies on a twin, each over all of its draws, against people and against holding still."""

from collections.abc import Mapping, Sequence
from typing import TypedDict

import numpy as np

from simulations.summary import paired, reach_95
from simulations.twin.policies import HOLD, PEOPLE
from simulations.twin.trial import Result


class TwinScore(TypedDict):
    """One policy; values are shares of what a clairvoyant of the same draw would have got.

    `mean` over all days lived through and all draws, `low` to `high` its 95 % interval over the
    draws, `p5` the 5th percentile of draws. `over_people`, `over_hold`: paired differences of
    `mean`, with half the width of their 95 % interval in `.._reach`; None for less than two draws,
    or against itself. `better_than_people`: True or False where the interval leaves out zero, else None.
    `value_per_cost`: mean value for one unit of cost; conversions for one unit where nothing has a
    value. Clamped and denied wishes, changes and CPU time are of a day; cost in micros a day.
    """

    record: str
    policy: str
    draws: int
    days: int
    mean: float
    low: float | None
    high: float | None
    p5: float
    over_people: float | None
    over_people_reach: float | None
    over_hold: float | None
    over_hold_reach: float | None
    better_than_people: bool | None
    cost_micros_per_day: int
    value_per_cost: float
    changes_per_day: float
    clamped_per_day: float
    denied_per_day: float
    over_pot_days: int
    cpu_ms_per_day: float


def scores(results: Sequence[Result]) -> list[TwinScore]:
    """One score for each policy, the best first."""
    by_policy: dict[str, list[Result]] = {}
    for one in sorted(results, key=lambda one: one.trial.seed):
        by_policy.setdefault(one.trial.policy.called, []).append(one)
    means = {
        name: {one.trial.seed: float(one.value.mean()) for one in own} for name, own in by_policy.items()
    }
    found = [_score(name, own, means) for name, own in by_policy.items()]
    return sorted(found, key=lambda one: (-one["mean"], one["policy"]))


def _score(name: str, own: Sequence[Result], means: Mapping[str, Mapping[int, float]]) -> TwinScore:
    values = np.array([float(one.value.mean()) for one in own])
    n, n_days = len(own), len(own[0].value)
    cost = sum(float(one.cost_micros.sum()) for one in own)
    reach = None if n < 2 else reach_95(n) * float(values.std(ddof=1)) / n**0.5
    people, hold = _over(name, PEOPLE, means), _over(name, HOLD, means)
    sure = people[0] is not None and people[1] is not None and abs(people[0]) > people[1]
    return TwinScore(
        record="policy",
        policy=name,
        draws=n,
        days=n_days,
        mean=float(values.mean()),
        low=None if reach is None else float(values.mean()) - reach,
        high=None if reach is None else float(values.mean()) + reach,
        p5=float(np.percentile(values, 5)),
        over_people=people[0],
        over_people_reach=people[1],
        over_hold=hold[0],
        over_hold_reach=hold[1],
        better_than_people=people[0] is not None and people[0] > 0 if sure else None,
        cost_micros_per_day=int(cost / (n * n_days)),
        value_per_cost=sum(float(one.worth_micros.sum()) for one in own) / max(cost, 1.0),
        changes_per_day=sum(one.changes for one in own) / (n * n_days),
        clamped_per_day=sum(one.clamped for one in own) / (n * n_days),
        denied_per_day=sum(one.denied for one in own) / (n * n_days),
        over_pot_days=sum(one.over_pot_days for one in own),
        cpu_ms_per_day=1000 * sum(one.cpu_s for one in own) / (n * n_days),
    )


def _over(
    name: str, control: str, means: Mapping[str, Mapping[int, float]]
) -> tuple[float | None, float | None]:
    """Paired difference to a policy, and half of its 95 % interval."""
    if name == control or control not in means:
        return None, None
    found = paired(means[name], means[control])
    if found is None:
        return None, None
    return found.mean, found.se * reach_95(len(means[name].keys() & means[control].keys()))
