"""Money: integer micros and a currency."""

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

MICROS = 1_000_000
_TEXT = re.compile(r"^\s*(-?\d+(?:\.\d{1,6})?)\s+([A-Z]{3})\s*$")


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in millionths of a currency unit; two currencies never mix.

    Attributes:
        micros: Millionths of the unit; 1.25 EUR is 1_250_000.
        currency: ISO 4217 code, upper case.
    """

    micros: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.micros) is not int:
            raise TypeError(f"money: micros was {self.micros!r}, an int is right")
        if len(self.currency) != 3 or not self.currency.isupper():
            raise ValueError(f"money: currency was {self.currency!r}, a code such as EUR is right")

    @classmethod
    def of(cls, amount: str | int | Decimal, currency: str) -> "Money":
        """Make money from currency units; more than six decimals are refused."""
        micros = Decimal(amount) * MICROS
        if micros != int(micros):
            raise ValueError(f"money: {amount} {currency} has more than six decimals")
        return cls(int(micros), currency)

    @classmethod
    def parse(cls, text: str) -> "Money":
        """Read text such as ``"12.50 EUR"``.

        Raises:
            ValueError: The text has another form.
        """
        match = _TEXT.match(text)
        if match is None:
            raise ValueError(f"money was {text!r}, text such as '12.50 EUR' is right")
        return cls.of(match[1], match[2])

    def __add__(self, other: "Money") -> "Money":
        return Money(self.micros + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.micros - self._same(other), self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.micros < self._same(other)

    def __le__(self, other: "Money") -> bool:
        return self.micros <= self._same(other)

    def times(self, factor: Fraction | Decimal | int) -> "Money":
        """Scale exactly and round down to a whole micro."""
        product = Fraction(factor) * self.micros
        return Money(product.numerator // product.denominator, self.currency)

    def rounded_down(self, unit_micros: int) -> "Money":
        """Round down to a multiple of the platform's smallest step."""
        return Money(self.micros // unit_micros * unit_micros, self.currency)

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"

    @property
    def amount(self) -> str:
        """The amount with two decimals, or as many as it needs (at most six)."""
        whole, rest = divmod(abs(self.micros), MICROS)
        digits = f"{rest:06d}".rstrip("0").ljust(2, "0")
        return f"{'-' if self.micros < 0 else ''}{whole}.{digits}"

    def _same(self, other: "Money") -> int:
        if other.currency != self.currency:
            raise ValueError(f"money: {self} and {other} do not mix")
        return other.micros
