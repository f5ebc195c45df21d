"""Grids: figures of many cells, many small plots, or many parameters."""

from collections.abc import Sequence
from dataclasses import dataclass

from plotly.graph_objects import Figure, Heatmap, Parcoords, Scatter

from agent.domain.entity import Floats
from simulations.pages.figures import MAIN, QUIET, Line, plain

_BELOW_TO_ABOVE = ((0.0, "#d1462f"), (0.5, "#e8e8e6"), (1.0, "#2f7fe0"))
_LITTLE_TO_MUCH = ((0.0, "#d8dbe0"), (0.5, "#69a9d8"), (1.0, "#0a4f8f"))


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells of shape (n_rows, n_columns), NaN where there is nothing, with their names.

    Attributes:
        title: Of the colour scale.
        middle: Value in the middle of a two-sided scale; None for a one-sided one.
        reach: How far the two-sided scale goes from its middle.
    """

    cells: Floats
    rows: Sequence[str]
    columns: Sequence[str]
    title: str
    middle: float | None = None
    reach: float = 1.0


@dataclass(frozen=True, slots=True)
class Small:
    """One small plot."""

    title: str
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis of parallel coordinates: a number for each line, and names of the numbers if they have any."""

    name: str
    numbers: Floats
    ticks: Sequence[float] = ()
    words: Sequence[str] = ()


def heat_map(grid: Grid, *, x_title: str, y_title: str, cell_format: str, show_cells: bool = False) -> Figure:
    """Cells in colours.

    Args:
        cell_format: As in d3-format.
        show_cells: Write the numbers into the cells.
    """
    limits = {}
    if grid.middle is not None:
        limits = {"zmin": grid.middle - grid.reach, "zmax": grid.middle + grid.reach}
    cells = Heatmap(
        z=grid.cells,
        x=list(grid.columns),
        y=list(grid.rows),
        colorscale=_LITTLE_TO_MUCH if grid.middle is None else _BELOW_TO_ABOVE,
        colorbar={"title": grid.title, "tickformat": cell_format, "thickness": 12},
        hovertemplate=f"{y_title} %{{y}}, {x_title} %{{x}}: %{{z:{cell_format}}}<extra></extra>",
        texttemplate=f"%{{z:{cell_format}}}" if show_cells else None,
        xgap=1 if show_cells else 0,
        ygap=1,
        **limits,
    )
    return plain(
        [cells],
        130 + max(17, 28 * show_cells) * len(grid.rows),
        xaxis={"title": x_title, "type": "category" if show_cells else "-"},
        yaxis={"title": y_title, "autorange": "reversed", "type": "category", "dtick": 1},
    )


def small_multiples(plots: Sequence[Small], *, x_title: str, y_format: str) -> Figure:
    """Small plots, two in a row, with one legend for the names that they share."""
    in_row, height = 2, 190
    n_rows = -(-len(plots) // in_row)
    named: set[str] = set()
    traces, layout, notes = [], {}, []
    for number, plot in enumerate(plots):
        row, column = divmod(number, in_row)
        axis = str(number + 1) if number else ""
        left, top = column * 0.53, 1.0 - row / n_rows
        bottom = top - 0.72 / n_rows
        layout[f"xaxis{axis}"] = {
            "domain": [left, left + 0.47],
            "anchor": f"y{axis}",
            "title": x_title if row == n_rows - 1 else "",
        }
        layout[f"yaxis{axis}"] = {
            "domain": [bottom, top - 0.06 / n_rows],
            "anchor": f"x{axis}",
            "tickformat": y_format,
            "rangemode": "tozero",
        }
        notes.append(
            {"text": plot.title, "x": left, "y": top, "xref": "paper", "yref": "paper"}
            | {"showarrow": False, "xanchor": "left", "yanchor": "middle"}
        )
        for line in plot.lines:
            pen = {"color": MAIN if line.main else QUIET, "width": 2.2 if line.main else 1.6}
            shared = {"xaxis": f"x{axis}", "yaxis": f"y{axis}", "legendgroup": line.name}
            first = line.name not in named
            named.add(line.name)
            traces.append(
                Scatter(
                    x=line.x, y=line.y, mode="lines", name=line.name, line=pen, showlegend=first, **shared
                )
            )
    return plain(traces, 60 + height * n_rows, annotations=notes, **layout)


def parallel_coordinates(axes: Sequence[Axis], *, colour: Floats, title: str, colour_format: str) -> Figure:
    """A line for each configuration across one axis for each parameter; drag along an axis to choose."""
    dimensions = [
        {"label": axis.name, "values": axis.numbers}
        | ({"tickvals": list(axis.ticks), "ticktext": list(axis.words)} if axis.words else {})
        for axis in axes
    ]
    pen = {
        "color": colour,
        "colorscale": _LITTLE_TO_MUCH,
        "showscale": True,
        "colorbar": {"title": title, "tickformat": colour_format, "thickness": 12},
    }
    return plain(
        [Parcoords(dimensions=dimensions, line=pen, unselected={"line": {"opacity": 0.15}})],
        440,
        margin={"l": 70, "r": 20, "t": 50, "b": 24},
    )
