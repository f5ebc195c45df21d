"""Value fault: why a value cannot be one of this lever on any platform. Pure."""

from agent.domain.entity import Account
from agent.domain.lever import Lever, Ratio, Status, Value
from agent.domain.money import Money


def value_fault(  # noqa: PLR0911  # one return for each fault
    lever: Lever, value: Value, account: Account
) -> str:
    """Why this value must not be sent to the account; "" when it may.

    Only what holds everywhere: the kind of value, the account's money and its smallest step.
    A platform's own ranges are its adapter's.
    """
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
        case Ratio() if value.millionths <= 0:
            return f"{lever} was {value}, it must be above zero"
        case Status() if not lever.is_switch:
            return f"{lever} was a status, which it cannot be"
    return ""
