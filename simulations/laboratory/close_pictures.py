"""Close pictures: where the money went beside the clairvoyant, and whether ranges held."""

from collections.abc import Sequence

import numpy as np
from plotly.graph_objects import Figure

from agent.domain.entity import Floats
from simulations.laboratory.close_look import LEVELS, CloseLook, Coverage
from simulations.pages.figures import Line, lines
from simulations.pages.grids import Grid, Small, heat_map, small_multiples
from simulations.pages.page import Picture

_WEEK_DAYS = 7
_LARGEST = 6
_MOST_ROWS = 40
_LEAST = 1e-4  # shares below this count as this when they are compared
_TOLD = (0.5, 0.8, 0.95)


def close_pictures(looks: Sequence[CloseLook]) -> list[Picture]:
    """Where the money went in the first seed, how far off it was in all, and whether ranges held."""
    if not looks:
        return []
    first = looks[0]
    seed = first.trial.seed
    return [
        Picture(
            _distance(looks),
            f"Share of the pot that lies elsewhere than the clairvoyant has it, over {len(looks)} seeds: "
            "half of the sum of the differences. Some distance costs little where curves are flat.",
        ),
        Picture(
            _ratios(first),
            f"Seed {seed}: each campaign's budget over the clairvoyant's, a week's mean. Blue is more than "
            "the clairvoyant gives, red is less, full colour is a factor of four; the largest are on top.",
        ),
        Picture(
            _largest(first),
            f"Seed {seed}: shares of the pot of the {_LARGEST} campaigns that the clairvoyant gives most.",
        ),
        _calibration(looks),
    ]


def _distance(looks: Sequence[CloseLook]) -> Figure:
    apart = np.array([0.5 * np.abs(look.chosen - look.best).sum(axis=1) for look in looks])
    low, high = np.quantile(apart, [0.1, 0.9], axis=0)
    line = Line("share elsewhere", _days(apart), apart.mean(axis=0), low, high, main=True)
    return lines([line], x_title="day", y_title="share of the pot", y_format=".0%", height=300)


def _ratios(look: CloseLook) -> Figure:
    order = np.argsort(-look.best.mean(axis=0))[:_MOST_ROWS]
    n_weeks = len(look.best) // _WEEK_DAYS
    chosen, best = (
        shares[: n_weeks * _WEEK_DAYS, order].reshape(n_weeks, _WEEK_DAYS, -1).mean(axis=1).T
        for shares in (look.chosen, look.best)
    )
    ratio = np.log2(np.maximum(chosen, _LEAST) / np.maximum(best, _LEAST))
    grid = Grid(
        ratio,
        rows=[str(row) for row in order],
        columns=[str(week + 1) for week in range(n_weeks)],
        title="doublings",
        middle=0.0,
        reach=2.0,
    )
    return heat_map(grid, x_title="week", y_title="campaign", cell_format="+.1f")


def _largest(look: CloseLook) -> Figure:
    order = np.argsort(-look.best.mean(axis=0))[:_LARGEST]
    days = np.arange(1.0, len(look.best) + 1)
    plots = [
        Small(
            f"campaign {row}",
            [
                Line("clairvoyant", days, look.best[:, row]),
                Line("ours", days, look.chosen[:, row], main=True),
            ],
        )
        for row in order
    ]
    return small_multiples(plots, x_title="day", y_format=".0%")


def _calibration(looks: Sequence[CloseLook]) -> Picture:
    values, effects = _sum([look.posterior for look in looks]), _sum([look.effect for look in looks])
    drawn = [
        Line("value at the new budget", LEVELS, values.share(), main=True),
        Line("expected effect", LEVELS, effects.share()),
        Line("as promised", LEVELS, LEVELS, dashed=True),
    ]
    figure = lines(drawn, x_title="range", y_title="held", y_format=".0%", height=400)
    figure.update_layout(xaxis={"tickformat": ".0%"})
    return Picture(
        figure,
        f"Calibration over {len(looks)} seeds, held against the market's true means. "
        f"{_told('Value at the new budget', values)} {_told('Expected effect', effects)} "
        "A line below the diagonal is overconfident. Proposals carry the 80 % range; the others are those of "
        "the lognormal (value) or the normal distribution (effect) that it belongs to.",
    )


def _sum(coverages: Sequence[Coverage]) -> Coverage:
    total = coverages[0]
    for one in coverages[1:]:
        total = total.plus(one)
    return total


def _told(name: str, coverage: Coverage) -> str:
    if not coverage.asked:
        return f"{name}: no ranges."
    held = " / ".join(f"{100 * coverage.at(level):.0f}" for level in _TOLD)
    return f"{name}: ranges of 50 / 80 / 95 % held {held} % of {coverage.asked:,} times."


def _days(values: Floats) -> Floats:
    return np.arange(1.0, values.shape[1] + 1.0)
