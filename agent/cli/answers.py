"""Answers: what a person says to `gebot init`, as an option or when asked, checked one by one."""

from decimal import Decimal, InvalidOperation
from pathlib import Path
from zoneinfo import available_timezones

import typer
from pydantic import TypeAdapter, ValidationError

from agent.config.faults import shown
from agent.config.names import Name, PlatformAccount
from agent.domain.money import Money

PLATFORMS = ("google_ads", "meta_ads", "csv", "simulated")

LEVELS = ("ad_group", "keyword", "ad_set")

_SHORT = {"google": "google_ads", "meta": "meta_ads"}

_DAYS_A_MONTH = Decimal("30.4")  # as Google Ads counts: a month's limit is that many daily budgets
_LARGEST = Decimal(10) ** 11
_NAME: TypeAdapter[str] = TypeAdapter(Name)
_ACCOUNT_ID: TypeAdapter[str] = TypeAdapter(PlatformAccount)


def platform_of(answer: str) -> str:
    """A platform's full name, also for its usual short one."""
    name = answer.strip().lower().replace("-", "_")
    name = _SHORT.get(name, name)
    if name not in PLATFORMS:
        raise _unfit(answer, f"one of {', '.join(PLATFORMS)} is right")
    return name


def name_of(answer: str) -> str:
    return _checked(answer, _NAME)


def account_id_of(answer: str) -> str:
    return _checked(answer, _ACCOUNT_ID)


def customer_id_of(answer: str) -> str:
    """A Google Ads customer id without its dashes."""
    digits = answer.replace("-", "").strip()
    if not (len(digits) == 10 and digits.isascii() and digits.isdigit()):
        raise _unfit(answer, "a customer id of ten digits such as 123-456-7890 is right")
    return digits


def meta_account_id_of(answer: str) -> str:
    """A Meta ad account's id with "act_" before its digits, as Meta's own pages show it."""
    digits = answer.strip().removeprefix("act_").removeprefix("act=")
    if not (digits.isascii() and digits.isdigit()):
        raise _unfit(answer, "an ad account id such as act_1234567890 is right")
    return f"act_{digits}"


def action_type_of(answer: str) -> str:
    """An action type of Meta, or "" for purchases."""
    name = answer.strip()
    if name and not (name.isascii() and all(letter.isalnum() or letter in "._" for letter in name)):
        raise _unfit(answer, "an action type such as lead is right, or nothing for purchases")
    return name


def levels_of(answer: str) -> str:
    """What to look at below campaigns, each once, separated by commas alone; "" for nothing."""
    names = tuple(dict.fromkeys(name.strip() for name in answer.split(",") if name.strip()))
    if set(names) - set(LEVELS):
        raise _unfit(answer, f"names out of {', '.join(LEVELS)}, separated by commas, are right")
    return ",".join(names)


def manager_id_of(answer: str) -> str:
    """A customer id, or "" for no manager account."""
    return customer_id_of(answer) if answer.strip() else ""


def currency_of(answer: str) -> str:
    code = answer.strip().upper()
    if not (len(code) == 3 and code.isascii() and code.isalpha()):
        raise _unfit(answer, "a code such as EUR is right")
    return code


def amount_of(answer: str) -> Decimal:
    """Units of a currency, 1 or more, with at most two decimals."""
    try:
        amount = Decimal(answer.strip())
        if 1 <= amount < _LARGEST and amount == round(amount, 2):
            return amount
    except InvalidOperation:
        pass
    raise _unfit(answer, "an amount of 1 or more such as 250 or 99.50 is right")


def zone_of(answer: str) -> str:
    zone = answer.strip()
    if zone not in available_timezones():
        raise _unfit(answer, "a time zone such as Europe/Berlin is right")
    return zone


def file_of(answer: str) -> str:
    """A file that exists, as an absolute path."""
    path = Path(answer)
    if not answer.isprintable() or not path.is_file():
        raise _unfit(answer, "the path of a file is right")
    return str(path.absolute())


def pot_of_month(monthly: Decimal, currency: str) -> Money:
    """The daily pot of a monthly budget, rounded down to cents, at least one."""
    cents = max(int(monthly / _DAYS_A_MONTH * 100), 1)
    return Money(cents * 10_000, currency)


def _checked(answer: str, adapter: TypeAdapter[str]) -> str:
    text = answer.strip()
    try:
        return adapter.validate_python(text)
    except ValidationError as error:
        raise _unfit(text, error.errors()[0]["ctx"]["expected"]) from None


def _unfit(answer: str, expected: str) -> typer.BadParameter:
    """As an option it ends the command with status 2; as an answer it is asked for again."""
    return typer.BadParameter(f"{shown(answer)}; {expected}")
