"""Draft: the text of a complete, commented config.toml for one account."""

from dataclasses import dataclass
from fractions import Fraction
from importlib.resources import files
from string import Template

from agent.config.connections import PLATFORM_NAMES, Csv, Platform, Simulated, connection
from agent.config.lines import block_of, line_of, quoted
from agent.domain.money import MICROS, Money

RULES = "rules/library/budgets.toml"
"""The rule file that a draft names, where one lies beside it."""

_SMALLEST = 10_000
# Google Ads may spend twice a budget on a day; and half as much again, because raises count at
# once and the cuts of the same plan only when they have landed.
_CEILING = 3


@dataclass(frozen=True, slots=True)
class Draft:
    """What must be known to write a configuration.

    Attributes:
        daily_pot: What all campaigns together may be given a day.
        rules: Rule file that decides before the strategy, "" for none; a path from the file's folder.
        follow: Control address of the sandbox whose time is gebot's, "" for the real time.
    """

    platform: Platform
    name: str
    account_id: str
    daily_pot: Money
    rules: str = ""
    follow: str = ""


DEMO = Draft(Simulated(), "demo", "demo", Money.of(1300, "EUR"))
"""The embedded account, as in the config.toml that gebot is shipped with."""


def draft_text(draft: Draft) -> str:
    """The file's text; it loads without faults."""
    pot = draft.daily_pot
    simulated = isinstance(draft.platform, Simulated)
    slots = {
        "mode": quoted("review" if simulated else "dry-run"),
        "clock": _clock(draft.follow, simulated=simulated),
        "name": quoted(draft.name),
        "platform": quoted(PLATFORM_NAMES[type(draft.platform)]),
        "account_id": quoted(draft.account_id),
        "connection": connection(draft.platform, pot.currency),
        "currency": pot.currency,
        "history": _SHORT if isinstance(draft.platform, Csv) else _LONG,
        "daily_pot": f'daily_pot = "{pot}" # {_POT}',
        "target_roas": line_of('target_roas = "2.0"', in_use=simulated),
        "deciders": '["care", "thompson"]' if draft.rules else '["thompson"]',
        "rules": _rules(draft.rules or RULES, in_use=bool(draft.rules)),
        "account_ceiling": quoted(str(pot.times(_CEILING))),
        "floor": quoted(str(_floor(pot))),
        "ceiling": quoted(str(pot)),
    }
    template = files("agent.config").joinpath("config.template").read_text(encoding="utf-8")
    return Template(template).substitute(slots)


_FAST_CLOCK = """\
[clock]
speed = 288 # times faster than real time, for simulated accounts only: a day passes in five minutes
#   follow = "http://127.0.0.1:9000" # in place of speed: control address of a sandbox, whose time it is"""

_REAL_CLOCK = """\
# [clock]
# speed = 1 # times faster than real time; more than 1 is for simulated accounts only
#   follow = "http://127.0.0.1:9000" # in place of speed: control address of a sandbox, whose time it is"""

_LONG = "history_days = 90    # how far back a decision looks"
_SHORT = "history_days = 28    # how far back a decision looks; no further than the file does"

_POT = "left out: what they sum to at each plan, which in time only falls"


def _clock(follow: str, *, simulated: bool) -> str:
    if follow:
        return f"[clock]\nfollow = {quoted(follow)} # the sandbox's control address: its time is gebot's"
    return _FAST_CLOCK if simulated else _REAL_CLOCK


def _rules(file: str, *, in_use: bool) -> str:
    text = f'[[rules]]\nname = "care"\nfile = {quoted(file)} # `gebot rules test` runs its examples'
    return block_of(text, in_use=in_use)


def _floor(pot: Money) -> Money:
    """A thousandth of the pot, at least 1.00, at most all of it."""
    floor = pot.times(Fraction(1, 1000)).rounded_down(_SMALLEST)
    return min(max(floor, Money(MICROS, pot.currency)), pot)
