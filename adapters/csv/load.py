"""Load: a CSV export to typed rows, all of it or every fault in it."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import polars as pl

from adapters.csv.cells import Cells, cells_of
from adapters.csv.columns import COUNTS, METRICS, MONEY, SHARES, Column, locate
from adapters.csv.faults import SHOWN, Faults
from adapters.csv.numbers import Notation, as_counts, as_micros, as_numbers, as_shares, separators
from adapters.csv.options import Options
from adapters.csv.words import as_dates, as_ids, as_names, as_statuses
from agent.domain.errors import Mistake

_READERS = {
    Column.COST: as_micros,
    Column.CONVERSION_VALUE: as_micros,
    Column.DAILY_BUDGET: as_micros,
    Column.IMPRESSIONS: as_counts,
    Column.CLICKS: as_counts,
    Column.CONVERSIONS: as_numbers,
    **dict.fromkeys(SHARES, as_shares),
}
_TYPES = {
    **dict.fromkeys(MONEY, pl.Int64),
    **dict.fromkeys(COUNTS, pl.Int64),
    **dict.fromkeys((Column.CONVERSIONS, *SHARES), pl.Float64),
    Column.DATE: pl.Date,
}
_LINE = "line"


def load(path: Path, options: Options) -> pl.DataFrame:
    """Read the file.

    Returns:
        One row for each campaign and day, oldest first, with a column for each of `Column`:
        money in micros, shares within [0, 1], a status of `as_statuses`. Null where the file
        does not tell; metrics are never null.

    Raises:
        Mistakes: The first 20 faults, and how many there are. Nothing was loaded.
        OSError: The file cannot be read.
    """
    faults = Faults(path.name)
    cells = cells_of(path.read_bytes(), options, faults)
    located = locate(cells.headers, options.columns, options.currency, path.name, faults.of_columns)
    if options.budget == "column" and Column.DAILY_BUDGET not in located:
        faults.of_columns.append(
            Mistake(path.name, "no column for daily_budget was found", 'options.budget is "column"')
        )
    rows = _typed(cells, located, options, faults)
    faults.refuse()
    rows = _one_a_day(rows, options, faults)
    faults.refuse()
    return rows.sort(Column.DATE, Column.CAMPAIGN_ID)


def _typed(cells: Cells, located: Mapping[Column, str], options: Options, faults: Faults) -> pl.DataFrame:
    """Cells as figures, dates and words; adds what is wrong with them to `faults`."""
    lines = pl.Series(_LINE, cells.lines, dtype=pl.Int64)
    text = {column: cells.column(header) for column, header in located.items()}
    numeric = {column: cell for column, cell in text.items() if column in _READERS}
    notation = Notation(_decimal(numeric.values(), options, faults), options.currency)

    parsed = {column: _READERS[column](cell, notation) for column, cell in numeric.items()}
    if Column.DATE in text:
        parsed[Column.DATE] = as_dates(text[Column.DATE], options.date_format)
    if Column.STATUS in text:
        parsed[Column.STATUS] = as_statuses(text[Column.STATUS])
    key = Column.CAMPAIGN_ID if Column.CAMPAIGN_ID in text else Column.CAMPAIGN
    if key in text:
        parsed[key] = as_ids(text[key])
    for column, one in parsed.items():
        faults.cells(lines, located[column], text[column], one)

    known = text | {column: one.values for column, one in parsed.items()}
    known |= {column: known[column].fill_null(0) for column in METRICS if column in known}
    if key in known:
        known[Column.CAMPAIGN] = as_names(known.get(Column.CAMPAIGN, known[key]), options.name_case)
        known.setdefault(Column.CAMPAIGN_ID, known[Column.CAMPAIGN])
    absent = {
        column.value: pl.lit(0 if column in METRICS else None, _TYPES.get(column, pl.String))
        for column in Column
        if column not in known
    }
    named = [series.alias(column) for column, series in known.items()]
    return pl.DataFrame([lines, *named]).with_columns(**absent)


def _decimal(numeric: Iterable[pl.Series], options: Options, faults: Faults) -> str:
    """The decimal separator: as the options say, else as the numbers tell, else a point."""
    if options.decimal != "auto":
        return options.decimal
    seen = separators(numeric)
    if len(seen) > 1:
        found = "numbers are written in two ways, such as 1,234.56 and 1.234,56"
        faults.of_columns.append(Mistake(faults.file, found, "options.decimal says which is right"))
        return "."
    return min(seen, default=".")


def _one_a_day(rows: pl.DataFrame, options: Options, faults: Faults) -> pl.DataFrame:
    """One row for each campaign and day: several are a fault, or added up.

    Of what cannot be added the last row's stands; impression shares are then not known.
    """
    key = [Column.CAMPAIGN_ID, Column.DATE]
    if not rows.select(key).is_duplicated().any():
        return rows.drop(_LINE)
    if options.duplicates == "fault":
        again = rows.filter(~pl.struct(key).is_first_distinct())
        expected = 'options.duplicates = "sum" adds such rows up'
        first = again.head(SHOWN).select(_LINE, Column.CAMPAIGN, Column.DATE).iter_rows()
        faults.add(
            len(again),
            (
                (line, Mistake(f"{faults.file} line {line}", f"a second row of {name!r} on {day}", expected))
                for line, name, day in first
            ),
        )
    return rows.group_by(key, maintain_order=True).agg(
        *(pl.col(column).sum() for column in METRICS),
        *(pl.when(pl.len() == 1).then(pl.col(column).first()).alias(column) for column in SHARES),
        *(
            pl.col(column).drop_nulls().last()
            for column in (Column.CAMPAIGN, Column.DAILY_BUDGET, Column.STATUS, Column.LABELS, Column.CHANNEL)
        ),
    )
