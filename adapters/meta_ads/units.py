"""Units: Meta's smallest money units and the forms in which it writes numbers. Pure."""

from agent.domain.money import MICROS

# Meta's own table of currencies without a smaller unit; ISO 4217 has another one (there, the
# forint and the rupiah have cents).
# https://developers.facebook.com/docs/marketing-api/currencies
_WHOLE = frozenset({"CLP", "COP", "CRC", "HUF", "ISK", "IDR", "JPY", "KRW", "PYG", "TWD", "VND"})
ROAS_UNIT = 100  # millionths in one step of a ROAS floor, which Meta stores times 10,000


def unit_micros(currency: str) -> int:
    """Micros of the unit that Meta counts budgets and bids of this currency in."""
    return MICROS if currency in _WHOLE else MICROS // 100


def minor_units(text: object) -> int | None:
    """A budget or a bid ("5000" or 5000); None when there is none (absent, empty or zero).

    Raises:
        ValueError: It was neither.
    """
    if text is None or text == "":
        return None
    return int(str(text)) or None
