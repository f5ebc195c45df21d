"""Forecast: what a model said of changes that were carried out, as columns."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from agent.domain.entity import Floats, Numbers, Strings
from agent.domain.portfolio import Goal


@dataclass(frozen=True, slots=True)
class Forecasts:
    """Applied changes whose proposal had a posterior, oldest first; columns of shape (n,).

    Changes that a guardrail clamped are not in it: nothing was said of the value that they got.

    Attributes:
        sources: The decider that made each, as named in config.toml.
        kinds, ids, levers: What was changed; ids as in the tables of the plan's account.
        applied_at: datetime64[s], UTC.
        before, after: Numbers of the lever (see `number_of`).
        of: What the posterior speaks of, in the decider's words (`Evidence.posterior_of`).
        mean, low, high: The posterior, in the units named there.
        effect: Mean of the expected effect in the same units; NaN where none was given.
    """

    sources: Strings
    kinds: Strings
    ids: Strings
    levers: Strings
    applied_at: NDArray[np.datetime64]
    before: Numbers
    after: Numbers
    of: Strings
    mean: Floats
    low: Floats
    high: Floats
    effect: Floats

    def __len__(self) -> int:
        return len(self.sources)

    def take(self, rows: NDArray[np.intp]) -> "Forecasts":
        """These rows, in this order."""
        return Forecasts(*(getattr(self, field.name)[rows] for field in fields(self)))


def goal_of(posterior_of: str) -> Goal | None:
    """What `Evidence.posterior_of` counts a day, so that it can be measured; None for anything else.

    Deciders say "conversions per day ..." or "conversion value in EUR per day ...".
    """
    if posterior_of.startswith("conversions per day"):
        return Goal.CONVERSIONS
    if posterior_of.startswith("conversion value") and "per day" in posterior_of:
        return Goal.VALUE
    return None
