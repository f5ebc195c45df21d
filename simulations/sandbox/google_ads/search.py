"""Search: run a query over the rows of a table."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeAlias

from google.ads.googleads.v26.services.types.google_ads_service import GoogleAdsRow

from simulations.sandbox.google_ads.fields import Field, row_field
from simulations.sandbox.google_ads.gaql import Condition, Query
from simulations.sandbox.google_ads.refusal import Refusal

Row: TypeAlias = Mapping[str, Any]
"""Values by field path; enums by name. A path that is absent is not set."""

DATE = "segments.date"
_ALSO = {  # what may be named beside the resource itself
    "customer": (),
    "campaign": ("customer", "campaign_budget", "bidding_strategy", "segments", "metrics"),
    "campaign_budget": ("customer",),
    "currency_constant": (),
    "label": ("customer",),
    "change_event": ("customer", "campaign"),
}
_RowMessage = type(GoogleAdsRow.pb(GoogleAdsRow()))


@dataclass(frozen=True, slots=True)
class DateRange:
    """Days, both included."""

    since: date
    until: date


def check(query: Query, today: date) -> None:
    """Refuse what Google would refuse: unknown names, fields that do not go together, endless dates.

    Raises:
        Refusal: With the query_error that Google would answer.
    """
    if query.resource not in _ALSO:
        raise Refusal(
            "query_error.BAD_RESOURCE_TYPE_IN_FROM_CLAUSE",
            f"The sandbox has no resource {query.resource}; it has {', '.join(_ALSO)}.",
        )
    for path in query.fields:
        field = row_field(path)
        if field.parts[0] not in (query.resource, *_ALSO[query.resource]):
            clause = "SELECT" if path in query.select else "WHERE"
            raise Refusal(
                f"query_error.PROHIBITED_RESOURCE_TYPE_IN_{clause}_CLAUSE",
                f"{path} cannot be named in a query FROM {query.resource}.",
            )
    date_range(query, today)


def date_range(query: Query, today: date) -> DateRange | None:
    """The days that the query's date filters leave, None when it has none.

    Raises:
        Refusal: A date is malformed, or a date segment is selected without a finite range.
    """
    since, until = date.min, date.max
    for condition in query.where:
        if condition.field == DATE:
            low, high = _days(condition, today)
            since, until = max(since, low), min(until, high)
    finite = since > date.min and until < date.max
    if DATE in query.fields and not finite:
        raise Refusal(
            "query_error.EXPECTED_FILTERS_ON_DATE_RANGE",
            "Expected filters on the following field to limit a finite date range: 'segments.date'.",
        )
    return DateRange(since, until) if finite else None


def found(query: Query, rows: Iterable[Row]) -> Iterator[Row]:
    """The rows that the query asks for, in its order. Dates are expected to be filtered already."""
    tests = [_test(condition) for condition in query.where if condition.field != DATE]
    kept: Iterable[Row] = (row for row in rows if all(test(row) for test in tests))
    for ordering in reversed(query.order):
        path = ordering.field
        kept = sorted(
            kept, key=lambda row: (row.get(path) is not None, row.get(path)), reverse=ordering.descending
        )
    for count, row in enumerate(kept):
        if query.limit is not None and count >= query.limit:
            return
        yield row


def messages(query: Query, rows: Iterable[Row]) -> Iterator[Any]:
    """Rows as messages that hold the selected fields and their resources' names."""
    roots = dict.fromkeys(path.split(".")[0] for path in (f"{query.resource}.", *query.select))
    names = [f"{root}.resource_name" for root in roots if root not in ("metrics", "segments")]
    fields: list[Field] = [row_field(path) for path in dict.fromkeys((*query.select, *names))]
    for row in rows:
        message = _RowMessage()
        for field in fields:
            value = row.get(field.path)
            if value is not None:
                field.write(message, value)
        yield message


def _days(condition: Condition, today: date) -> tuple[date, date]:
    operator = condition.operator
    if operator == "DURING":
        return _during(str(condition.values[0]), today)
    try:
        values = [date.fromisoformat(str(value)) for value in condition.values]
    except ValueError:
        raise Refusal(
            "query_error.INVALID_DATE_FORMAT", f"{condition.values} is no date of the form YYYY-MM-DD."
        ) from None
    ranges: dict[str, Callable[[], tuple[date, date]]] = {
        "=": lambda: (values[0], values[0]),
        "BETWEEN": lambda: (values[0], values[1]),
        ">=": lambda: (values[0], date.max),
        "<=": lambda: (date.min, values[0]),
        ">": lambda: (values[0] + timedelta(days=1), date.max),
        "<": lambda: (date.min, values[0] - timedelta(days=1)),
    }
    if operator not in ranges:
        raise Refusal("query_error.OPERATOR_FIELD_MISMATCH", f"segments.date cannot be used with {operator}.")
    return ranges[operator]()


def _during(word: str, today: date) -> tuple[date, date]:
    yesterday = today - timedelta(days=1)
    match = re.fullmatch(r"LAST_(7|14|30)_DAYS", word)
    if match is not None:
        return today - timedelta(days=int(match[1])), yesterday
    last_month = today.replace(day=1) - timedelta(days=1)
    words = {
        "TODAY": (today, today),
        "YESTERDAY": (yesterday, yesterday),
        "THIS_MONTH": (today.replace(day=1), today),
        "LAST_MONTH": (last_month.replace(day=1), last_month),
    }
    if word not in words:
        raise Refusal(
            "query_error.INVALID_VALUE_WITH_DURING_OPERATOR", f"{word} is not known to the sandbox."
        )
    return words[word]


def _test(condition: Condition) -> Callable[[Row], bool]:
    field = row_field(condition.field)
    path, operator = condition.field, condition.operator
    if operator in ("IS NULL", "IS NOT NULL"):
        return lambda row: (row.get(path) is None) == (operator == "IS NULL")
    if operator in ("LIKE", "NOT LIKE"):
        pattern = _pattern(str(condition.values[0]))
        return lambda row: bool(pattern.fullmatch(str(row.get(path, "")))) == (operator == "LIKE")
    values = [field.checked(value) for value in condition.values]
    if operator in ("IN", "NOT IN"):
        return lambda row: (row.get(path) in values) == (operator == "IN")
    if operator == "DURING":
        raise Refusal("query_error.OPERATOR_FIELD_MISMATCH", f"{path} cannot be used with DURING.")
    if operator == "BETWEEN":
        return lambda row: row.get(path) is not None and values[0] <= row[path] <= values[1]
    value: Any = values[0]
    comparisons: dict[str, Callable[[Any], bool]] = {
        "=": lambda found: found == value,
        "!=": lambda found: found != value,
        "<": lambda found: found is not None and found < value,
        ">": lambda found: found is not None and found > value,
        "<=": lambda found: found is not None and found <= value,
        ">=": lambda found: found is not None and found >= value,
    }
    if operator not in comparisons:
        raise Refusal("query_error.BAD_OPERATOR", f"{operator} is no operator.")
    compare = comparisons[operator]
    return lambda row: compare(row.get(path))


def _pattern(like: str) -> re.Pattern[str]:
    """A LIKE pattern: % is any text, _ is any character, [%] and [_] are themselves."""
    parts = re.findall(r"\[.\]|.", like, flags=re.DOTALL)
    return re.compile(
        "".join({"%": ".*", "_": "."}.get(p, re.escape(p.strip("[]") or p)) for p in parts), re.S
    )
