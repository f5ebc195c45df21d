"""Page: what a report says, piece by piece, and the one HTML file that it becomes.

The file holds everything it needs, plotly's script included, and asks nobody for anything: a
content security policy in it forbids that. A `Section` is a heading with pieces below it.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from plotly.graph_objects import Figure
from plotly.offline import get_plotlyjs

from agent.domain.errors import Mistake


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph."""

    text: str

    kind = "prose"


@dataclass(frozen=True, slots=True)
class Code:
    """Something to copy, such as a command line."""

    text: str

    kind = "code"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; the first column is text, the others are figures.

    Attributes:
        strong: Numbers of the rows that stand out.
    """

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    caption: str = ""
    strong: frozenset[int] = frozenset()

    kind = "table"


@dataclass(frozen=True, slots=True)
class Picture:
    """A plotly figure (see `simulations.pages.figures`) and what to read from it."""

    figure: Figure
    caption: str

    kind = "picture"

    @property
    def source(self) -> str:
        """The figure as JSON that may stand inside a script element."""
        # The page brings colours of its own, for light and dark; plotly's theme would double the file.
        bare = {**json.loads(self.figure.to_json()), "frames": []}
        bare["layout"].pop("template", None)
        return json.dumps(bare, separators=(",", ":")).replace("<", "\\u003c")

    @property
    def height(self) -> int:
        """Pixels, kept free before the figure is drawn."""
        return int(self.figure.layout.height or 450)


Piece: TypeAlias = Prose | Code | Table | Picture


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands below it."""

    title: str
    pieces: Sequence[Piece]


@dataclass(frozen=True, slots=True)
class Page:
    """A report.

    Attributes:
        lead: What this is and how to read it, in about three sentences.
        command: The command line that makes it again.
        facts: Names and texts that tell where the figures come from: seeds, version, day.
    """

    title: str
    lead: str
    command: str
    facts: Sequence[tuple[str, str]]
    sections: Sequence[Section]


def html(page: Page) -> str:
    """The whole file as text."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pictures = any(piece.kind == "picture" for section in page.sections for piece in section.pieces)
    template = environment.get_template("page.html.j2")
    return template.render(page=page, plotly=get_plotlyjs() if pictures else "")


def write(page: Page, file: Path) -> None:
    """Write the file, in the stead of one that is there.

    Raises:
        Mistake: It cannot be written.
    """
    try:
        file.write_text(html(page), encoding="utf-8")
    except OSError as error:
        raise Mistake(str(file), f"could not be written: {error.strerror}") from None


def writable(file: Path) -> None:
    """See before long work that its report will have a place.

    Raises:
        Mistake: There is no such folder, nothing may be written there, or a folder has that name.
    """
    folder = file.absolute().parent
    if file.is_dir():
        raise Mistake(str(file), "is a folder", f"a file such as {file / 'report.html'} is right")
    if not folder.is_dir():
        raise Mistake(str(file), f"there is no folder {folder}", "make it first")
    if not os.access(file if file.exists() else folder, os.W_OK):
        raise Mistake(str(file), "may not be written", "--html names another place")
