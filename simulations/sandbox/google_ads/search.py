"""Search: run a query over the rows of a table."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from simulations.sandbox.google_ads.dates import DATE
from simulations.sandbox.google_ads.fields import row_field
from simulations.sandbox.google_ads.gaql import Condition, Query
from simulations.sandbox.google_ads.messages import message_class
from simulations.sandbox.google_ads.refusal import Refusal

Row: TypeAlias = Mapping[str, Any]
"""Values by field path; enums by name. A path that is absent is not set."""

Test: TypeAlias = Callable[[Row], bool]


def found(query: Query, rows: Iterable[Row]) -> Iterator[Row]:
    """The rows that the query asks for, in its order. Dates are expected to be filtered already.

    Raises:
        Refusal: A condition cannot be tested on its field; at once, before any row is read.
    """
    return _chosen(query, rows, tests(query))


def tests(query: Query) -> list[Test]:
    """A test for each condition but those on days.

    Raises:
        Refusal: A condition cannot be tested on its field.
    """
    return [_test(condition) for condition in query.where if condition.field != DATE]


def messages(query: Query, rows: Iterable[Row]) -> Iterator[Any]:
    """Rows as messages that hold the selected fields and their resources' names."""
    paths = dict.fromkeys(query.select)
    if query.parameters.get("omit_unselected_resource_names") != "true":
        roots = dict.fromkeys(path.split(".")[0] for path in (f"{query.resource}.", *query.select))
        paths |= dict.fromkeys(
            f"{root}.resource_name" for root in roots if root not in ("metrics", "segments")
        )
    writers = [(path, row_field(path).writer()) for path in paths]
    message_of = message_class("services.GoogleAdsRow")
    for row in rows:
        message = message_of()
        for path, write in writers:
            value = row.get(path)
            if value is not None:
                write(message, value)
        yield message


def _chosen(query: Query, rows: Iterable[Row], tested: list[Test]) -> Iterator[Row]:
    kept: Iterable[Row] = (row for row in rows if all(test(row) for test in tested))
    for ordering in reversed(query.order):
        path = ordering.field
        kept = sorted(
            kept, key=lambda row: (row.get(path) is not None, row.get(path)), reverse=ordering.descending
        )
    for count, row in enumerate(kept):
        if query.limit is not None and count >= query.limit:
            return
        yield row


def _test(condition: Condition) -> Test:
    field = row_field(condition.field)
    path, operator = condition.field, condition.operator
    if field.descriptor.is_repeated != operator.startswith("CONTAINS") and not operator.startswith("IS "):
        raise Refusal("query_error.OPERATOR_FIELD_MISMATCH", f"{path} cannot be used with {operator}.")
    if operator in ("IS NULL", "IS NOT NULL"):
        return lambda row: (row.get(path) is None) == (operator == "IS NULL")
    if operator.endswith(("LIKE", "REGEXP_MATCH")):
        pattern = _pattern(str(condition.values[0]), is_like=operator.endswith("LIKE"))
        return lambda row: bool(pattern.fullmatch(str(row.get(path, "")))) != operator.startswith("NOT")
    values = [field.checked(value) for value in condition.values]
    if operator.startswith("CONTAINS"):
        return _contains(path, operator.split()[1], set(values))
    if operator in ("IN", "NOT IN"):
        return lambda row: (row.get(path) in values) == (operator == "IN")
    if operator == "DURING":
        raise Refusal("query_error.OPERATOR_FIELD_MISMATCH", f"{path} cannot be used with DURING.")
    if operator == "BETWEEN":
        return lambda row: row.get(path) is not None and values[0] <= row[path] <= values[1]
    return _comparison(path, operator, values[0])


def _contains(path: str, among: str, values: set[Any]) -> Test:
    if among == "ALL":
        return lambda row: values <= set(row.get(path, ()))
    return lambda row: values.isdisjoint(row.get(path, ())) == (among == "NONE")


def _comparison(path: str, operator: str, value: Any) -> Test:
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


def _pattern(text: str, *, is_like: bool) -> re.Pattern[str]:
    """A LIKE pattern (% is any text, _ is any character, [%] and [_] are themselves), or a regular one."""
    if is_like:
        parts = re.findall(r"\[.\]|.", text, flags=re.DOTALL)
        text = "".join({"%": ".*", "_": "."}.get(p, re.escape(p.strip("[]") or p)) for p in parts)
    try:
        return re.compile(text, re.S)
    except re.error:
        raise Refusal("query_error.BAD_VALUE", f"{text!r} is no regular expression.") from None
