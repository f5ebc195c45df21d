"""Texts: what people write in a rule file besides SQL, read into typed values."""

import re
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from string import Formatter

from agent.domain.lever import Lever, Ratio, Status, Value
from agent.domain.money import MICROS, Money
from rules.columns import Column, column_named, suggestion
from rules.refused import Refused

LONGEST_HOLD_RUNS = 14
LARGEST = 10**12
"""Of every number and every amount: what is larger is a slip, and its micros would not fit into a column."""

_RUNS = re.compile(r"(\d+) runs?")
_TIME = re.compile(r"(\d+)([dh])")
_MOST_DIGITS = 40
_OLDEST_DAYS = 36_525


@dataclass(frozen=True, slots=True)
class Because:
    """A sentence with fields; `parts` are its literal texts and columns in turn."""

    text: str
    parts: tuple[str | Column, ...]

    @property
    def columns(self) -> tuple[Column, ...]:
        return tuple(part for part in self.parts if isinstance(part, Column))


def because(raw: object) -> Because:
    if not isinstance(raw, str) or not raw.strip():
        raise Refused(repr(raw), "a sentence such as 'spent {cost_14d} in 14 days' is right")
    parts: list[str | Column] = []
    try:
        pieces = list(Formatter().parse(raw))
    except ValueError as error:
        raise Refused(repr(raw), str(error).lower()) from None
    for literal, field, spec, conversion in pieces:
        if literal:
            parts.append(literal)
        if field is None:
            continue
        column = column_named(field)
        if column is None or spec or conversion:
            name = f"{field}{'!' + conversion if conversion else ''}{':' + spec if spec else ''}"
            hint = suggestion(field) if column is None else f"{{{field}}} is right, gebot writes the figure"
            raise Refused(f"field {{{name}}}", hint)
        parts.append(column)
    return Because(raw, tuple(parts))


def runs(raw: object) -> int:
    """Read ``"2 runs"``."""
    match = _RUNS.fullmatch(raw) if isinstance(raw, str) else None
    if match is None or not 1 <= int(match[1]) <= LONGEST_HOLD_RUNS:
        raise Refused(repr(raw), f"'2 runs' is right, {LONGEST_HOLD_RUNS} at most")
    return int(match[1])


def duration(raw: object) -> timedelta:
    """Read ``"3d"`` or ``"12h"``."""
    match = _TIME.fullmatch(raw) if isinstance(raw, str) else None
    if match is None or not 1 <= int(match[1]) <= 10_000:
        raise Refused(repr(raw), "'3d' or '12h' is right")
    return timedelta(days=int(match[1])) if match[2] == "d" else timedelta(hours=int(match[1]))


def money(raw: object) -> Money:
    """Read ``"12.50 EUR"``; a leading plus is allowed."""
    expected = "text with a currency such as '12.50 EUR' is right"
    if not isinstance(raw, str):
        raise Refused(repr(raw) if not isinstance(raw, Decimal) else str(raw), expected)
    if len(raw) > _MOST_DIGITS:
        raise Refused(f"text of {len(raw)} characters", expected)
    try:
        found = Money.parse(raw.removeprefix("+"))
    except ValueError:
        raise Refused(repr(raw), expected) from None
    if abs(found.micros) >= LARGEST * MICROS:
        raise Refused(repr(raw), f"an amount below {LARGEST:,} is right")
    return found


def decimal(raw: object) -> Decimal:
    """Read a TOML number, which the parser leaves as an int or a Decimal."""
    if isinstance(raw, bool) or not isinstance(raw, int | Decimal):
        raise Refused(repr(raw), "a number such as 0.7 is right")
    found = Decimal(raw)
    if not found.is_finite():
        raise Refused(str(raw), "a number such as 0.7 is right")
    # Looked at before it is computed with: 1e-999999999 has a billion digits once it is a fraction.
    _, digits, exponent = found.as_tuple()
    assert isinstance(exponent, int)
    if len(digits) > _MOST_DIGITS or abs(exponent) > _MOST_DIGITS or abs(found) >= LARGEST:
        raise Refused("a number of very many digits", f"a number such as 0.7, below {LARGEST:,}, is right")
    return found


def conversions(raw: object) -> Decimal:
    """Read a number that may have decimals and is not below zero."""
    found = decimal(raw)
    if found < 0:
        raise Refused(str(raw), "a number from 0 is right")
    return found


def age(raw: object) -> int | None:
    """Read a number of days, or "unknown"."""
    if raw == "unknown":
        return None
    if isinstance(raw, bool) or not isinstance(raw, int) or not 0 <= raw <= _OLDEST_DAYS:
        raise Refused(repr(raw), "days such as 30, or 'unknown', is right")
    return raw


def share(raw: object) -> Decimal:
    """Read a number within [0, 1]."""
    found = decimal(raw)
    if not 0 <= found <= 1:
        raise Refused(str(raw), "a share from 0 to 1 is right")
    return found


def ratio(raw: object) -> Ratio:
    return Ratio.of(decimal(raw))


def status(raw: object) -> Status:
    for found in Status:
        if raw == str(found):
            return found
    raise Refused(repr(raw), "'enabled' or 'paused' is right")


def value(lever: Lever, raw: object) -> Value:
    """Read a value as it is written for this lever."""
    if lever is Lever.STATUS:
        return status(raw)
    return ratio(raw) if lever is Lever.TARGET_ROAS else money(raw)
