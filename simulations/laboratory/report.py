"""Report: what a benchmark found, as a page that says how to read it."""

from collections.abc import Sequence
from dataclasses import dataclass

from simulations.laboratory.close_look import CloseLook
from simulations.laboratory.close_pictures import close_pictures
from simulations.laboratory.pictures import world_pictures
from simulations.laboratory.records import Record, records
from simulations.laboratory.trial import Result, Track
from simulations.pages.page import Page, Piece, Prose, Section, Table
from simulations.summary import reach_95

_LEAD = (
    "Policies lived through the same invented markets, day by day, each knowing only the past; value is "
    "what their choices are truly worth on average, as a share of what a clairvoyant gets who knows every "
    "day's true curves (100 %). Read the first table for the order, and the difference to ours with its "
    "95 % interval: where that holds zero, these seeds cannot tell the two apart. Then look at a world: "
    "how fast value is found, how it scatters over seeds, where the money went, and whether what the "
    "strategy said of its own uncertainty held."
)

_HEADINGS = (
    *("policy", "mean %", "5th percentile %", "all days %"),
    *("over ours, 95 % interval", "CPU ms a decision", "violations"),
)
_TARGET_HEADINGS = ("ROAS / target", "weeks under 95 %")


@dataclass(frozen=True, slots=True)
class Ran:
    """What was run: the page needs it to say so.

    Attributes:
        command: The command line that makes the page again.
        facts: Names and texts, see `simulations.pages.origin`.
    """

    track: Track
    results: Sequence[Result]
    looks: Sequence[CloseLook]
    command: str
    facts: Sequence[tuple[str, str]]


def report(ran: Ran) -> Page:
    """Overview first, then a section for each world."""
    found = records(ran.track, ran.results)
    trials = [result.trial for result in ran.results]
    name, days = trials[0].track, trials[0].days
    seeds = sorted({trial.seed for trial in trials})
    worlds = list(dict.fromkeys(record["world"] for record in found))
    return Page(
        title=f"gebot benchmark, track {name}: {ran.track.about}",
        lead=_LEAD,
        command=ran.command,
        facts=[
            ("seeds", f"{seeds[0]} to {seeds[-1]} ({len(seeds)})" if len(seeds) > 1 else str(seeds[0])),
            ("days", f"{days} decisions, one each morning; figures are from day 15 on"),
            *ran.facts,
        ],
        sections=[
            Section("All worlds", [_overview(ran.track, found, worlds)]),
            *(_world(ran, world, [one for one in found if one["world"] == world]) for world in worlds),
        ],
    )


def _overview(track: Track, found: Sequence[Record], worlds: Sequence[str]) -> Table:
    """Policies down, worlds across; ours first, the others by their mean over the worlds."""
    cells = {(one["policy"], one["world"]): one for one in found}
    names = {one["policy"] for one in found}

    def place(name: str) -> tuple[bool, float]:
        own = [one["mean_d15"] for one in found if one["policy"] == name]
        return name != track.ours, -sum(own) / len(own)

    rows = [
        [name, *(_mean_and_p5(cells[name, world]) if (name, world) in cells else "" for world in worlds)]
        for name in sorted(names, key=place)
    ]
    return Table(
        ["policy", *worlds],
        rows,
        caption="value in %, mean / 5th percentile over seeds",
        strong=frozenset({0} if track.ours in names else ()),
    )


def _world(ran: Ran, world: str, found: Sequence[Record]) -> Section:
    results = [result for result in ran.results if result.trial.world == world]
    looks = [look for look in ran.looks if look.trial.world == world]
    pieces: list[Piece] = [_table(ran.track, found)]
    pieces += world_pictures(
        results, [one["policy"] for one in _ours_first(ran.track, found)], ran.track.ours
    )
    pieces += close_pictures(looks)
    if not looks and any(result.trial.policy == ran.track.ours for result in results):
        pieces.append(Prose("A close look at allocation and calibration is not taken on this track."))
    return Section(f"World {world}", pieces)


def _table(track: Track, found: Sequence[Record]) -> Table:
    targeted = any(one["roas_to_target"] is not None for one in found)
    rows = [
        [
            one["policy"],
            f"{100 * one['mean_d15']:.1f}",
            f"{100 * one['p5_d15']:.1f}",
            f"{100 * one['mean_all']:.1f}",
            _over(one),
            f"{one['cpu_ms_per_decision']:.2f}",
            str(one["violations"]),
            *(_kept(one) if targeted else ()),
        ]
        for one in _ours_first(track, found)
    ]
    return Table(
        (*_HEADINGS, *(_TARGET_HEADINGS if targeted else ())),
        rows,
        caption="over ours: paired by seed, in points",
        strong=frozenset({0} if found and rows[0][0] == track.ours else ()),
    )


def _kept(one: Record) -> tuple[str, str]:
    """How the target was kept."""
    ratio, weeks = one["roas_to_target"], one["weeks_under_target"]
    return ("" if ratio is None else f"{ratio:.3f}", "" if weeks is None else f"{100 * weeks:.0f} %")


def _ours_first(track: Track, found: Sequence[Record]) -> list[Record]:
    return sorted(found, key=lambda one: one["policy"] != track.ours)


def _mean_and_p5(one: Record) -> str:
    return f"{100 * one['mean_d15']:.1f} / {100 * one['p5_d15']:.1f}"


def _over(one: Record) -> str:
    """The paired difference with Student's 95 % interval."""
    mean, error = one["over_ours"], one["over_ours_se"]
    if mean is None or error is None:
        return ""
    reach = reach_95(one["seeds"]) * error
    return f"{100 * mean:+.1f} ({100 * (mean - reach):+.1f} to {100 * (mean + reach):+.1f})"
