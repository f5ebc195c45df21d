"""Wording: how the numbers in a guardrail's reason are written."""

from datetime import timedelta
from fractions import Fraction

from agent.domain.lever import Lever, value_of


def percent(share: Fraction | float) -> str:
    """``20 %``, ``12.5 %``."""
    return f"{float(share) * 100:.4g} %"


def amount(lever: Lever, number: int, currency: str) -> str:
    """A number from a lever column as people read it: ``50.00 EUR``, ``4.00``, ``paused``."""
    return str(value_of(lever, number, currency))


def duration(span: timedelta) -> str:
    """``3 days``, ``1 day 6 h``, ``6 h``, ``10 min``; rounded down to the minute."""
    minutes = int(span.total_seconds() // 60)
    days, minutes = divmod(minutes, 24 * 60)
    hours, minutes = divmod(minutes, 60)
    parts = [
        f"{days} day" + ("s" if days != 1 else "") if days else "",
        f"{hours} h" if hours else "",
        f"{minutes} min" if minutes and not days else "",
    ]
    return " ".join(part for part in parts if part) or "0 min"


def times(count: int) -> str:
    """``once``, ``twice``, ``3 times``."""
    return {1: "once", 2: "twice"}.get(count, f"{count} times")
