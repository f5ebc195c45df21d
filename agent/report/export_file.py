"""Export file: a table as CSV that no spreadsheet takes for formulas, or as Parquet."""

import io
from enum import StrEnum

import polars as pl

_FORMULA = r"^[=+\-@\t\r\n\x{FF1D}\x{FF0B}\x{FF0D}\x{FF20}]"
"""What a spreadsheet takes for the begin of a formula, wide forms included."""
_NUMBERS = frozenset({"cost", "conversion_value", "before", "wished", "after"})
"""Text that gebot itself made out of a number: a minus there is one."""


class FileFormat(StrEnum):
    """What the file is."""

    CSV = "csv"
    PARQUET = "parquet"


def content(table: pl.DataFrame, form: FileFormat) -> bytes:
    """The file. CSV: UTF-8, commas, a heading; moments in UTC as ISO 8601, what is not known empty."""
    buffer = io.BytesIO()
    if form is FileFormat.PARQUET:
        table.write_parquet(buffer)
    else:
        told = table.with_columns(_csv_column(name, kind) for name, kind in table.schema.items())
        told.write_csv(buffer, line_terminator="\n")
    return buffer.getvalue()


def _csv_column(name: str, kind: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if kind == pl.Datetime("us", "UTC"):
        return column.dt.strftime("%Y-%m-%dT%H:%M:%S%.6fZ")
    if kind != pl.String or name in _NUMBERS:
        return column
    return pl.when(column.str.contains(_FORMULA)).then(pl.lit("'") + column).otherwise(column).alias(name)
