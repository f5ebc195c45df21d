"""Figures: the kinds of plots that reports are made of, in colours that read on light and dark paper."""

from collections.abc import Sequence
from dataclasses import dataclass

from plotly.graph_objects import Box, Figure, Scatter

from agent.domain.entity import Floats

MAIN = "#2f7fe0"
QUIET = "#8a919c"
_OTHERS = (
    *("#e07b00", "#0a9d74", "#c5539a", "#d1462f", "#8a6fd1", "#b09000"),
    *("#3aa6c9", "#9a6b4f", "#6f8f2f", "#b5677d", "#7c8794", "#4f8f8a"),
)
"""After Okabe and Ito 2008, of middling lightness."""


@dataclass(frozen=True, slots=True)
class Line:
    """Points that belong together, shape (n,); `low` and `high` are the edges of a band around them.

    Attributes:
        main: Drawn thick and in the main colour.
        shown: False: only named in the legend, drawn when the reader asks for it.
        dashed: A yardstick rather than a result.
    """

    name: str
    x: Floats
    y: Floats
    low: Floats | None = None
    high: Floats | None = None
    main: bool = False
    shown: bool = True
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Spread:
    """The figures of one row of a strip plot, shape (n,), and a word for each: "seed 1003"."""

    name: str
    values: Floats
    words: Sequence[str]
    main: bool = False


def lines(
    drawn: Sequence[Line], *, x_title: str, y_title: str, y_format: str = "", height: int = 420
) -> Figure:
    """Lines over a common axis.

    Args:
        y_format: As in d3-format: ".0%" for shares.
    """
    traces: list[Scatter] = []
    for line, colour in zip(drawn, _colours([line.main for line in drawn]), strict=True):
        common = {"legendgroup": line.name, "visible": True if line.shown else "legendonly"}
        if line.low is not None and line.high is not None:
            edge = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip", "showlegend": False}
            traces += [
                Scatter(x=line.x, y=line.high, **edge, **common),
                Scatter(
                    x=line.x,
                    y=line.low,
                    fill="tonexty",
                    fillcolor=_faint(colour),
                    name=line.name,
                    **edge,
                    **common,
                ),
            ]
        pen = {
            "color": QUIET if line.dashed else colour,
            "width": 3 if line.main else 1.6,
            "dash": "dot" if line.dashed else "solid",
        }
        traces.append(Scatter(x=line.x, y=line.y, mode="lines", name=line.name, line=pen, **common))
    return plain(
        traces,
        height,
        xaxis={"title": x_title},
        yaxis={"title": y_title, "tickformat": y_format},
        hovermode="x unified",
    )


def spreads(drawn: Sequence[Spread], *, x_title: str, x_format: str = "") -> Figure:
    """A box with its points for each row, the first one on top."""
    rows = [
        Box(
            x=spread.values,
            y=[spread.name] * len(spread.values),
            name=spread.name,
            text=list(spread.words),
            boxpoints="all",
            pointpos=0,
            jitter=0.5,
            marker={"color": colour, "size": 4, "opacity": 0.6},
            line={"color": colour, "width": 1.4},
            fillcolor="rgba(0,0,0,0)",
            hoverinfo="x+text+name",
            orientation="h",
        )
        for spread, colour in zip(drawn, _colours([one.main for one in drawn]), strict=True)
    ]
    return plain(
        rows,
        110 + 34 * len(drawn),
        xaxis={"title": x_title, "tickformat": x_format},
        yaxis={"autorange": "reversed", "type": "category", "dtick": 1},
        showlegend=False,
    )


def plain(traces: Sequence[object], height: int, **layout: object) -> Figure:
    """A figure without a theme; the page brings one."""
    return Figure(
        list(traces),
        {
            "template": {},
            "height": height,
            "margin": {"l": 48, "r": 12, "t": 24, "b": 44},
            "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
            **layout,
        },
    )


def _colours(main: Sequence[bool]) -> list[str]:
    """The main colour for what is main, the others in turn."""
    found, others = [], 0
    for is_main in main:
        found.append(MAIN if is_main else _OTHERS[others % len(_OTHERS)])
        others += not is_main
    return found


def _faint(colour: str) -> str:
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.13)"
