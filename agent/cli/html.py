"""--html: a report beside the table, checked before the work and written after it."""

import shlex
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from agent.cli.output import say
from agent.clock import SystemClock
from agent.wiring import plugins

Html = Annotated[
    Path | None,
    typer.Option("--html", metavar="FILE", help="Also write a report with plots: one file, opens offline."),
]
HTML_HELP = "Report with plots: one file, opens offline; 'none' writes none."

_NONE = Path("none")


def place_for(html: Path | None, otherwise: Path | None = None) -> Path | None:
    """Where the report goes, once it is known that it can be written; None for no report.

    Raises:
        Mistake: It cannot be written there.
    """
    place = otherwise if html is None else html
    if place is None or place == _NONE:
        return None
    plugins.load("simulations.pages.page:writable")(place)
    return place


def write_page(page: Any, html: Path) -> None:
    """Write the page and say where it is."""
    plugins.load("simulations.pages.page:write")(page, html)
    say(f"report: {html}")


def origin() -> list[tuple[str, str]]:
    """Which code makes the report, and when."""
    facts: list[tuple[str, str]] = plugins.load("simulations.pages.origin:origin")(SystemClock().now().date())
    return facts


def typed() -> str:
    """The command line as it was typed."""
    return shlex.join(["gebot", *sys.argv[1:]])
