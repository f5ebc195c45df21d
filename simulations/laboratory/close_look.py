"""Close look: what one policy did in one trial, beside the oracle, and whether its ranges held."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr  # type: ignore[import-untyped]  # scipy ships no types

from agent.domain.entity import Floats, Numbers
from simulations.laboratory.trial import Trial

LEVELS: Floats = np.round(np.linspace(0.05, 0.95, 19), 2)
"""Central ranges that are looked at: 5 %, 10 %, ... 95 %."""

_NORMAL_90 = 1.2815515655446004


@dataclass(frozen=True, slots=True)
class Ranges:
    """Beliefs, each as a mean and the range of 80 %, and what was true; columns of shape (n,)."""

    mean: Floats
    low: Floats
    high: Floats
    truth: Floats


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many of the ranges at each of `LEVELS` held the truth, of how many."""

    held: Numbers
    asked: int

    def plus(self, other: "Coverage") -> "Coverage":
        return Coverage(self.held + other.held, self.asked + other.asked)

    def share(self) -> Floats:
        """Shape (n_levels,), NaN where nothing was asked."""
        return self.held / self.asked if self.asked else np.full(len(LEVELS), np.nan)

    def at(self, level: float) -> float:
        """The share at one of the levels."""
        return float(self.share()[np.argmin(np.abs(LEVELS - level))])


@dataclass(frozen=True, slots=True)
class CloseLook:
    """One trial of one policy.

    Attributes:
        chosen, best: Shape (days, n), what each entity was given, as a share of the day's pot;
            by the policy and by the oracle.
        posterior: Of the ranges around a day's value at the new setting.
        effect: Of the ranges around the change that a proposal was expected to make.
    """

    trial: Trial
    chosen: Floats
    best: Floats
    posterior: Coverage
    effect: Coverage


def coverage_of_values(ranges: Ranges) -> Coverage:
    """Ranges of what cannot be negative: lognormal, with the 80 % range that was given."""
    sane = (ranges.low > 0) & (ranges.high > ranges.low) & (ranges.truth > 0)
    low, high, truth = (np.log(one[sane]) for one in (ranges.low, ranges.high, ranges.truth))
    return _coverage(truth - (low + high) / 2, (high - low) / 2)


def coverage_of_effects(ranges: Ranges) -> Coverage:
    """Ranges of what may have either sign: normal, with the 80 % range that was given."""
    sane = ranges.high > ranges.low
    off = (ranges.truth - ranges.mean)[sane]
    return _coverage(off, (ranges.high - ranges.low)[sane] / 2)


def _coverage(off: Floats, half_of_80: Floats) -> Coverage:
    """From how far the truth was off and half the width of the 80 % range, both shape (n,)."""
    needed = 2.0 * ndtr(np.abs(off) / half_of_80 * _NORMAL_90) - 1.0  # the narrowest range that holds it
    held = (needed[:, None] <= LEVELS).sum(axis=0)
    return Coverage(held.astype(np.int64), len(off))
