"""Words: moments, money and spans as the page writes them."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup

from agent.domain.money import MICROS
from agent.report.rows import plain

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


def money(micros: int, currency: str, *, sign: bool = False) -> str:
    """``1,234.50 EUR``; with `sign` also a plus."""
    text = f"{abs(micros) / MICROS:,.2f}"
    lead = "\N{MINUS SIGN}" if micros < 0 else "+" if sign and micros > 0 else ""
    return f"{lead}{text} {currency}".rstrip()


def percent(share: float | None, *, sign: bool = True) -> str:
    """``+12.5 %``; a dash where there is none."""
    if share is None:
        return "\N{EN DASH}"
    lead = "\N{MINUS SIGN}" if share < 0 else "+" if sign and share > 0 else ""
    return f"{lead}{abs(share):.1%}".replace("%", "\N{NARROW NO-BREAK SPACE}%")


def span(length: timedelta) -> str:
    """``4 h``, rounded down; the two largest units are enough for anybody."""
    seconds = max(0, int(length.total_seconds()))
    if seconds < _MINUTE:
        return f"{seconds} s"
    if seconds < 2 * _HOUR:
        return f"{seconds // _MINUTE} min"
    if seconds < 2 * _DAY:
        return f"{seconds // _HOUR} h"
    return f"{seconds // _DAY} days"


def ago(at: datetime, now: datetime, speed: float = 1.0) -> str:
    """``in 4 h`` or ``20 min ago``, by the clock on the wall however fast the account's goes."""
    away = (at - now) / max(speed, 1.0)
    if abs(away) < timedelta(seconds=1):
        return "now"
    return f"in {span(away)}" if away > timedelta() else f"{span(-away)} ago"


def local(at: datetime, zone: str) -> str:
    """``2026-11-22 06:00 Europe/Berlin``."""
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} {zone}"


def moment(at: datetime | None, zone: str = "UTC", *, name: bool = True) -> Markup:
    """A moment as an element that machines can read too.

    Args:
        name: False where the zone is told beside it.
    """
    if at is None:
        return Markup("never")
    utc = at.astimezone(UTC).isoformat(timespec="seconds")
    shown = f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"
    named = Markup(' <span class="zone">{}</span>').format(zone) if name else ""
    return Markup('<time datetime="{}" title="{}">{}{}</time>').format(utc, zone, shown, named)


def counted(number: int, one: str, many: str = "") -> str:
    """``1 change``, ``1,200 changes``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(words: Iterable[str]) -> str:
    """``a, b and c``."""
    *some, last = list(words) or [""]
    return f"{', '.join(some)} and {last}" if some else last


FILTERS = {
    "ago": ago,
    "counted": counted,
    "listed": listed,
    "moment": moment,
    "money": money,
    "percent": percent,
    "plain": plain,
    "span": span,
}
"""What templates may write behind a bar."""
