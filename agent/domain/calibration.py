"""Calibration: how often the 80 % intervals of a decider held for changes that were carried out.

An interval is about the mean of a day, which nobody sees; what is seen is the average of a few
days. So an interval is first widened by the sampling error of that average: each half of it to
``sqrt(half^2 + (1.28 * noise)^2)``. What came true then lies inside in 80 of 100 cases if the decider
is right, and the less often, the more its own intervals lack of what the noise does not explain.

Changes of one week share their luck (a holiday, a competitor), so they count for less than as
many single cases: the variance of the share is that between weeks (cluster-robust; Cochran 1977,
chapter 9A), and the interval about it is Wilson's (1927) at the number of cases that are left.
"""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

import numpy as np

from agent.domain.entity import Flags, Floats, Numbers, Strings

PROMISED = 0.8
"""What an `Interval` says of itself."""

MIN_WEEKS = 3
"""One bad week, or two, is bad luck."""

_NORMAL_90 = 1.2815515655446004
_NORMAL_97_5 = 1.959963984540054


class Reliability(StrEnum):
    """What can be said of a decider's intervals."""

    CALIBRATED = "calibrated"
    TOO_NARROW = "too narrow"  # surely held less often than is tolerated: miscalibrated
    TOO_WIDE = "too wide"  # surely held more often than promised: cautious, not dangerous
    TOO_FEW = "too few to tell"


@dataclass(frozen=True, slots=True)
class Tolerance:
    """When a decider is demoted to proposals only.

    Attributes:
        demote: False: its intervals are measured and told, and that is all.
        min_changes: Fewer measured changes say nothing.
        tolerated: Least share of 80 % intervals that must hold; demoted is whose share is
            below it with a confidence of 97.5 %.
    """

    demote: bool = True
    min_changes: int = 30
    tolerated: Fraction = Fraction(70, 100)


USUAL = Tolerance()
"""As config.toml has it when it says nothing."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Forecasts beside what came true; columns of shape (n,).

    Attributes:
        mean, low, high: The 80 % interval of the mean of a day.
        realised: Average of a day over some days.
        noise: Standard error of `realised`.
        weeks: Changes with the same number share their luck.
    """

    sources: Strings
    mean: Floats
    low: Floats
    high: Floats
    realised: Floats
    noise: Floats
    weeks: Numbers

    def __len__(self) -> int:
        return len(self.sources)

    def stretch(self) -> Floats:
        """How far off each is, in multiples of its widened interval: up to 1 it held."""
        off = self.realised - self.mean
        half = np.where(off < 0, self.mean - self.low, self.high - self.mean)
        reach = np.hypot(half, _NORMAL_90 * self.noise)
        return np.divide(np.abs(off), reach, out=np.where(off == 0, 0.0, np.inf), where=reach > 0)

    def held(self) -> Flags:
        """Where the widened interval holds what came true."""
        return self.stretch() <= 1.0


_NO_FIGURES = np.empty(0)
_NO_NUMBERS = np.empty(0, dtype=np.int64)

NOTHING = Measured(
    sources=np.empty(0, dtype=np.str_),
    mean=_NO_FIGURES,
    low=_NO_FIGURES,
    high=_NO_FIGURES,
    realised=_NO_FIGURES,
    noise=_NO_FIGURES,
    weeks=_NO_NUMBERS,
)
"""Before anything was measured."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """How the intervals of one decider have held.

    Attributes:
        n: Measured changes; `held` of them were inside.
        low, high: Range of the true share, with a confidence of 95 %.
        bias: What came true over what was expected, minus 1; None when nothing was expected.
        stretch: Factor by which the (widened) intervals would have had to be wider for 80 of
            100 to hold; below 1 when they were wider than needed.
    """

    source: str
    n: int
    held: int
    low: float
    high: float
    bias: float | None
    stretch: float
    reliability: Reliability
    demoted: bool

    def __str__(self) -> str:
        sure = f"{100 * self.low:.0f} to {100 * self.high:.0f}"
        return f"{self.source}: 80 % intervals held {self.held} of {self.n} times ({sure} %)"


def calibrations(measured: Measured, tolerance: Tolerance) -> tuple[Calibration, ...]:
    """Judge each decider for itself, sorted by name. Pure."""
    return tuple(
        _judge(str(source), measured, measured.sources == source, tolerance)
        for source in np.unique(measured.sources)
    )


@dataclass(frozen=True, slots=True)
class _Range:
    low: float
    high: float


def _judge(source: str, measured: Measured, mine: Flags, tolerance: Tolerance) -> Calibration:
    stretch = measured.stretch()[mine]
    held = stretch <= 1.0
    weeks = measured.weeks[mine]
    sure = _share_range(held, weeks)
    expected = float(measured.mean[mine].sum())
    reliability = _reliability(len(held), len(np.unique(weeks)), sure, tolerance)
    return Calibration(
        source=source,
        n=len(held),
        held=int(held.sum()),
        low=sure.low,
        high=sure.high,
        bias=float(measured.realised[mine].sum()) / expected - 1.0 if expected > 0 else None,
        stretch=float(np.quantile(stretch, PROMISED, method="inverted_cdf")),
        reliability=reliability,
        demoted=tolerance.demote and reliability is Reliability.TOO_NARROW,
    )


def _reliability(n: int, n_weeks: int, sure: _Range, tolerance: Tolerance) -> Reliability:
    if n < tolerance.min_changes or n_weeks < MIN_WEEKS:
        return Reliability.TOO_FEW
    if sure.high < tolerance.tolerated:
        return Reliability.TOO_NARROW
    return Reliability.TOO_WIDE if sure.low > PROMISED else Reliability.CALIBRATED


def _share_range(held: Flags, weeks: Numbers) -> _Range:
    """Wilson's 95 % interval, with as many cases as the changes are worth."""
    n = len(held)
    share = float(held.mean())
    worth = n / _design_effect(held, weeks)
    z2 = _NORMAL_97_5**2 / worth
    middle = (share + z2 / 2) / (1 + z2)
    reach = _NORMAL_97_5 * ((share * (1 - share) + z2 / 4) / worth) ** 0.5 / (1 + z2)
    return _Range(max(middle - reach, 0.0), min(middle + reach, 1.0))


def _design_effect(held: Flags, weeks: Numbers) -> float:
    """By how much the share varies more than that of as many single cases; at least 1."""
    share, week = float(held.mean()), np.unique(weeks, return_inverse=True)[1]
    n_weeks = int(week.max()) + 1
    if n_weeks < 2 or share in (0.0, 1.0):
        return 1.0
    off = np.bincount(week, weights=held - share)
    variance = n_weeks / (n_weeks - 1) * float((off**2).sum()) / len(held) ** 2
    return max(variance * len(held) / (share * (1 - share)), 1.0)
