"""Amounts as people write them: money, percent and ratios; always text, never a float."""

import re
from decimal import Decimal
from fractions import Fraction
from typing import Annotated

from pydantic import PlainSerializer, PlainValidator

from agent.config.faults import fault
from agent.domain.lever import Ratio
from agent.domain.money import Money

_PERCENT = re.compile(r"\s*(\d{1,6}(?:\.\d{1,6})?)\s*%\s*", re.ASCII)
_RATIO = re.compile(r"\s*(\d{1,6}(?:\.\d{1,6})?)\s*", re.ASCII)
_LARGEST = 10**12  # currency units; its micros still fit into 64 bits
_LARGEST_GROWTH = 10


def _money(value: object) -> Money:
    """Money above zero; a limit of 0 would read as "none" on some platforms."""
    if not isinstance(value, Money):
        try:
            value = Money.parse(value if isinstance(value, str) and len(value) <= 40 else "")
        except ValueError:
            raise fault("money such as '5.00 EUR' is right") from None
    if not 0 < value.micros < _LARGEST * 10**6:
        raise fault("money above zero is right; a limit that is not wanted is left out")
    return value


def _percent(value: object) -> Fraction:
    if not isinstance(value, Fraction):
        match = _PERCENT.fullmatch(value) if isinstance(value, str) else None
        if match is None:
            raise fault("percent in quotes such as '20%' is right")
        value = Fraction(Decimal(match[1])) / 100
    if value <= 0:
        raise fault("percent above zero is right; a limit that is not wanted is left out")
    return value


def _share(value: object) -> Fraction:
    share = _percent(value)
    if share > 1:
        raise fault("at most '100%' is right")
    return share


def _growth(value: object) -> Fraction:
    growth = _percent(value)
    if growth > _LARGEST_GROWTH:
        raise fault(f"at most '{_LARGEST_GROWTH}00%' is right")
    return growth


def _ratio(value: object) -> Ratio:
    if not isinstance(value, Ratio):
        match = _RATIO.fullmatch(value) if isinstance(value, str) else None
        if match is None:
            raise fault("a number in quotes such as '4.0' is right")
        value = Ratio.of(match[1])
    if value.millionths <= 0:
        raise fault("a number above zero is right; a limit that is not wanted is left out")
    return value


def _percent_text(share: Fraction) -> str:
    return f"{Decimal((share * 100).numerator) / (share * 100).denominator}%"


PositiveMoney = Annotated[Money, PlainValidator(_money), PlainSerializer(str)]
"""Above zero: ``"5.00 EUR"``."""

Share = Annotated[Fraction, PlainValidator(_share), PlainSerializer(_percent_text)]
"""Above zero, at most the whole: ``"20%"``."""

Growth = Annotated[Fraction, PlainValidator(_growth), PlainSerializer(_percent_text)]
"""Above zero, at most tenfold: ``"150%"``."""

PositiveRatio = Annotated[
    Ratio, PlainValidator(_ratio), PlainSerializer(lambda ratio: str(Decimal(ratio.millionths) / 10**6))
]
"""Above zero: ``"4.0"`` (400 %)."""
