"""Cells: a file as rows of text, each with the line it stands on."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import islice

import polars as pl

from adapters.csv.faults import SHOWN, Faults
from adapters.csv.options import Options
from agent.domain.errors import Mistake


@dataclass(frozen=True, slots=True)
class Cells:
    """Rows that are not empty; each has as many cells as there are headers.

    Attributes:
        lines: Line number of each row, the first of the file being 1.
    """

    headers: Sequence[str]
    lines: Sequence[int]
    rows: Sequence[Sequence[str]]

    def column(self, header: str) -> pl.Series:
        """A column's cells without outer spaces."""
        index = self.headers.index(header)
        return pl.Series([row[index] for row in self.rows], dtype=pl.String).str.strip_chars()


def cells_of(content: bytes, options: Options, faults: Faults) -> Cells:
    """Split a file into cells; rows that are shorter or longer than the header are faults.

    Raises `faults` at once when there is nothing to look at any further.

    The standard library's reader is used because others fill short rows up, and a row that
    was cut off must not be taken for one with zeros.
    """
    headers: list[str] = []
    lines: list[int] = []
    rows: list[list[str]] = []
    ragged: list[tuple[int, Mistake]] = []
    try:
        text = content.decode(options.encoding).removeprefix("\ufeff")
        reader = csv.reader(StringIO(text, newline=""), delimiter=options.delimiter, strict=True)
        for _ in islice(reader, options.skip_lines):
            pass
        headers = [header.strip() for header in next(reader, [])]
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            if len(row) == len(headers):
                lines.append(reader.line_num)
                rows.append(row)
            else:
                right = f"{len(headers)}, as in the header, are right"
                where = f"{faults.file} line {reader.line_num}"
                ragged.append((reader.line_num, Mistake(where, f"has {len(row)} cells", right)))
    except UnicodeError:
        found = f"was no text in {options.encoding}"
        faults.of_columns.append(
            Mistake(faults.file, found, "options.encoding names another, such as cp1252")
        )
    except LookupError as error:
        faults.of_columns.append(Mistake(faults.file, str(error), "options.encoding names another"))
    except csv.Error as error:
        where = f"{faults.file} line {reader.line_num}"
        faults.of_columns.append(Mistake(where, str(error), "a quoted cell may not be closed"))
    else:
        if not rows and not ragged:
            found = "has no rows" if headers else "is empty"
            faults.of_columns.append(Mistake(faults.file, found, "a row for each campaign and day is right"))
    faults.add(len(ragged), ragged[:SHOWN])
    if not rows:
        faults.refuse()
    return Cells(headers, lines, rows)
