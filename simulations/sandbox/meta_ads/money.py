"""Money: amounts in the form in which Meta writes them."""

from agent.domain.money import MICROS

WHOLE = frozenset({"CLP", "COP", "CRC", "HUF", "ISK", "IDR", "JPY", "KRW", "PYG", "TWD", "VND"})
"""Currencies whose smallest unit is the whole for Meta; not those of ISO 4217.
https://developers.facebook.com/docs/marketing-api/currencies"""


def unit_micros(currency: str) -> int:
    """Micros of the unit in which budgets and bids are written."""
    return MICROS if currency in WHOLE else MICROS // 100


def units(micros: int, currency: str) -> int:
    """Micros as budgets and bids are written, rounded down."""
    return micros // unit_micros(currency)


def decimal(micros: int, currency: str) -> str:
    """Micros as reports write them: "26.03"."""
    if currency in WHOLE:
        return str(round(micros / MICROS))
    cents = round(micros * 100 / MICROS)
    return f"{cents // 100}.{cents % 100:02d}"
