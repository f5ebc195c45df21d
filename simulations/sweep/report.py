"""Report: a sweep as a page: the leaderboard, each parameter, pairs of them, all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from simulations.pages.figures import Spread, spreads
from simulations.pages.grids import Axis, Grid, heat_map, parallel_coordinates
from simulations.pages.page import Code, Page, Picture, Section, Table
from simulations.summary import reach_95
from simulations.sweep.file import Sweep
from simulations.sweep.jobs import Found
from simulations.sweep.leaderboard import Place, by_market, leaderboard
from simulations.sweep.parameters import Value

_LEAD = (
    "Each configuration lived through the same simulated markets under its own guardrails, by the code that "
    "runs live; value is what its budgets are truly worth on average, as a share of what a clairvoyant gets. "
    "Read the difference to the base with its 95 % interval rather than the rank. The best of many is partly "
    "the luckiest: before you trust it, run it again on markets it was not chosen on (first_seed)."
)
_TOLD = 40
_STRIPS = 12
_MOST_VALUES = 12
_PAIRS = 6


@dataclass(frozen=True, slots=True)
class Swept:
    """What was run, as the page tells it; see `simulations.laboratory.report.Ran`.

    Attributes:
        text: The sweep file, word for word.
    """

    name: str
    text: str
    sweep: Sweep
    found: Sequence[Found]
    command: str
    facts: Sequence[tuple[str, str]]


def report(swept: Swept) -> Page:
    """The whole page."""
    places = leaderboard(swept.found)
    tried = [place for place in places if place["parameters"]]
    names = list(tried[0]["parameters"]) if tried else []
    sweep = swept.sweep
    last = sweep.first_seed + sweep.seeds - 1
    return Page(
        title=f"gebot sweep: {swept.name}",
        lead=_LEAD,
        command=swept.command,
        facts=[
            ("configurations", f"{len(tried):,} and the base"),
            ("markets", f"worlds {', '.join(sweep.worlds)}, seeds {sweep.first_seed} to {last}"),
            ("days", f"{sweep.days}; figures are from day 15 on; {sweep.campaigns} campaigns"),
            *swept.facts,
        ],
        sections=[
            Section("Leaderboard", [_table(places, names), _scatter_over_markets(places, swept.found)]),
            Section("All parameters", [_all_of_them(tried, names)] if tried else []),
            Section("One parameter at a time", [_one(tried, name) for name in names]),
            Section("Two at a time", [_two(tried, *pair) for pair in _drawable_pairs(tried, names)]),
            Section("The sweep file", [Code(swept.text)]),
        ],
    )


def over_base(place: Place) -> str:
    """The paired difference with Student's 95 % interval."""
    mean, error = place["over_base"], place["over_base_se"]
    if mean is None or error is None:
        return ""
    reach = reach_95(place["markets"]) * error
    return f"{100 * mean:+.2f} ({100 * (mean - reach):+.2f} to {100 * (mean + reach):+.2f})"


def told(value: Value) -> str:
    """A value as the file has it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _table(places: Sequence[Place], names: Sequence[str]) -> Table:
    shown = [place for place in places if place["rank"] <= _TOLD or not place["parameters"]]
    rows = [
        [
            str(place["rank"]),
            *([told(place["parameters"][name]) for name in names] if place["parameters"] else _base(names)),
            f"{100 * place['mean_d15']:.2f}",
            f"{100 * place['p5_d15']:.2f}",
            over_base(place),
            f"{place['changes_per_day']:.1f}",
            str(place["over_pot_days"]),
        ]
        for place in shown
    ]
    return Table(
        ["#", *names, "mean %", "5th percentile %", "over base, 95 % interval", "changes a day", "over pot"],
        rows,
        caption=f"the best {min(_TOLD, len(places))} of {len(places)}; over base: paired by market, points",
        strong=frozenset(row for row, place in enumerate(shown) if not place["parameters"]),
    )


def _base(names: Sequence[str]) -> list[str]:
    return ["base", *[""] * (len(names) - 1)] if names else []


def _scatter_over_markets(places: Sequence[Place], found: Sequence[Found]) -> Picture:
    some = [place for place in places if place["rank"] <= _STRIPS or not place["parameters"]]
    rows = [(place, by_market(found, place["parameters"])) for place in some]
    drawn = [
        Spread(
            _called(place),
            np.array([one.mean_d15 for one in own]),
            [f"{one.world}, seed {one.seed}" for one in own],
            main=not place["parameters"],
        )
        for place, own in rows
    ]
    return Picture(
        spreads(drawn, x_title="value from day 15 on", x_format=".0%"),
        f"The best {_STRIPS} and the base: a point for each market, a box around the middle half of them.",
    )


def _called(place: Place) -> str:
    return f"#{place['rank']}" + ("" if place["parameters"] else " base")


def _all_of_them(tried: Sequence[Place], names: Sequence[str]) -> Picture:
    reached = np.array([place["mean_d15"] for place in tried])
    axes = [_axis(tried, name) for name in names]
    figure = parallel_coordinates(
        [*axes, Axis("value", reached)], colour=reached, title="value", colour_format=".1%"
    )
    return Picture(
        figure, "A line for each configuration. Drag along an axis to keep only the lines that cross there."
    )


def _axis(tried: Sequence[Place], name: str) -> Axis:
    values = [place["parameters"][name] for place in tried]
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        numbers = np.array(values, dtype=np.float64)
        few = np.unique(numbers) if len(set(values)) <= _MOST_VALUES else np.array([])
        return Axis(name, numbers, ticks=few.tolist(), words=[f"{one:g}" for one in few])
    words = list(dict.fromkeys(told(value) for value in _in_order(values)))
    numbers = np.array([words.index(told(value)) for value in values], dtype=np.float64)
    return Axis(name, numbers, ticks=list(range(len(words))), words=words)


def _one(tried: Sequence[Place], name: str) -> Picture:
    groups = _groups([place["parameters"][name] for place in tried])
    drawn = [
        Spread(
            label,
            np.array([tried[row]["mean_d15"] for row in rows]),
            [f"#{tried[row]['rank']}" for row in rows],
        )
        for label, rows in groups.items()
    ]
    return Picture(
        spreads(drawn, x_title=f"value, by {name}", x_format=".1%"),
        f"{name}: a point for each configuration with that value, whatever the other parameters are.",
    )


def _two(tried: Sequence[Place], across: str, down: str) -> Picture:
    columns, rows = (_groups([place["parameters"][name] for place in tried]) for name in (across, down))
    reached = np.array([place["mean_d15"] for place in tried])
    cells = np.full((len(rows), len(columns)), np.nan)
    for row, inside in enumerate(rows.values()):
        for column, here in enumerate(columns.values()):
            both = sorted(set(inside) & set(here))
            if both:
                cells[row, column] = reached[both].mean()
    figure = heat_map(
        Grid(cells, list(rows), list(columns), "value"),
        x_title=across,
        y_title=down,
        cell_format=".1%",
        show_cells=True,
    )
    return Picture(figure, f"{across} and {down}: mean over all configurations with both values.")


def _drawable_pairs(tried: Sequence[Place], names: Sequence[str]) -> list[tuple[str, str]]:
    """Pairs of parameters, those first that matter most."""
    reached = np.array([place["mean_d15"] for place in tried])

    def matters(name: str) -> float:
        groups = _groups([place["parameters"][name] for place in tried])
        return float(np.ptp([reached[rows].mean() for rows in groups.values()]))

    return list(combinations(sorted(names, key=matters, reverse=True), 2))[:_PAIRS]


def _groups(values: Sequence[Value]) -> dict[str, list[int]]:
    """Rows by value, in the order of the values; many numbers fall into a few ranges."""
    kinds = list(dict.fromkeys(_in_order(values)))
    if len(kinds) <= _MOST_VALUES:
        return {told(kind): [row for row, value in enumerate(values) if value == kind] for kind in kinds}
    numbers = np.array([float(value) for value in values])
    edges = np.quantile(numbers, np.linspace(0.0, 1.0, 6))
    inside = np.clip(np.searchsorted(edges, numbers, side="right") - 1, 0, 4)
    return {
        f"{edges[part]:.3g} to {edges[part + 1]:.3g}": np.flatnonzero(inside == part).tolist()
        for part in range(5)
        if (inside == part).any()
    }


def _in_order(values: Sequence[Value]) -> list[Value]:
    """Numbers by size, percentages and money by their number, other words as they come."""

    def size(value: Value) -> tuple[float, str]:
        if isinstance(value, int | float):
            return float(value), ""
        head = value.split("%")[0].split()[0] if value.strip() else ""
        try:
            return float(head), value
        except ValueError:
            return float("inf"), ""

    return sorted(values, key=size)
