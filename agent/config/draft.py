"""Draft: the text of a complete, commented config.toml for one account."""

from dataclasses import dataclass
from fractions import Fraction
from importlib.resources import files
from string import Template

import tomlkit

from agent.domain.money import MICROS, Money

RULES = "rules/library/budgets.toml"
"""The rule file that a draft names, where one lies beside it."""

_SMALLEST = 10_000
# Google Ads may spend twice a budget on a day; and half as much again, because raises count at
# once and the cuts of the same plan only when they have landed.
_CEILING = 3


@dataclass(frozen=True, slots=True)
class Simulated:
    """The embedded account: no credentials, and days that pass in minutes."""


@dataclass(frozen=True, slots=True)
class GoogleAds:
    """A Google Ads account.

    Attributes:
        manager_id: Customer id of the manager account that gives access, "" for none.
        levels: What gebot looks at below campaigns.
    """

    manager_id: str = ""
    levels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MetaAds:
    """A Meta ad account.

    Attributes:
        conversion: Action type that counts as a conversion, such as "lead"; "" for purchases.
        levels: What gebot looks at below campaigns, whether it holds a budget or not.
    """

    conversion: str = ""
    levels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Csv:
    """An export: `path` starts at config.toml's folder; `time_zone` is an IANA name."""

    path: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What must be known to write a configuration.

    Attributes:
        daily_pot: What all campaigns together may be given a day.
        rules: Whether `RULES` lies beside the file.
    """

    platform: Simulated | GoogleAds | MetaAds | Csv
    name: str
    account_id: str
    daily_pot: Money
    rules: bool = False


DEMO = Draft(Simulated(), "demo", "demo", Money.of(1300, "EUR"))
"""The embedded account, as in the config.toml that gebot is shipped with."""


def draft_text(draft: Draft) -> str:
    """The file's text; it loads without faults."""
    pot = draft.daily_pot
    simulated = isinstance(draft.platform, Simulated)
    slots = {
        "mode": _quoted("review" if simulated else "dry-run"),
        "clock": _FAST_CLOCK if simulated else _REAL_CLOCK,
        "name": _quoted(draft.name),
        "platform": _quoted(_PLATFORM_NAMES[type(draft.platform)]),
        "account_id": _quoted(draft.account_id),
        "connection": _connection(draft),
        "currency": pot.currency,
        "history": _SHORT if isinstance(draft.platform, Csv) else _LONG,
        "daily_pot": f'daily_pot = "{pot}" # {_POT}',
        "target_roas": _line('target_roas = "2.0"', in_use=simulated),
        "deciders": '["care", "thompson"]' if draft.rules else '["thompson"]',
        "rules": _rules(in_use=draft.rules),
        "account_ceiling": _quoted(str(pot.times(_CEILING))),
        "floor": _quoted(str(_floor(pot))),
        "ceiling": _quoted(str(pot)),
    }
    template = files("agent.config").joinpath("config.template").read_text(encoding="utf-8")
    return Template(template).substitute(slots)


_PLATFORM_NAMES = {Simulated: "simulated", GoogleAds: "google_ads", MetaAds: "meta_ads", Csv: "csv"}

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

_SIMULATED = """\
[account.options] # the adapter's own
seed = 1 # which market is drawn
campaigns = 12
currency = $currency
time_zone = "Europe/Berlin"
history_days = 90 # days that the account had before gebot came
journal = "var/demo.jsonl" # what was changed in the account lasts here

# Real platforms need credentials: "env:NAME" or "file:/path", never the secret itself.
# [account.credentials]
# refresh_token = "env:GOOGLE_ADS_REFRESH_TOKEN"
# [account.write_credentials] # used in their place by whatever writes
# refresh_token = "env:GOOGLE_ADS_WRITE_REFRESH_TOKEN\""""

_GOOGLE_ADS = """\
[account.options] # the adapter's own
$manager
$levels
# operations_per_day = 15000 # that Google allows the Cloud project: Basic access; Explorer has 2880
# endpoint = "localhost:50443" # a sandbox in place of Google
# ca_file = "var/sandbox/ca.pem"
# timeout_s = 60
# own_user = "gebot@example.com" # as whom gebot signs in, to tell its own edits from others'

# Each is "env:NAME" or "file:/path", never the secret itself.
[account.credentials]
client_id = "env:GOOGLE_ADS_CLIENT_ID"
client_secret = "env:GOOGLE_ADS_CLIENT_SECRET"
refresh_token = "env:GOOGLE_ADS_REFRESH_TOKEN"
# or the path of a service account's key in place of all three:
# service_account_file = "env:GOOGLE_APPLICATION_CREDENTIALS"

# Another user for whatever writes; dry-run never looks at these.
# [account.write_credentials]
# refresh_token = "env:GOOGLE_ADS_WRITE_REFRESH_TOKEN\""""

_META_ADS = """\
[account.options] # the adapter's own
$conversion
$levels
# endpoint = "http://127.0.0.1:8443" # a sandbox in place of Meta
# ca_file = "var/sandbox/ca.pem"
# timeout_s = 60
# report_timeout_s = 600 # for reports that Meta makes in the background
# own_app = "1234567890" # the app of gebot's token, to tell its own edits from others'
# own_user = "2345678901" # the system user of gebot's token, for the same reason

# Each is "env:NAME" or "file:/path", never the secret itself.
[account.credentials]
access_token = "env:META_ACCESS_TOKEN" # of a system user; ads_read is enough to read
# app_secret = "env:META_APP_SECRET" # needed where the app asks for a proof of it

# Another token for whatever writes, with ads_management; dry-run never looks at these.
# [account.write_credentials]
# access_token = "env:META_WRITE_ACCESS_TOKEN\""""

_CSV = """\
[account.options] # the adapter's own
path = $path
currency = $currency
time_zone = $time_zone # its dates are days of this zone
as_of = "end" # take the day after the last row for today; left out: the real one
# delimiter = ","
# encoding = "utf-8"
# skip_lines = 0 # above the header
# decimal = "auto"
# date_format = "%d.%m.%Y" # left out: 2026-11-21
# name_case = "keep" # "fold": names that differ only in case are one
# duplicates = "fault" # "sum": two rows of one campaign and day are added
# budget = "auto" # "average_cost": take the mean cost of the last 7 days for the budget

# Headers that are not found by themselves; "" says that the file has no such column.
# [account.options.columns]
# cost = "Amount spent (EUR)"
# conversion_value = ""

# A file needs no credentials; a platform's are "env:NAME" or "file:/path", never the secret itself.
# [account.credentials]
# [account.write_credentials]"""


def _connection(draft: Draft) -> str:
    currency = _quoted(draft.daily_pot.currency)
    match draft.platform:
        case Simulated():
            return Template(_SIMULATED).substitute(currency=currency)
        case GoogleAds(manager_id=manager_id, levels=levels):
            line = f"login_customer_id = {_quoted(manager_id or '123-456-7890')}"
            manager = _line(f"{line} # the manager account that gives access", in_use=bool(manager_id))
            below = _levels(levels, ("ad_group", "keyword"), "below campaigns; their bids need it")
            return Template(_GOOGLE_ADS).substitute(manager=manager, levels=below)
        case MetaAds(conversion=conversion, levels=levels):
            line = f"conversion = {_quoted(conversion or 'lead')}"
            counted = _line(f"{line} # what counts; left out: purchases", in_use=bool(conversion))
            below = _levels(levels, ("ad_set",), "also those that hold no budget of their own")
            return Template(_META_ADS).substitute(conversion=counted, levels=below)
        case Csv(path=path, time_zone=time_zone):
            zone = _quoted(time_zone)
            return Template(_CSV).substitute(path=_quoted(path), currency=currency, time_zone=zone)


def _levels(chosen: tuple[str, ...], known: tuple[str, ...], why: str) -> str:
    names = ", ".join(map(_quoted, chosen or known))
    return _line(f"levels = [{names}] # {why}", in_use=bool(chosen))


def _rules(*, in_use: bool) -> str:
    lines = ["[[rules]]", 'name = "care"', f"file = {_quoted(RULES)} # `gebot rules test` runs its examples"]
    return "\n".join(_line(line, in_use=in_use) for line in lines)


def _line(line: str, *, in_use: bool) -> str:
    return line if in_use else f"# {line}"


def _floor(pot: Money) -> Money:
    """A thousandth of the pot, at least 1.00, at most all of it."""
    floor = pot.times(Fraction(1, 1000)).rounded_down(_SMALLEST)
    return min(max(floor, Money(MICROS, pot.currency)), pot)


def _quoted(text: str) -> str:
    """The text as a TOML string, whatever is in it."""
    return tomlkit.string(text).as_string()
