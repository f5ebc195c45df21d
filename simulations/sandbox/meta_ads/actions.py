"""Actions: what people did, under every one of the names that Meta has for it.

Meta lists one purchase under several types that contain each other; who adds them up counts it
several times over.
"""

from collections.abc import Sequence
from typing import Any

PURCHASES = (
    "omni_purchase",
    "purchase",
    "offsite_conversion.fb_pixel_purchase",
    "onsite_web_purchase",
    "onsite_web_app_purchase",
    "web_in_store_purchase",
)
_CLICKED, _SOON, _LATE = 9, 7, 10  # of 10: within 7 days, 1 day, 28 days after a click


def actions(clicks: int, purchases: float, windows: Sequence[str]) -> list[dict[str, Any]] | None:
    """Counts by type; types without any are left out, and so is a list of none."""
    found = [_entry("link_click", clicks, windows)] if clicks else []
    if clicks:
        found.append(_entry("landing_page_view", clicks * 8 // 10, windows))
    found += [_entry(name, purchases, windows) for name in PURCHASES if purchases]
    return found or None


def action_values(cents: int, windows: Sequence[str]) -> list[dict[str, Any]] | None:
    """Values of purchases by type, in hundredths of the currency."""
    return [_entry(name, cents, windows, is_money=True) for name in PURCHASES] if cents else None


def roas(value_micros: int, cost_micros: int) -> list[dict[str, str]] | None:
    """Value for each unit of cost, of all purchases; None where there is none."""
    if not value_micros or not cost_micros:
        return None
    return [{"action_type": "omni_purchase", "value": f"{value_micros / cost_micros:.6f}"}]


def _entry(name: str, total: float, windows: Sequence[str], *, is_money: bool = False) -> dict[str, Any]:
    """A type with its total, and with the parts that the attribution windows have of it.

    The usual window is seven days after a click and one after a view; the two add up to it.
    """
    clicked = total * _CLICKED // 10
    parts = {
        "1d_view": total - clicked,
        "1d_click": total * _SOON // 10,
        "7d_click": clicked,
        "28d_click": total * _LATE // 10,
    }
    shown = {window: parts[window] for window in windows}
    words = {key: _text(number, is_money=is_money) for key, number in {"value": total, **shown}.items()}
    return {"action_type": name, **words}


def _text(number: float, *, is_money: bool) -> str:
    if is_money:
        return f"{int(number) // 100}.{int(number) % 100:02d}".removesuffix(".00")
    return f"{number:g}" if number < 1e6 else str(round(number))
