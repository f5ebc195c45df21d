"""Exports: malformed CSV files, read as an account."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

from pydantic import ValidationError

from adapters.csv.connect import connect, fixed_now
from adapters.csv.options import Options
from agent.clock import SteppedClock
from agent.domain.lever import Lever
from simulations.chaos.malformed.hostile import word
from simulations.chaos.malformed.mutations import text_of
from simulations.chaos.malformed.target import Target

_NOW = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)
_HEADERS = (
    "Date,Campaign,Cost,Impressions,Clicks,Conversions,Conversion value",
    "Day;Campaign ID;Campaign;Spend;Impr.;Clicks;Purchases;Revenue;Budget;Status;Labels;Campaign type",
    "date,campaign name,amount spent,impressions,link clicks,results,purchase value,daily budget",
    "Date,Campaign,Cost,Impressions,Clicks,Conversions,Conversion value,Search impr. share,"
    "Search lost IS (budget),Search lost IS (rank)",
)


def exports(folder: Path) -> Target:
    """Reads files in this folder, which is the target's alone."""

    def read(given: "tuple[bytes, dict[str, object]]") -> None:
        content, said = given
        (folder / "export.csv").write_bytes(content)
        try:
            options = Options.model_validate({"path": "export.csv", "currency": "EUR", **said})
        except ValidationError:
            return  # the settings say so
        fixed = fixed_now(options, folder)
        clock = SteppedClock(_NOW if fixed is None else fixed)
        reader = connect("shop", options, credentials={}, clock=clock, home=folder)
        table = reader.entities()
        reader.metrics(date(2026, 1, 1), clock.now().date())
        reader.read([(table.ref(row), Lever.DAILY_BUDGET) for row in range(min(3, len(table)))])

    return Target("CSV exports", 1.0, lambda rng: (text_of(rng, _export(rng)), _options(rng)), read)


def _export(rng: Random) -> str:
    """A good file of a few campaigns and days."""
    header = rng.choice(_HEADERS)
    delimiter = ";" if ";" in header else ","
    lines = [header]
    for day in range(rng.randint(1, 12)):
        for campaign in range(rng.randint(1, 4)):
            cells = [_cell(rng, name, day, campaign) for name in header.split(delimiter)]
            lines.append(delimiter.join(cells))
    return "\n".join(lines) + "\n"


def _cell(  # noqa: PLR0911  # a return for each kind of column
    rng: Random, header: str, day: int, campaign: int
) -> str:
    match header.lower().split()[0].rstrip("."):
        case "date" | "day":
            return str(date(2026, 11, 9) + timedelta(days=day))
        case "campaign" if header.lower() in ("campaign", "campaign name"):
            return f"Campaign {campaign}"
        case "campaign" if header.endswith("ID"):
            return str(campaign)
        case "status":
            return rng.choice(("enabled", "paused", "--"))
        case "labels":
            return rng.choice(("", "[]", "a | b"))
        case "campaign":
            return "Search"
        case "search":
            return rng.choice(("--", "< 10%", "0.83", "55%"))
        case "impressions" | "impr" | "clicks" | "link":
            return str(rng.randrange(1000))
    return rng.choice((f"{rng.randrange(1000)}.{rng.randrange(100):02d}", "0", "--"))


def _options(rng: Random) -> dict[str, object]:
    said: dict[str, object] = {}
    if rng.random() < 0.5:
        said["delimiter"] = rng.choice((",", ";", "\t", "|"))
    for name, choices in _SAID.items():
        if rng.random() < 0.15:
            said[name] = rng.choice(choices)
    if rng.random() < 0.05:
        said[rng.choice(list(_SAID))] = word(rng)
    return said


_SAID: dict[str, tuple[object, ...]] = {
    "encoding": ("utf-8", "utf-16", "latin-1", "cp1252", "utf-7", "idna", "punycode", "rot13", "zlib", "x"),
    "skip_lines": (0, 1, 2, 10**9, -1),
    "decimal": ("auto", ".", ","),
    "date_format": ("%d.%m.%Y", "%Y-%m-%d", "%Q", "%", "%s", "%N%N", "x"),
    "columns": ({"date": "Day"}, {"cost": ""}, {"cost": "Clicks"}, {"x": "y"}, {"date": ""}),
    "name_case": ("keep", "fold"),
    "duplicates": ("fault", "sum"),
    "budget": ("auto", "column", "average_cost"),
    "as_of": ("end", "2026-11-20", "0001-01-01", "9999-12-31", None),
    "unit_micros": (10_000, 1, 10**6, 10**18, 10**30),
    "over_delivery": (1.0, 2.0, 1e308, float("inf"), float("nan")),
    "time_zone": ("UTC", "Europe/Berlin", "Pacific/Kiritimati", "Mars/Base"),
}
