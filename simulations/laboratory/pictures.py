"""Pictures: the plots of one world of a benchmark."""

from collections.abc import Sequence

import numpy as np

from agent.domain.entity import Floats
from simulations.laboratory.trial import Result
from simulations.pages.figures import Line, Spread, lines, spreads
from simulations.pages.page import Picture
from simulations.summary import WARM_UP_DAYS

_WEEK_DAYS = 7
_SHOWN = 5
_WITH_BAND = 2


def world_pictures(results: Sequence[Result], names: Sequence[str], ours: str) -> list[Picture]:
    """Value over time, regret, and the spread over seeds.

    Args:
        results: Of one world.
        names: Of the policies, in the order in which they are drawn; the first few are shown.
    """
    values = {name: _by_seed(results, name) for name in names}
    return [
        Picture(
            lines(
                [_value_line(values[name], name, name == ours, place) for place, name in enumerate(names)],
                x_title="day",
                y_title="value",
                y_format=".0%",
            ),
            "Value over time: mean of the last 7 days, mean over seeds; the bands of the first two policies "
            "hold the middle 80 % of seeds. The gap to 100 % is the day's regret. The legend has the others.",
        ),
        Picture(
            lines(
                [_regret_line(values[name], name, name == ours, place) for place, name in enumerate(names)],
                x_title="day",
                y_title="days of the clairvoyant's value",
                height=360,
            ),
            "Cumulative regret: what was missed so far, counted in days of the clairvoyant's value.",
        ),
        Picture(
            spreads(
                [
                    Spread(name, _late(values[name]), _seeds(results, name), main=name == ours)
                    for name in names
                ],
                x_title="value from day 15 on",
                x_format=".0%",
            ),
            "A point for each seed, a box around the middle half of them.",
        ),
    ]


def _value_line(values: Floats, name: str, is_ours: bool, place: int) -> Line:
    smooth = _last_week(values)
    # More bands than two cannot be told apart.
    low, high = np.quantile(smooth, [0.1, 0.9], axis=0) if place < _WITH_BAND else (None, None)
    return Line(name, _days(values), smooth.mean(axis=0), low, high, main=is_ours, shown=place < _SHOWN)


def _regret_line(values: Floats, name: str, is_ours: bool, place: int) -> Line:
    regret = np.cumsum(1.0 - values, axis=1)
    return Line(name, _days(values), regret.mean(axis=0), main=is_ours, shown=place < _SHOWN)


def _by_seed(results: Sequence[Result], name: str) -> Floats:
    """Shape (n_seeds, days)."""
    return np.array([result.value for result in _of(results, name)])


def _seeds(results: Sequence[Result], name: str) -> list[str]:
    return [f"seed {result.trial.seed}" for result in _of(results, name)]


def _of(results: Sequence[Result], name: str) -> list[Result]:
    own = [result for result in results if result.trial.policy == name]
    return sorted(own, key=lambda result: result.trial.seed)


def _late(values: Floats) -> Floats:
    late: Floats = values[:, WARM_UP_DAYS:].mean(axis=1)
    return late


def _last_week(values: Floats) -> Floats:
    """Mean of each day and the six before it, or of as many as there are."""
    total = np.cumsum(values, axis=1)
    total[:, _WEEK_DAYS:] -= total[:, :-_WEEK_DAYS].copy()
    smooth: Floats = total / np.minimum(np.arange(1, values.shape[1] + 1), _WEEK_DAYS)
    return smooth


def _days(values: Floats) -> Floats:
    return np.arange(1.0, values.shape[1] + 1.0)
