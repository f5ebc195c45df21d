"""Leaderboard: configurations by what they reached, each held against the base on the same markets."""

from collections.abc import Mapping, Sequence
from typing import TypedDict

import numpy as np

from simulations.summary import paired
from simulations.sweep.jobs import Found
from simulations.sweep.parameters import Value


class Place(TypedDict):
    """One configuration over all markets; values are shares of what a clairvoyant gets.

    `parameters`: what was changed, empty for the base. `mean_d15`, `p5_d15`: from day 15 on, mean
    and 5th percentile over markets. `over_base`: paired difference of `mean_d15` with its
    standard error; None for the base itself, or below two markets.
    """

    rank: int
    parameters: dict[str, Value]
    mean_d15: float
    p5_d15: float
    mean_all: float
    over_base: float | None
    over_base_se: float | None
    markets: int
    changes_per_day: float
    over_pot_days: int
    cpu_ms_per_day: float


def leaderboard(found: Sequence[Found]) -> list[Place]:
    """The best first; the same whatever the order of the results is, CPU times excepted."""
    by_values: dict[tuple[tuple[str, Value], ...], list[Found]] = {}
    for one in sorted(found, key=lambda one: (one.world, one.seed)):
        by_values.setdefault(tuple(one.values.items()), []).append(one)
    base = _by_market(by_values.get((), []))
    places = [_place(dict(values), own, base) for values, own in by_values.items()]
    places.sort(key=lambda place: (-place["mean_d15"], str(place["parameters"])))
    return [{**place, "rank": rank} for rank, place in enumerate(places, start=1)]


def by_market(found: Sequence[Found], parameters: Mapping[str, Value]) -> list[Found]:
    """The results of one configuration, in the order of worlds and seeds."""
    own = [one for one in found if dict(one.values) == dict(parameters)]
    return sorted(own, key=lambda one: (one.world, one.seed))


def _place(
    parameters: dict[str, Value], own: Sequence[Found], base: Mapping[tuple[str, int], float]
) -> Place:
    over = paired(_by_market(own), base) if parameters else None
    return Place(
        rank=0,
        parameters=parameters,
        mean_d15=float(np.mean([one.mean_d15 for one in own])),
        p5_d15=float(np.percentile([one.mean_d15 for one in own], 5)),
        mean_all=float(np.mean([one.mean_all for one in own])),
        over_base=None if over is None else over.mean,
        over_base_se=None if over is None else over.se,
        markets=len(own),
        changes_per_day=float(np.mean([one.changes_per_day for one in own])),
        over_pot_days=sum(one.over_pot_days for one in own),
        cpu_ms_per_day=float(np.mean([one.cpu_ms_per_day for one in own])),
    )


def _by_market(own: Sequence[Found]) -> dict[tuple[str, int], float]:
    return {(one.world, one.seed): one.mean_d15 for one in own}
