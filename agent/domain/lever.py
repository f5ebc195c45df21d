"""Levers: what gebot may set, and the typed values they take."""

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, StrEnum
from fractions import Fraction
from typing import TypeAlias

from agent.domain.money import MICROS, Money


class Lever(StrEnum):
    """Something that can be set to an absolute value."""

    DAILY_BUDGET = "daily_budget"
    LIFETIME_BUDGET = "lifetime_budget"
    CPC_BID = "cpc_bid"
    BID_CAP = "bid_cap"
    TARGET_CPA = "target_cpa"
    TARGET_ROAS = "target_roas"
    STATUS = "status"
    DATA_EXCLUSION = "data_exclusion"  # enabled: it is in force
    CONVERSION_RATE_MODIFIER = "conversion_rate_modifier"  # of a seasonality adjustment; 1: none is in force

    @property
    def is_money(self) -> bool:
        return not self.is_ratio and not self.is_switch

    @property
    def is_ratio(self) -> bool:
        return self in (Lever.TARGET_ROAS, Lever.CONVERSION_RATE_MODIFIER)

    @property
    def is_switch(self) -> bool:
        """True where the value is a `Status`."""
        return self in (Lever.STATUS, Lever.DATA_EXCLUSION)

    @property
    def is_of_hours(self) -> bool:
        """True where it is about hours that a platform learns from, and not about an entity."""
        return self in (Lever.DATA_EXCLUSION, Lever.CONVERSION_RATE_MODIFIER)

    @property
    def spends_more_when_higher(self) -> bool:
        """False for target ROAS: a higher target asks for less spend."""
        return self is not Lever.TARGET_ROAS


@dataclass(frozen=True, slots=True, order=True)
class Ratio:
    """A target ROAS or a modifier in millionths: 4.0 (400 %) is 4_000_000."""

    millionths: int

    @classmethod
    def of(cls, value: str | int | Decimal) -> "Ratio":
        return cls(int(Decimal(value) * MICROS))

    def times(self, factor: Fraction | Decimal | int) -> "Ratio":
        """Scale exactly and round down to a whole millionth."""
        product = Fraction(factor) * self.millionths
        return Ratio(product.numerator // product.denominator)

    def __str__(self) -> str:
        return f"{Decimal(self.millionths) / MICROS:.2f}"


class Status(Enum):
    """Whether an entity may deliver; the value is its number in a lever column."""

    PAUSED = 0
    ENABLED = 1

    def __str__(self) -> str:
        return self.name.lower()


Value: TypeAlias = Money | Ratio | Status


def number_of(value: Value) -> int:
    """The value as it stands in a lever column: micros, millionths or 0/1."""
    match value:
        case Money(micros=micros):
            return micros
        case Ratio(millionths=millionths):
            return millionths
        case Status():
            return value.value


def value_of(lever: Lever, number: int, currency: str) -> Value:
    """The typed value of a number from a lever column; the inverse of `number_of`."""
    if lever.is_switch:
        return Status(int(number))
    if lever.is_ratio:
        return Ratio(int(number))
    return Money(int(number), currency)
