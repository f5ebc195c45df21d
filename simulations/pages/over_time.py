"""Over time: value, regret and spread over seeds of policies that lived through the same markets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from agent.domain.entity import Floats
from simulations.pages.figures import Line, Spread, lines, spreads
from simulations.pages.page import Picture

_WEEK_DAYS = 7
_SHOWN = 5
_WITH_BAND = 2


@dataclass(frozen=True, slots=True)
class Lives:
    """One policy on all of its markets.

    Attributes:
        value: Shape (n_markets, days), as a share of the clairvoyant's.
        markets: What each is called: "seed 1003".
        main: The one that the page is about.
    """

    name: str
    value: Floats
    markets: Sequence[str]
    main: bool = False


def over_time(lived: Sequence[Lives], *, warm_up_days: int) -> list[Picture]:
    """Three pictures; the first few policies are shown, the others wait in the legend.

    Args:
        warm_up_days: Left out of the spread.
    """
    return [
        Picture(
            lines(
                [_value(one, place) for place, one in enumerate(lived)],
                x_title="day",
                y_title="value",
                y_format=".0%",
            ),
            "Value over time: mean of the last 7 days, mean over seeds; the bands of the first two policies "
            "hold the middle 80 % of seeds. The gap to 100 % is the day's regret. The legend has the others.",
        ),
        Picture(
            lines(
                [_regret(one, place) for place, one in enumerate(lived)],
                x_title="day",
                y_title="days of the clairvoyant's value",
                height=360,
            ),
            "Cumulative regret: what was missed so far, counted in days of the clairvoyant's value.",
        ),
        Picture(
            spreads(
                [
                    Spread(one.name, one.value[:, warm_up_days:].mean(axis=1), one.markets, main=one.main)
                    for one in lived
                ],
                x_title=f"value from day {warm_up_days + 1} on",
                x_format=".0%",
            ),
            "A point for each seed, a box around the middle half of them.",
        ),
    ]


def by_policy(values: Mapping[str, Mapping[int, Floats]], names: Sequence[str], main: str) -> list[Lives]:
    """From the values of each policy by seed, in the order of the names.

    Args:
        values: By policy and seed, shape (days,).
    """
    return [
        Lives(
            name,
            np.array([values[name][seed] for seed in sorted(values[name])]),
            [f"seed {seed}" for seed in sorted(values[name])],
            main=name == main,
        )
        for name in names
    ]


def _value(one: Lives, place: int) -> Line:
    smooth = _last_week(one.value)
    # More bands than two cannot be told apart.
    low, high = np.quantile(smooth, [0.1, 0.9], axis=0) if place < _WITH_BAND else (None, None)
    mean = smooth.mean(axis=0)
    return Line(one.name, _days(one.value), mean, low, high, main=one.main, shown=place < _SHOWN)


def _regret(one: Lives, place: int) -> Line:
    regret = np.cumsum(1.0 - one.value, axis=1).mean(axis=0)
    return Line(one.name, _days(one.value), regret, main=one.main, shown=place < _SHOWN)


def _last_week(values: Floats) -> Floats:
    """Mean of each day and the six before it, or of as many as there are."""
    total = np.cumsum(values, axis=1)
    total[:, _WEEK_DAYS:] -= total[:, :-_WEEK_DAYS].copy()
    smooth: Floats = total / np.minimum(np.arange(1, values.shape[1] + 1), _WEEK_DAYS)
    return smooth


def _days(values: Floats) -> Floats:
    return np.arange(1.0, values.shape[1] + 1.0)
