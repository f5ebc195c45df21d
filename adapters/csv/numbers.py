"""Numbers: what people and exports write in a number's place, as exact figures. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

EMPTY = ("", "-", "--", "–", "—")
"""Cells that say nothing; exports write them for zero."""

_COMMA_DECIMAL = r"(?:,\d{1,2}|,\d{4,})\D*$|\d\.\d{3},|\.\d{3}\.\d{3}|^\D*0,\d"
_DOT_DECIMAL = r"(?:\.\d{1,2}|\.\d{4,})\D*$|\d,\d{3}\.|,\d{3},\d{3}|^\D*0\.\d"


@dataclass(frozen=True, slots=True)
class Parsed:
    """A column as figures.

    Attributes:
        values: Null where a cell says nothing or is bad.
        bad: True where the text is no such figure.
        expected: What would be right there.
    """

    values: pl.Series
    bad: pl.Series
    expected: str


@dataclass(frozen=True, slots=True)
class Notation:
    """How a file writes numbers: its decimal separator, and the currency that may stand beside one."""

    decimal: str
    currency: str

    @property
    def thousands(self) -> str:
        return "," if self.decimal == "." else "."


def separators(columns: Iterable[pl.Series]) -> set[str]:
    """The decimal separators that the numbers give away: none, one, or (badly) both.

    ``1,234`` alone tells nothing; ``1,5``, ``1.234,56`` and ``1.234.567`` do.
    """
    seen = set()
    for text in columns:
        for separator, pattern in ((",", _COMMA_DECIMAL), (".", _DOT_DECIMAL)):
            if text.str.strip_chars().str.contains(pattern).any():
                seen.add(separator)
    return seen


def as_micros(text: pl.Series, notation: Notation) -> Parsed:
    """Money in millionths, exact; decimals beyond the sixth are cut off."""
    plain = _plain(text, notation)
    whole = plain.str.extract(r"^([0-9]{0,12})(?:\.|$)").replace("", "0").cast(pl.Int64)
    rest = plain.str.extract(r"\.([0-9]{1,6})").fill_null("").str.pad_end(6, "0").cast(pl.Int64)
    return _parsed(text, whole * 1_000_000 + rest, "an amount of zero or more is right")


def as_counts(text: pl.Series, notation: Notation) -> Parsed:
    """Whole numbers."""
    counts = _plain(text, notation).str.extract(r"^([0-9]{1,18})(?:\.0*)?$").cast(pl.Int64)
    return _parsed(text, counts, "a whole number of zero or more is right")


def as_numbers(text: pl.Series, notation: Notation) -> Parsed:
    """Numbers with a fraction, such as conversions."""
    numbers = _plain(text, notation).cast(pl.Float64, strict=False)
    return _parsed(text, numbers, "a number of zero or more is right")


def as_shares(text: pl.Series, notation: Notation) -> Parsed:
    """Shares within [0, 1] from ``83%`` or ``0.83``; Google's ``< 10%`` is 0.0999, ``> 90%`` 0.9001."""
    bare = text.str.strip_chars().replace({"< 10%": "9.99%", "> 90%": "90.01%"})
    if notation.decimal == ",":
        bare = bare.str.replace(r"^(9|90)\.(\d\d)%$", "${1},${2}%")
    per_cent = bare.str.ends_with("%")
    numbers = _plain(bare.str.strip_suffix("%"), notation).cast(pl.Float64, strict=False)
    shares = pl.select(pl.when(per_cent).then(numbers / 100).otherwise(numbers)).to_series()
    inside = pl.select(pl.when(shares <= 1).then(shares)).to_series()
    return _parsed(text, inside, "a share such as 83% or 0.83 is right")


def _plain(text: pl.Series, notation: Notation) -> pl.Series:
    """``1234.50`` from ``$1,234.50``, ``1.234,50 EUR`` or ``1'234.50``; null where it is no number."""
    thousands, decimal = re.escape(notation.thousands), re.escape(notation.decimal)
    money = rf"(?:\p{{Sc}}|{re.escape(notation.currency)})"
    bare = (
        text.str.strip_chars()
        .str.replace(rf"^{money}\s*", "")
        .str.replace(rf"\s*{money}$", "")
        .str.replace_all(r"[\s'’]", notation.thousands)
    )
    number = rf"^(?:(?:[0-9]+|[0-9]{{1,3}}(?:{thousands}[0-9]{{3}})+)(?:{decimal}[0-9]*)?|{decimal}[0-9]+)$"
    valid = pl.select(pl.when(bare.str.contains(number)).then(bare)).to_series()
    return valid.str.replace_all(notation.thousands, "", literal=True).str.replace(
        notation.decimal, ".", literal=True
    )


def _parsed(text: pl.Series, values: pl.Series, expected: str) -> Parsed:
    empty = text.str.strip_chars().is_in(EMPTY)
    return Parsed(values, values.is_null() & ~empty, expected)
