"""Picture: days as bars and a line, as SVG; immature days are shaded, missing ones crossed. Pure."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from agent.domain.entity import Floats
from agent.report.account_report import Daily
from agent.report.kpis import RIPE

_WIDTH, _HEIGHT = 760.0, 190.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 52.0, 56.0, 12.0, 24.0
_PLOT = _HEIGHT - _TOP - _BOTTOM
_TICKS = 4


@dataclass(frozen=True, slots=True)
class Scale:
    """From figures to the height of the picture."""

    top: float

    def y(self, figure: float) -> float:
        return _TOP + _PLOT * (1.0 - figure / self.top)

    def ticks(self) -> list[float]:
        return [self.top * n / _TICKS for n in range(_TICKS + 1)]


def scale_for(figures: Floats) -> Scale:
    """Up to a round number at or above the highest figure."""
    known = figures[~np.isnan(figures)]
    highest = float(known.max()) if len(known) else 0.0
    if highest <= 0:
        return Scale(1.0)
    step = 10.0 ** math.floor(math.log10(highest))
    return Scale(next(step * n for n in (1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8, 10) if step * n >= highest))


def days_picture(daily: Daily, line: Floats, labels: Sequence[str]) -> str:
    """Cost as bars (left) and what it brought as a line (right).

    Args:
        line: Shape (n_days,), NaN where not known.
        labels: Names of bars and line.
    """
    bars, points = scale_for(daily.cost), scale_for(line)
    n = max(len(daily.days), 1)
    slot = (_WIDTH - _LEFT - _RIGHT) / n
    parts = [
        f'<svg viewBox="0 0 {_WIDTH:.0f} {_HEIGHT:.0f}" role="img" '
        f'aria-label="{labels[0]} and {labels[1]} by day">',
        *_axes(bars, points),
        *_bars(daily, bars, slot),
        *_line(line, points, slot),
        *_dates(daily, slot),
        "</svg>",
    ]
    return "".join(parts)


def _axes(bars: Scale, points: Scale) -> Iterator[str]:
    for left, right in zip(bars.ticks(), points.ticks(), strict=True):
        y = bars.y(left)
        yield f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield f'<text class="axis" x="{_LEFT - 6}" y="{y + 3.5:.1f}" text-anchor="end">{short(left)}</text>'
        yield f'<text class="axis line" x="{_WIDTH - _RIGHT + 6}" y="{y + 3.5:.1f}">{short(right)}</text>'


def _bars(daily: Daily, scale: Scale, slot: float) -> Iterator[str]:
    floor = scale.y(0.0)
    for n, cost in enumerate(daily.cost.tolist()):
        x, width = _LEFT + n * slot + slot * 0.15, slot * 0.7
        if math.isnan(cost):
            yield (
                f'<text class="gap" x="{x + width / 2:.1f}" y="{floor - 4:.1f}" text-anchor="middle">'
                f"\N{MULTIPLICATION SIGN}<title>{_day(daily, n)}: not known</title></text>"
            )
            continue
        y = scale.y(cost)
        yield (
            f'<rect class="bar" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" '
            f'height="{max(floor - y, 0.0):.1f}" rx="1.5">'
            f"<title>{_day(daily, n)}: {cost:,.2f}</title></rect>"
        )
        if daily.reported[n] < RIPE:
            yield (
                f'<rect class="young" x="{_LEFT + n * slot:.1f}" y="{_TOP}" width="{slot:.1f}" '
                f'height="{_PLOT}"><title>{_day(daily, n)}: {daily.reported[n]:.0%} of the conversions '
                "reported</title></rect>"
            )


def _line(figures: Floats, scale: Scale, slot: float) -> Iterator[str]:
    path, pen_up = [], True
    for n, figure in enumerate(figures.tolist()):
        if math.isnan(figure):
            pen_up = True
            continue
        path.append(f"{'M' if pen_up else 'L'}{_LEFT + (n + 0.5) * slot:.1f} {scale.y(figure):.1f}")
        pen_up = False
    if path:
        yield f'<path class="curve" d="{" ".join(path)}"/>'
    if len(path) == 1:
        x, y = path[0][1:].split()
        yield f'<circle class="dot" cx="{x}" cy="{y}" r="4"/>'


def _dates(daily: Daily, slot: float) -> Iterator[str]:
    every = max(1, math.ceil(len(daily.days) / 10))
    for n in range(0, len(daily.days), every):
        x = _LEFT + (n + 0.5) * slot
        yield f'<text class="axis" x="{x:.1f}" y="{_HEIGHT - 6}" text-anchor="middle">{_day(daily, n)}</text>'


def _day(daily: Daily, n: int) -> str:
    day: date = daily.days[n].item()
    return f"{day.day} {day:%b}"


def short(figure: float) -> str:
    """For an axis: 1,200 is 1.2k."""
    for unit, letter in ((1e6, "M"), (1e3, "k")):
        if figure >= unit:
            return f"{figure / unit:.3g}{letter}"
    return f"{figure:.3g}"
