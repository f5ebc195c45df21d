"""Values: what Google allows them to be, and how they go on the wire. Pure."""

from agent.domain.lever import Lever, Ratio, Status, Value
from agent.domain.money import MICROS, Money


def range_fault(lever: Lever, value: Value) -> str:
    """Why Google would not take this value, which is one of the lever; "" when it would."""
    match value:
        case Ratio() if lever is Lever.TARGET_ROAS and not _within(value, "0.01", "1000"):
            return f"target_roas was {value}, Google allows 0.01 to 1000"
        case Ratio() if lever is Lever.CONVERSION_RATE_MODIFIER and not _within(value, "0.1", "10"):
            return f"{lever} was {value}, Google allows 0.1 to 10"
    return ""


def on_the_wire(value: Value) -> int | float:
    """A value as the API wants it: micros, a double, or the number of a status."""
    match value:
        case Money():
            return value.micros
        case Ratio():
            return value.millionths / MICROS
        case Status():
            return {Status.ENABLED: 2, Status.PAUSED: 3}[value]


def _within(value: Ratio, lowest: str, highest: str) -> bool:
    return Ratio.of(lowest) <= value <= Ratio.of(highest)
