"""Kept: how well a target was kept over many trials."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simulations.laboratory.trial import Promise
from simulations.summary import WARM_UP_DAYS

_WEEK_DAYS = 7
_UNDER = 0.95


@dataclass(frozen=True, slots=True)
class Kept:
    """From day 15 on.

    Attributes:
        roas_to_target: Expected value over what the target asks for the expected cost, of each
            trial, then the mean.
        weeks_under_target: Share of weeks in which that ratio was below 0.95; days that do not
            fill a week are left out. None where no week is whole.
    """

    roas_to_target: float
    weeks_under_target: float | None


def kept_of(promises: Sequence[Promise]) -> Kept | None:
    """Over all trials; None where there was no target."""
    if not promises:
        return None
    weeks = [_weeks(one.earned) / _weeks(one.due) for one in promises]
    whole = [one.earned[WARM_UP_DAYS:].sum() / one.due[WARM_UP_DAYS:].sum() for one in promises]
    under = np.concatenate(weeks) < _UNDER
    return Kept(float(np.mean(whole)), float(under.mean()) if len(under) else None)


def _weeks(days: np.ndarray) -> np.ndarray:
    """Sums over whole weeks from day 15 on."""
    late = days[WARM_UP_DAYS:]
    n_weeks = len(late) // _WEEK_DAYS
    sums: np.ndarray = late[: n_weeks * _WEEK_DAYS].reshape(n_weeks, _WEEK_DAYS).sum(axis=1)
    return sums
