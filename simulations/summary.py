"""Summary: what many runs of one policy come to, alone and against another on the same markets."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit  # type: ignore[import-untyped]  # scipy ships no types

Market = TypeVar("Market", bound=Hashable)

WARM_UP_DAYS = 14

BySeed = Mapping[int, NDArray[np.float64]]
"""For each seed the value of each day, shape (days,), as a share of the oracle's."""


@dataclass(frozen=True, slots=True)
class Summary:
    """`mean_d15`, `p5_d15`: from day 15 on, over seeds. `mean_all`: all days."""

    mean_d15: float
    p5_d15: float
    mean_all: float


@dataclass(frozen=True, slots=True)
class Difference:
    """Mean of paired differences with its standard error, which one pair alone does not have."""

    mean: float
    se: float


def summary(values: BySeed) -> Summary:
    """Sum up the runs of one policy; at least one, each longer than the warm-up."""
    late = list(_late(values).values())
    return Summary(
        mean_d15=float(np.mean(late)),
        p5_d15=float(np.percentile(late, 5)),
        mean_all=float(np.mean([value.mean() for value in values.values()])),
    )


def difference(values: BySeed, control: BySeed) -> Difference | None:
    """By how much a policy did better from day 15 on, over the seeds that both met; None below two."""
    return paired(_late(values), _late(control))


def paired(values: Mapping[Market, float], control: Mapping[Market, float]) -> Difference | None:
    """By how much values differ on the markets that both have; None below two."""
    pairs = np.array([values[market] - control[market] for market in values if market in control])
    if len(pairs) < 2:
        return None
    return Difference(float(pairs.mean()), float(pairs.std(ddof=1) / len(pairs) ** 0.5))


def reach_95(n_pairs: int) -> float:
    """Half the width of a 95 % interval, in standard errors (Student's t); two pairs at least."""
    return float(stdtrit(n_pairs - 1, 0.975))


def _late(values: BySeed) -> dict[int, float]:
    """Mean value from day 15 on, by seed, in the order of seeds."""
    return {seed: float(values[seed][WARM_UP_DAYS:].mean()) for seed in sorted(values)}
