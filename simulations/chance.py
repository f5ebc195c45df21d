"""Chance: random numbers that stay the same for one campaign and day whatever the budgets are.

A generator's own Poisson or gamma draws use up more or fewer random bits as their mean
changes, and so would change the luck of every campaign after it. Here each draw is a
monotone function of a number that was fixed beforehand: more budget buys more of the same luck.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import special  # type: ignore[import-untyped]  # scipy ships no types

from simulations.curves import Floats

TABLE_SIZE = 65_536
_EXACT_BELOW = 12.0
_COUNTS = np.arange(1.0, 48.0)


def poisson(mean: Floats, luck: Floats) -> NDArray[np.int64]:
    """Poisson counts with these means; `luck` is standard normal, of the same shape (n,).

    Exact below a mean of 12, above it the Cornish-Fisher expansion of the quantile
    (Giles 2016, "Algorithm 955"), which is off by one in at most 2 of 1,000.
    """
    root = np.sqrt(np.maximum(mean, 1.0))
    quantile = mean + root * luck + (2.0 + luck**2) / 6.0 - (2.0 * luck + luck**3) / (72.0 * root)
    counts = np.floor(np.maximum(quantile, 0.0)).astype(np.int64)
    small = np.flatnonzero(mean < _EXACT_BELOW)
    if len(small):
        few = mean[small, None]
        cumulated = np.cumprod(few / _COUNTS, axis=1).cumsum(axis=1) + 1.0
        threshold = special.ndtr(luck[small, None]) * np.exp(few)
        counts[small] = (cumulated < threshold).sum(axis=1) + (threshold[:, 0] > 1.0)
    return counts


def sequence(starts: NDArray[np.uint64], positions: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The numbers at these positions of the SplitMix64 sequences that begin at `starts`.

    Any position can be had alone, so a conversion's delay and value do not depend on how
    many others there were (Steele, Lea and Flood 2014).
    """
    mixed = starts + (positions + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    numbers: NDArray[np.uint64] = mixed ^ (mixed >> np.uint64(31))
    return numbers


@cache
def gamma_table(variation: float) -> Floats:
    """Shape (TABLE_SIZE,): equally likely values of a gamma with mean 1 and this cv, rising."""
    shape = 1.0 / variation**2
    values: Floats = special.gammaincinv(shape, (np.arange(TABLE_SIZE) + 0.5) / TABLE_SIZE)
    table: Floats = values / values.mean()
    return table


@cache
def delay_table(same_day: float, per_day: float, longest: int) -> NDArray[np.int64]:
    """Shape (TABLE_SIZE,): equally likely delays in days, rising.

    P(0) = same_day, P(d) = (1 - same_day) per_day (1 - per_day)^(d - 1) for d up to
    `longest`, scaled so that every conversion is reported in the end.
    """
    tail = per_day * (1.0 - per_day) ** np.arange(longest)
    chances = np.append(same_day, (1.0 - same_day) * tail / tail.sum())
    return np.searchsorted(np.cumsum(chances)[:-1], (np.arange(TABLE_SIZE) + 0.5) / TABLE_SIZE)
