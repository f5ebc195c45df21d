"""Dates: the days that a query's filters leave."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from simulations.sandbox.google_ads.gaql import Condition, Query
from simulations.sandbox.google_ads.refusal import Refusal

DATE = "segments.date"
CORE_DATES = (DATE, "segments.week", "segments.month", "segments.quarter", "segments.year")
"""Segments that may be filtered by without being selected, and that need a finite range."""


@dataclass(frozen=True, slots=True)
class DateRange:
    """Days, both included."""

    since: date
    until: date


def date_range(query: Query, today: date) -> DateRange | None:
    """The days that the query's date filters leave, None when it has none.

    Raises:
        Refusal: A date is malformed, or a date segment is selected without a finite range.
    """
    since, until = date.min, date.max
    for condition in query.where:
        if condition.field == DATE:
            days = _days(condition, today)
            since, until = max(since, days.since), min(until, days.until)
        elif condition.field in CORE_DATES:
            raise Refusal(
                "query_error.PROHIBITED_FIELD_IN_WHERE_CLAUSE",
                f"The sandbox filters by {DATE}, not by {condition.field}.",
            )
    finite = since > date.min and until < date.max
    if not finite and any(path in CORE_DATES for path in query.fields):
        raise Refusal(
            "query_error.EXPECTED_FILTERS_ON_DATE_RANGE",
            f"Expected filters on the following field to limit a finite date range: '{DATE}'.",
        )
    return DateRange(since, until) if finite else None


def _days(condition: Condition, today: date) -> DateRange:
    operator = condition.operator
    if operator == "DURING":
        return _during(str(condition.values[0]), today)
    try:
        values = [_day(str(value)) for value in condition.values]
    except ValueError:
        raise Refusal(
            "query_error.INVALID_DATE_FORMAT", f"{condition.values} is no date of the form YYYY-MM-DD."
        ) from None
    one = timedelta(days=1)
    ranges: dict[str, Callable[[], DateRange]] = {
        "=": lambda: DateRange(values[0], values[0]),
        "BETWEEN": lambda: DateRange(values[0], values[1]),
        ">=": lambda: DateRange(values[0], date.max),
        "<=": lambda: DateRange(date.min, values[0]),
        ">": lambda: DateRange(values[0] + one, date.max),
        "<": lambda: DateRange(date.min, values[0] - one),
    }
    if operator not in ranges:
        raise Refusal("query_error.OPERATOR_FIELD_MISMATCH", f"{DATE} cannot be used with {operator}.")
    return ranges[operator]()


def _day(text: str) -> date:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        raise ValueError(text)
    return date.fromisoformat(text)


def _during(word: str, today: date) -> DateRange:
    yesterday = today - timedelta(days=1)
    match = re.fullmatch(r"LAST_(7|14|30)_DAYS", word)
    if match is not None:
        return DateRange(today - timedelta(days=int(match[1])), yesterday)
    month = today.replace(day=1)
    last_month = month - timedelta(days=1)
    monday = today - timedelta(days=today.weekday())
    sunday = today - timedelta(days=today.isoweekday() % 7)
    week = timedelta(days=7)
    words = {
        "TODAY": DateRange(today, today),
        "YESTERDAY": DateRange(yesterday, yesterday),
        "THIS_MONTH": DateRange(month, today),
        "LAST_MONTH": DateRange(last_month.replace(day=1), last_month),
        "THIS_WEEK_MON_TODAY": DateRange(monday, today),
        "THIS_WEEK_SUN_TODAY": DateRange(sunday, today),
        "LAST_WEEK_MON_SUN": DateRange(monday - week, monday - timedelta(days=1)),
        "LAST_WEEK_SUN_SAT": DateRange(sunday - week, sunday - timedelta(days=1)),
        "LAST_BUSINESS_WEEK": DateRange(monday - week, monday - timedelta(days=3)),
    }
    if word not in words:
        raise Refusal("query_error.INVALID_VALUE_WITH_DURING_OPERATOR", f"{word} is no range of dates.")
    return words[word]
