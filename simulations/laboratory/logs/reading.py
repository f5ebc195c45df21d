"""Reading: a CSV file of daily figures, long or wide, to a log."""

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from adapters.csv.cells import Cells, cells_of
from adapters.csv.faults import Faults
from adapters.csv.numbers import Notation, Parsed, as_numbers, separators
from adapters.csv.options import Options
from agent.domain.errors import Mistake, Mistakes
from simulations.laboratory.logs.headers import Figure, Located, locate
from simulations.laboratory.logs.log import Log, channel_of

SHORTEST_DAYS = 21
_FEWEST_DAYS = 14
_NOTHING = ("na", "n/a", "nan", "null", "none", "inf")
_DATES = (
    ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y.%m.%d"),
    ("%m/%d/%Y", "%m-%d-%Y", "%m/%d/%y", "%m-%d-%y"),
    ("%d/%m/%Y", "%d-%m-%Y", "%d/%m/%y", "%d-%m-%y", "%d.%m.%Y", "%d.%m.%y"),
    ("%d %b %Y", "%d-%b-%Y", "%d-%b-%y", "%b %d, %Y", "%B %d, %Y", "%d %B %Y"),
)
_FIGURES = tuple(figure.value for figure in Figure)


def read_log(path: Path) -> Log:
    """Read what people spent and got.

    Rows of one campaign and day are added up. Of the columns that tell units apart the first
    is taken that has two units or more that ran on enough days; the other units are left out.

    Raises:
        Mistakes: Why the file cannot be used.
    """
    faults = Faults(path.name)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Mistake(str(path), str(error.strerror), "a CSV file that can be read is right") from error
    header = content.split(b"\n", 1)[0]
    delimiter = max(",;\t|", key=lambda one: header.count(one.encode()))
    options = Options(path=path, currency="USD", encoding=_encoding(content), delimiter=delimiter)
    cells = cells_of(content, options, faults)
    faults.refuse()
    where = locate(cells.headers, path.name)
    rows = _rows(cells, where, faults)
    faults.refuse()
    for key in ("unit", "other", "another"):
        if key in rows.columns and (found := _log(path.stem, rows, key)) is not None:
            return found
    n_days = rows["date"].n_unique()
    raise Mistakes(
        f"{path.name} cannot be used",
        [
            Mistake(
                path.name,
                f"has {n_days} days, and no two campaigns or platforms with clicks and conversions on enough",
                f"two or more with cost and clicks on half of at least {SHORTEST_DAYS} days are right",
            )
        ],
    )


def _encoding(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _rows(cells: Cells, where: Located, faults: Faults) -> pl.DataFrame:
    """A row for each unit and day, or several; columns date, unit, other, another, words and the figures."""
    lines = pl.Series("line", cells.lines, dtype=pl.Int64)
    dates = _dates(cells.column(where.date))
    faults.cells(lines, where.date, cells.column(where.date), dates)
    headers = {header for of_unit in where.figures.values() for header in of_unit.values()}
    decimals = separators(cells.column(header) for header in headers)
    notation = Notation("," if decimals == {","} else ".", "USD")
    parsed = {header: _numbers(cells.column(header), notation) for header in headers}
    for header, one in parsed.items():
        faults.cells(lines, header, cells.column(header), one)
    parts = []
    for unit, of_unit in where.figures.items():
        columns = [dates.values.alias("date")]
        if where.units:
            keys = [cells.column(header).str.to_lowercase() for header in where.units[:3]]
            columns += [
                key.alias(name) for key, name in zip(keys, ("unit", "other", "another"), strict=False)
            ]
            kind = keys[0] if where.category is None else cells.column(where.category)
            columns.append((keys[0] + " " + kind).alias("words"))
        else:
            columns += [pl.Series(name, [unit] * len(cells.rows)) for name in ("unit", "words")]
        for figure in Figure:
            known = parsed[of_unit[figure]].values.fill_null(0.0) if figure in of_unit else None
            empty = pl.Series([None] * len(cells.rows), dtype=pl.Float64)
            columns.append((empty if known is None else known).alias(figure))
        parts.append(pl.DataFrame(columns))
    return pl.concat(parts).drop_nulls("date")


def _dates(text: pl.Series) -> Parsed:
    """Days, in whichever way of writing most of them are; a total's row has none."""
    bare = text.str.replace(r"[ T]\d{1,2}:\d\d.*$", "")
    readings = []
    for formats in _DATES:
        days = pl.Series([None] * len(text), dtype=pl.Date)
        for shape in formats:
            one = bare.str.to_date(shape, strict=False)
            one = one.set(~one.dt.year().is_between(1990, 2100), None)
            days = days.fill_null(one) if len(days) else one
        readings.append(days)
    best = max(readings, key=lambda days: days.len() - days.null_count())
    dated = text.str.contains(r"\d")
    return Parsed(best, best.is_null() & dated, "a date written like most of the others is right")


def _numbers(text: pl.Series, notation: Notation) -> Parsed:
    """Numbers of zero or more, as people and programs write them; nothing said is null."""
    said = text.str.to_lowercase().is_in(_NOTHING)
    cells = text.set(said, "")
    parsed = as_numbers(cells, notation)
    plain = cells.cast(pl.Float64, strict=False)
    values = parsed.values.fill_null(plain.set(plain < 0, None))
    return Parsed(values, parsed.bad & values.is_null(), parsed.expected)


def _log(name: str, rows: pl.DataFrame, key: str) -> Log | None:
    """The log by one way of telling units apart; None where it leaves fewer than two units."""
    daily = rows.group_by(key, "date").agg(
        pl.col("words").first(), *(pl.col(figure).sum() for figure in _FIGURES)
    )
    if not len(daily):
        return None
    dates = daily["date"].to_numpy()
    first: np.datetime64 = dates.min()
    n_days = int((dates.max() - first).astype(int)) + 1
    enough = max(_FEWEST_DAYS, n_days // 2)
    active = (pl.col(Figure.COST) > 0) & (pl.col(Figure.CLICKS) > 0)
    usable = (
        daily.group_by(key)
        .agg(active.sum().alias("days"), pl.col(Figure.CONVERSIONS).sum(), pl.col("words").first())
        .filter((pl.col("days") >= enough) & (pl.col(Figure.CONVERSIONS) > 0))
        .sort(key)
    )
    if n_days < SHORTEST_DAYS or len(usable) < 2:
        return None
    units = usable[key].to_list()
    told = daily.filter(pl.col(key).is_in(units))
    row = told[key].replace_strict(units, range(len(units)), return_dtype=pl.Int64).to_numpy()
    day = (told["date"].to_numpy() - first).astype(int)
    matrices = {}
    for figure in Figure:
        matrices[figure] = np.zeros((len(units), n_days))
        matrices[figure][row, day] = told[figure].to_numpy()
    has_value = rows[Figure.VALUE].null_count() < len(rows) and matrices[Figure.VALUE].any()
    return Log(
        name=name,
        first_day=date.fromisoformat(str(first)),
        units=tuple(units),
        channel=np.array([channel_of(words) for words in usable["words"]], dtype=np.intp),
        cost=matrices[Figure.COST],
        clicks=matrices[Figure.CLICKS],
        conversions=matrices[Figure.CONVERSIONS],
        value=matrices[Figure.VALUE] if has_value else None,
    )
