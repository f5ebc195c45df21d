"""Spark: a small line of daily figures, with the days shaded that are still to grow."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 300.0, 64.0
_ROOM = 5.0


@dataclass(frozen=True, slots=True)
class Spark:
    """A line in a box of WIDTH x HEIGHT; a day without a figure is a gap in it.

    Attributes:
        paths: The stretches of the line, as SVG paths.
        dots: Days that stand alone, as x and y.
        shade_from: Where the days begin whose figures are still to grow; None: nowhere.
        low, high, last: Figures of the days that are known; None: none is.
    """

    title: str
    unit: str
    days: tuple[str, ...]
    figures: tuple[float | None, ...]
    paths: tuple[str, ...]
    dots: tuple["Dot", ...]
    shade_from: float | None
    low: float | None
    high: float | None
    last: float | None


@dataclass(frozen=True, slots=True)
class Dot:
    """A point in the box."""

    x: float
    y: float


def spark(
    title: str, unit: str, days: Sequence[str], figures: Sequence[float | None], n_settled: int | None
) -> Spark:
    """Draw it.

    Args:
        figures: One for each day, oldest first; None where it is not known.
        n_settled: How many of the days are no longer to grow; None: all.
    """
    known = [one for one in figures if one is not None and math.isfinite(one)]
    top = max(known, default=0.0)
    bottom = min(0.0, min(known, default=0.0))
    reach = (top - bottom) or 1.0
    step = WIDTH / max(1, len(days) - 1)

    def dot(day: int, figure: float) -> Dot:
        y = HEIGHT - _ROOM - (figure - bottom) / reach * (HEIGHT - 2 * _ROOM)
        return Dot(round(day * step, 1), round(y, 1))

    stretches: list[list[Dot]] = [[]]
    for day, figure in enumerate(figures):
        if figure is None or not math.isfinite(figure):
            stretches.append([])
        else:
            stretches[-1].append(dot(day, figure))
    shade = None if n_settled is None or n_settled >= len(days) else max(0.0, (n_settled - 0.5) * step)
    return Spark(
        title,
        unit,
        tuple(days),
        tuple(one if one is not None and math.isfinite(one) else None for one in figures),
        tuple("M" + " L".join(f"{one.x} {one.y}" for one in line) for line in stretches if len(line) > 1),
        tuple(line[0] for line in stretches if len(line) == 1),
        shade,
        min(known, default=None),
        max(known, default=None),
        known[-1] if known else None,
    )
