"""Maturity: which share of a day's conversions has been reported by now."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from agent.domain.advice import Advice

PRIOR_CONVERSIONS = 50.0
"""The assumed curve weighs as much as this many observed conversions at each age."""
MOST_TOLD = 500.0
"""A platform's own lag report weighs as much as it has conversions, and no more than this many.

It tells when conversions happened and not when they were reported, over a period of its own
choice; so weeks of the account's own days outweigh it in the end.
"""


CHANNEL_PRIOR = 100.0
"""The account's curve weighs as much as this many observed conversions in those of its channels."""
ENOUGH = 200.0
"""Conversions of young days that a channel must have been seen with twice, to have a curve of its own."""


@dataclass(frozen=True, slots=True)
class LagCurve:
    """Reported share by age of the day.

    Attributes:
        reported: Shape (n_ages,), share of a day's final conversions that is reported `age`
            days after it (age 0: on the day itself); within (0, 1], never falling, last = 1.
        learned: False when no restatement was seen, and nothing was told: the assumed curve
            stands alone.
        weight: Observed conversions at each age that the curve weighs as much as, as a prior.
    """

    reported: NDArray[np.float64]
    learned: bool
    weight: float = PRIOR_CONVERSIONS

    def at(self, ages: NDArray[np.int64]) -> NDArray[np.float64]:
        """Reported share at these ages; older than the curve is 1."""
        return self.reported[np.clip(ages, 0, len(self.reported) - 1)]


@dataclass(frozen=True, slots=True)
class Development:
    """How conversions grew from one age to the next; both of shape (n_ages - 1,), see `chain_ladder`."""

    earlier: NDArray[np.float64]
    later: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Lag:
    """How late conversions are reported.

    Attributes:
        account: Of all entities together.
        channels: Of those channels of which enough was seen twice.
    """

    account: LagCurve
    channels: Mapping[str, LagCurve] = field(default_factory=dict)


def assumed_curve(same_day: float = 0.5, per_day: float = 0.3, n_ages: int = 31) -> LagCurve:
    """The curve to start from: `same_day` at once, then `per_day` of what is left each day."""
    ages = np.arange(n_ages)
    reported = 1.0 - (1.0 - same_day) * (1.0 - per_day) ** ages
    return LagCurve(reported / reported[-1], learned=False)


def told_curve(advice: Advice, n_ages: int) -> LagCurve | None:
    """The curve that the platform itself tells, as mornings see it; None when it does not."""
    if not advice.reported or advice.reported_n <= 0:
        return None
    reported = np.ones(n_ages)
    told = np.maximum.accumulate(np.clip(advice.reported, 1e-3, 1.0))[:n_ages]
    reported[: len(told)] = told
    curve = _by_morning(LagCurve(reported, learned=True))
    return replace(curve, weight=min(advice.reported_n, MOST_TOLD))


def chain_ladder(
    earlier: NDArray[np.float64], later: NDArray[np.float64], prior: LagCurve | None = None
) -> LagCurve:
    """Learn the curve from development factors (Mack 1993), drawn towards a prior curve.

    Args:
        earlier: Shape (n_ages - 1,); conversions known at age a, summed over the days that
            were also seen at age a + 1.
        later: Shape (n_ages - 1,); conversions of the same days known at age a + 1.
        prior: The assumed curve, as mornings see it, when None.
    """
    curve = _by_morning(assumed_curve(n_ages=len(earlier) + 1)) if prior is None else prior
    expected = curve.weight * curve.reported
    factor = (later + expected[1:]) / (earlier + expected[:-1])
    factor = np.maximum(factor, 1.0)
    to_final = np.append(np.cumprod(factor[::-1])[::-1], 1.0)
    return LagCurve(1.0 / to_final, learned=curve.learned or bool(earlier.sum() > 0))


def channel_curve(seen: Development, account: LagCurve) -> LagCurve | None:
    """The curve of one channel, drawn towards its account's; None where too little was seen."""
    if seen.earlier[:2].sum() < ENOUGH:
        return None
    return chain_ladder(seen.earlier, seen.later, replace(account, weight=CHANNEL_PRIOR))


def _by_morning(curve: LagCurve) -> LagCurve:
    """What mornings know, when accounts are read: of yesterday's clicks only what came the same day."""
    known = np.append(curve.reported[0], curve.reported[:-1])
    return LagCurve(known / known[-1], learned=curve.learned)
