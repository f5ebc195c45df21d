"""Faults: everything that is wrong with a file, gathered before anything is refused."""

from collections.abc import Iterable

import polars as pl

from adapters.csv.numbers import Parsed
from agent.domain.errors import Mistake, Mistakes

SHOWN = 20


class Faults:
    """Gathers faults of one file; `refuse` raises them together.

    Attributes:
        file: Its name, for people.
        of_columns: Faults of the file as a whole.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self.of_columns: list[Mistake] = []
        self._of_cells: list[tuple[int, Mistake]] = []
        self._n_cells = 0

    def cells(self, lines: pl.Series, header: str, text: pl.Series, parsed: Parsed) -> None:
        """Add the cells of a column that are bad; `lines` are their rows' line numbers."""
        bad = parsed.bad
        pairs = zip(lines.filter(bad).head(SHOWN), text.filter(bad).head(SHOWN), strict=True)
        self.add(
            int(bad.sum()),
            (
                (line, Mistake(f"{self.file} line {line}, column {header!r}", _was(cell), parsed.expected))
                for line, cell in pairs
            ),
        )

    def add(self, count: int, first: Iterable[tuple[int, Mistake]]) -> None:
        """Add `count` faults of rows, of which the first stand for all."""
        self._n_cells += count
        self._of_cells += first

    def refuse(self) -> None:
        """Raise what was gathered.

        Raises:
            Mistakes: The first 20 by line, and how many there are.
        """
        faults = self.of_columns + [fault for _, fault in sorted(self._of_cells, key=lambda one: one[0])]
        count = len(self.of_columns) + self._n_cells
        if count == 0:
            return
        shown = faults[:SHOWN]
        more = f", of which these are the first {len(shown)}" if count > len(shown) else ""
        raise Mistakes(f"{self.file} has {count} fault{'s' if count > 1 else ''}{more}", shown)


def _was(cell: str) -> str:
    return f"was {cell!r}" if cell else "was empty"
