"""Targets: what portfolios return against the target ROAS that they were given (world C1)."""

import numpy as np
from plotly.graph_objects import Figure

from simulations.laboratory.budgets.targets import TARGETS
from simulations.laboratory.trial import Trial
from simulations.pages.figures import Line, lines

_DAYS = 90
_WEEK_DAYS = 7
_SEEDS = range(300, 308)
_SHOWN = ("thompson_budget", "target_roas", "weekly_rule")


def return_over_target() -> Figure:
    """Expected return of each week as a multiple of the target; below 1 the promise is broken."""
    weeks = np.arange(1.0, _DAYS // _WEEK_DAYS + 1)
    drawn = []
    for policy in _SHOWN:
        ratios = np.array([_weekly(policy, seed) for seed in _SEEDS])
        low, high = np.percentile(ratios, [10, 90], axis=0)
        drawn.append(Line(policy, weeks, ratios.mean(axis=0), low, high, main=policy == _SHOWN[0]))
    drawn.append(Line("the target", weeks, np.ones(len(weeks)), dashed=True))
    return lines(drawn, x_title="week", y_title="ROAS over target", y_format=".2f")


def _weekly(policy: str, seed: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    promise = TARGETS.run(Trial("C", policy, "C1", seed, _DAYS)).promise
    assert promise is not None, "worlds of track C have a target"
    whole = _DAYS // _WEEK_DAYS * _WEEK_DAYS
    earned, due = (days[:whole].reshape(-1, _WEEK_DAYS).sum(axis=1) for days in (promise.earned, promise.due))
    ratios: np.ndarray[tuple[int], np.dtype[np.float64]] = earned / due
    return ratios
