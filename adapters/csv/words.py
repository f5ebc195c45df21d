"""Words: the dates, statuses and labels of an export. Pure."""

from collections.abc import Mapping
from typing import Literal

import polars as pl

from adapters.csv.numbers import EMPTY, Parsed

_ISO = ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d")
_YEARS = (1990, 2100)
"""Others are a slip: "01-02-19" is not a day of the year 1."""
_STATUSES: Mapping[str, tuple[str, ...]] = {
    "enabled": ("enabled", "active", "on", "eligible", "eligible (limited)", "limited by budget", "learning"),
    "paused": ("paused", "inactive", "off", "not delivering", "ended", "completed", "campaign paused"),
    "removed": ("removed", "deleted", "archived"),
}


def as_dates(text: pl.Series, date_format: str | None) -> Parsed:
    """Days; without a format they are ISO dates, all written in one way.

    A time of midnight after the date is ignored.
    """
    bare = text.str.replace(r"[ T]00:00(:00(\.0+)?)?( ?UTC|Z)?$", "")
    formats = _ISO if date_format is None else (date_format,)
    readings = {shape: bare.str.to_date(shape, strict=False) for shape in formats}
    readings = {
        shape: days.set(~days.dt.year().is_between(*_YEARS), None) for shape, days in readings.items()
    }
    shape = max(readings, key=lambda one: int(readings[one].is_not_null().sum()))
    days = readings[shape]
    if days.is_not_null().any() or date_format is not None:
        expected = f"a date written as {shape} is right"
    else:
        expected = 'a date such as 2026-11-21 is right; options.date_format names others, such as "%d.%m.%Y"'
    return Parsed(days, days.is_null(), expected)


def as_statuses(text: pl.Series) -> Parsed:
    """``enabled``, ``paused`` or ``removed``, whatever the export calls them."""
    known = {word: status for status, words in _STATUSES.items() for word in words}
    statuses = text.str.to_lowercase().replace_strict(known, default=None, return_dtype=pl.String)
    bad = statuses.is_null() & ~text.is_in(EMPTY)
    return Parsed(statuses, bad, "a status such as enabled, active or paused is right")


def as_ids(text: pl.Series) -> Parsed:
    """What tells campaigns apart: never empty."""
    return Parsed(text, text == "", "every row needs one")


def as_names(text: pl.Series, case: Literal["keep", "fold"]) -> pl.Series:
    """Names; folded ones are lower case with single spaces inside."""
    return text.str.to_lowercase().str.replace_all(r"\s+", " ") if case == "fold" else text


def labels_of(text: str | None) -> frozenset[str]:
    """Labels from ``a; b``, ``a, b`` or ``a | b``; none from an empty cell or ``[]``."""
    if text is None:
        return frozenset()
    separator = next((one for one in ";|," if one in text), ";")
    names = (name.strip() for name in text.strip("[]").split(separator))
    return frozenset(name for name in names if name not in EMPTY)
