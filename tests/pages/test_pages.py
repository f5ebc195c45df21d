"""Pages: one file that opens without a network, with everything in it escaped."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from agent.domain.errors import Mistake
from simulations.pages.figures import Line, Spread, lines, spreads
from simulations.pages.grids import Axis, Grid, Small, heat_map, parallel_coordinates, small_multiples
from simulations.pages.page import Code, Page, Picture, Prose, Section, Table, html, writable, write

X = np.arange(3.0)
PICTURE = Picture(
    lines([Line("ours", X, X, X - 1, X + 1, main=True)], x_title="day", y_title="value"), "Seen."
)


def page(*pieces: Prose | Code | Table | Picture) -> Page:
    return Page(
        "A title", "What it is.", "gebot benchmark", [("seeds", "1 to 3")], [Section("World", pieces)]
    )


def figures(text: str) -> list[dict[str, object]]:
    return [
        json.loads(one) for one in re.findall(r'<script type="application/json">(.*?)</script>', text, re.S)
    ]


def test_a_page_holds_everything_it_needs_once() -> None:
    """Plotly's script stands in the file one time, however many figures there are, and nothing is fetched."""
    text = html(page(PICTURE, PICTURE))

    assert text.count("plotly.js v") == 1
    assert len(figures(text)) == 2
    assert "default-src 'none'" in text
    assert not re.search(r"<(script|link|img|iframe)[^>]*\s(src|href)=", text)


def test_a_page_without_figures_is_small() -> None:
    """Nobody downloads a plotting library to read a table."""
    text = html(page(Table(["policy", "value"], [["ours", "97.1"]])))

    assert len(text) < 10_000
    assert "<td>97.1</td>" in text


def test_names_cannot_break_out_of_their_place() -> None:
    """Campaigns are named by people: in text, cells and figures they stay text."""
    evil = "</script><script>alert(1)</script>"
    figure = lines([Line(evil, X, X)], x_title=evil, y_title="")

    text = html(page(Prose(evil), Code(evil), Table([evil], [[evil]], caption=evil), Picture(figure, evil)))

    assert "<script>alert" not in text
    assert figures(text)[0]["data"][0]["name"] == evil  # type: ignore[index]  # of unknown shape


def test_rows_that_stand_out_are_marked() -> None:
    """And no others."""
    text = html(page(Table(["a"], [["one"], ["two"]], strong=frozenset({1}))))

    assert re.search(r'<tr class="strong">\s*<td>two', text)
    assert text.count('class="strong"') == 1


def test_every_kind_of_figure_goes_into_a_page() -> None:
    """And none of them brings plotly's theme along."""
    grid = Grid(np.array([[0.1, np.nan]]), ["a"], ["x", "y"], "value", middle=0.0)
    drawn = [
        spreads([Spread("ours", X, ["seed 1", "seed 2", "seed 3"], main=True)], x_title="value"),
        heat_map(grid, x_title="week", y_title="campaign", cell_format=".1f", show_cells=True),
        small_multiples(
            [Small(str(n), [Line("ours", X, X, main=True)]) for n in range(3)], x_title="day", y_format=""
        ),
        parallel_coordinates(
            [Axis("draws", X), Axis("world", X, ticks=[0, 1, 2], words=["A1", "A2", "A3"])],
            colour=X,
            title="value",
            colour_format=".0%",
        ),
    ]

    found = figures(html(page(*(Picture(figure, "") for figure in drawn))))

    kinds = [one["data"][0]["type"] for one in found]  # type: ignore[index]  # of unknown shape
    assert kinds == ["box", "heatmap", "scatter", "parcoords"]
    assert all("template" not in one["layout"] for one in found)  # type: ignore[operator]


def test_small_plots_share_one_legend() -> None:
    """A name that stands in each of them is told once."""
    plots = [Small(str(n), [Line("ours", X, X), Line("oracle", X, X)]) for n in range(4)]

    figure = small_multiples(plots, x_title="day", y_format="")

    assert [trace.name for trace in figure.data if trace.showlegend] == ["ours", "oracle"]


def test_a_report_without_a_place_is_told_before_the_work(tmp_path: Path) -> None:
    """No folder, or a folder in the file's place."""
    with pytest.raises(Mistake, match="there is no folder"):
        writable(tmp_path / "none" / "report.html")
    with pytest.raises(Mistake, match="is a folder"):
        writable(tmp_path)

    writable(tmp_path / "report.html")


def test_a_page_is_written_in_the_stead_of_an_older_one(tmp_path: Path) -> None:
    """As UTF-8."""
    file = tmp_path / "report.html"
    file.write_text("old", encoding="utf-8")

    write(page(Prose("±20 %")), file)

    assert "±20 %" in file.read_text(encoding="utf-8")
