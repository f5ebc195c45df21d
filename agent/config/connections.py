"""Connections: how a drafted config.toml reaches an account, platform by platform."""

from dataclasses import dataclass
from string import Template
from typing import TypeAlias

from agent.config.lines import block_of, line_of, quoted


@dataclass(frozen=True, slots=True)
class Simulated:
    """The embedded account: no credentials, and days that pass in minutes."""


@dataclass(frozen=True, slots=True)
class Sandbox:
    """Where a sandbox listens, and the file with its certificate authority, "" for none."""

    endpoint: str
    ca_file: str = ""


@dataclass(frozen=True, slots=True)
class GoogleAds:
    """A Google Ads account.

    Attributes:
        manager_id: Customer id of the manager account that gives access, "" for none.
        levels: What gebot looks at below campaigns.
        sandbox: None for Google itself.
    """

    manager_id: str = ""
    levels: tuple[str, ...] = ()
    sandbox: Sandbox | None = None


@dataclass(frozen=True, slots=True)
class MetaAds:
    """A Meta ad account.

    Attributes:
        conversion: Action type that counts as a conversion, such as "lead"; "" for purchases.
        levels: What gebot looks at below campaigns, whether it holds a budget or not.
        sandbox: None for Meta itself.
    """

    conversion: str = ""
    levels: tuple[str, ...] = ()
    sandbox: Sandbox | None = None


@dataclass(frozen=True, slots=True)
class Csv:
    """An export: `path` starts at config.toml's folder; `time_zone` is an IANA name."""

    path: str
    time_zone: str


Platform: TypeAlias = Simulated | GoogleAds | MetaAds | Csv

PLATFORM_NAMES = {Simulated: "simulated", GoogleAds: "google_ads", MetaAds: "meta_ads", Csv: "csv"}

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
$sandbox
# timeout_s = 60
# own_user = "gebot@example.com" # as whom gebot signs in, to tell its own edits from others'

# Each is "env:NAME" or "file:/path", never the secret itself.
$credentials
# or the path of a service account's key in place of all three:
# service_account_file = "env:GOOGLE_APPLICATION_CREDENTIALS"

# Another user for whatever writes; dry-run never looks at these.
# [account.write_credentials]
# refresh_token = "env:GOOGLE_ADS_WRITE_REFRESH_TOKEN\""""

_META_ADS = """\
[account.options] # the adapter's own
$conversion
$levels
$sandbox
# timeout_s = 60
# report_timeout_s = 600 # for reports that Meta makes in the background
# own_app = "1234567890" # the app of gebot's token, to tell its own edits from others'
# own_user = "2345678901" # the system user of gebot's token, for the same reason

# Each is "env:NAME" or "file:/path", never the secret itself.
$credentials
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


_GOOGLE_CREDENTIALS = """\
[account.credentials]
client_id = "env:GOOGLE_ADS_CLIENT_ID"
client_secret = "env:GOOGLE_ADS_CLIENT_SECRET"
refresh_token = "env:GOOGLE_ADS_REFRESH_TOKEN\""""

_META_CREDENTIALS = """\
[account.credentials]
access_token = "env:META_ACCESS_TOKEN" # of a system user; ads_read is enough to read"""


def connection(platform: Platform, currency: str) -> str:
    """The tables [account.options] and [account.credentials], all keys named.

    Args:
        currency: Of a simulated or exported account; a real one tells it.
    """
    currency = quoted(currency)
    match platform:
        case Simulated():
            return Template(_SIMULATED).substitute(currency=currency)
        case GoogleAds(manager_id=manager_id, levels=levels, sandbox=sandbox):
            line = f"login_customer_id = {quoted(manager_id or '123-456-7890')}"
            manager = line_of(f"{line} # the manager account that gives access", in_use=bool(manager_id))
            below = _levels(levels, ("ad_group", "keyword"), "below campaigns; their bids need it")
            return Template(_GOOGLE_ADS).substitute(
                manager=manager,
                levels=below,
                sandbox=_sandbox(sandbox, "localhost:50443", "Google"),
                credentials=block_of(_GOOGLE_CREDENTIALS, in_use=sandbox is None),
            )
        case MetaAds(conversion=conversion, levels=levels, sandbox=sandbox):
            line = f"conversion = {quoted(conversion or 'lead')}"
            counted = line_of(f"{line} # what counts; left out: purchases", in_use=bool(conversion))
            below = _levels(levels, ("ad_set",), "also those that hold no budget of their own")
            return Template(_META_ADS).substitute(
                conversion=counted,
                levels=below,
                sandbox=_sandbox(sandbox, "http://127.0.0.1:8443", "Meta"),
                credentials=block_of(_META_CREDENTIALS, in_use=sandbox is None),
            )
        case Csv(path=path, time_zone=time_zone):
            zone = quoted(time_zone)
            return Template(_CSV).substitute(path=quoted(path), currency=currency, time_zone=zone)


def _levels(chosen: tuple[str, ...], known: tuple[str, ...], why: str) -> str:
    names = ", ".join(map(quoted, chosen or known))
    return line_of(f"levels = [{names}] # {why}", in_use=bool(chosen))


def _sandbox(sandbox: Sandbox | None, usual: str, platform: str) -> str:
    found = Sandbox(usual) if sandbox is None else sandbox
    endpoint = f"endpoint = {quoted(found.endpoint)} # a sandbox in place of {platform}"
    ca_file = f"ca_file = {quoted(found.ca_file or 'var/sandbox/ca.pem')}"
    return "\n".join(
        [line_of(endpoint, in_use=sandbox is not None), line_of(ca_file, in_use=bool(found.ca_file))]
    )
