"""Values: which of them must not go on the wire, and why. Pure."""

from agent.domain.entity import Account
from agent.domain.lever import Lever, Ratio, Status, Value
from agent.domain.money import MICROS, Money


def value_fault(  # noqa: PLR0911  # one return for each fault
    lever: Lever, value: Value, account: Account
) -> str:
    """Why this value must not go on the wire; "" when it may."""
    match value:
        case Money() if not lever.is_money:
            return f"{lever} was money, which it cannot be"
        case Money() if value.currency != account.currency:
            return f"the value was in {value.currency}, the account is in {account.currency}"
        case Money() if value.micros <= 0:
            return f"{lever} was {value}, it must be above zero (to stop an entity, pause it)"
        case Money() if value.micros % account.unit_micros:
            unit = Money(account.unit_micros, account.currency)
            return f"{lever} was {value}, which is not a multiple of {unit}"
        case Ratio() if not lever.is_ratio:
            return f"{lever} was a ratio, which it cannot be"
        case Ratio() if lever is Lever.TARGET_ROAS and not _within(value, "0.01", "1000"):
            return f"target_roas was {value}, Google allows 0.01 to 1000"
        case Ratio() if lever is Lever.CONVERSION_RATE_MODIFIER and not _within(value, "0.1", "10"):
            return f"{lever} was {value}, Google allows 0.1 to 10"
        case Status() if not lever.is_switch:
            return f"{lever} was a status, which it cannot be"
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
