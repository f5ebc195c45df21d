"""Amounts: figures as people read them; what is not known is a dash and never a zero."""

import math
import re

from agent.report.rows import plain

UNKNOWN = "\N{EN DASH}"
_CENT = 10_000
_MARKDOWN = re.compile(r"([\\`*\[\]|~]|(?<!\w)_|_(?!\w)|^[#+-])")


def money(micros: float, currency: str) -> str:
    """Rounded to cents, ``1,234.56 EUR``."""
    if math.isnan(micros):
        return UNKNOWN
    cents = abs(round(micros)) + _CENT // 2
    whole, rest = divmod(cents // _CENT, 100)
    sign = "-" if micros < 0 and cents >= _CENT else ""
    return f"{sign}{whole:,}.{rest:02d} {currency}"


def count(number: float, decimals: int = 0) -> str:
    return UNKNOWN if math.isnan(number) else f"{number:,.{decimals}f}"


def share(number: float, decimals: int = 1) -> str:
    """A share as percent, ``12.3 %``."""
    return UNKNOWN if math.isnan(number) else f"{100 * number:.{decimals}f} %"


def change(relative: float) -> str:
    """A relative change, ``+12 %``; "" where it is not known."""
    if math.isnan(relative):
        return ""
    if relative > 9.995:
        return f"\N{MULTIPLICATION SIGN} {relative + 1:.0f}"
    percent = round(100 * relative)
    return f"{percent:+d} %" if percent else "\N{PLUS-MINUS SIGN}0 %"


def many(n: int, thing: str) -> str:
    """``1 change``, ``2 changes``."""
    return f"{n:,} {thing}" if n == 1 else f"{n:,} {thing}s"


def signed(number: float, unit: str) -> str:
    """``+12.50 EUR``."""
    return f"{number:+,.2f} {unit}"


def for_chat(text: str, most: int = 80) -> str:
    """Text from outside that neither Markdown nor Slack takes for anything but text.

    No formatting, link, mention or HTML comes of it; what is longer than `most` is cut.
    """
    shown = plain(text)
    if len(shown) > most:
        shown = shown[: most - 1] + "\N{HORIZONTAL ELLIPSIS}"
    shown = shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    shown = _MARKDOWN.sub(r"\\\1", shown)
    return re.sub(r"(@|:(?=/)|\bwww(?=\.))", "\\1\N{ZERO WIDTH SPACE}", shown)
