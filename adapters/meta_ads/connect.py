"""Connect: options and credentials from config.toml to an adapter. No network."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, PositiveFloat, PositiveInt

from adapters.meta_ads.adapter import PLATFORM, MetaAdsAdapter
from adapters.meta_ads.budget_edits import PER_HOUR, BudgetEdits
from adapters.meta_ads.client import Client
from adapters.meta_ads.history import Own
from adapters.meta_ads.reports import Reports
from adapters.meta_ads.sending import Sending
from agent.domain.errors import Mistake, Mistakes
from agent.ports.clock import Clock
from agent.ports.platform import Adapter

CREDENTIALS = ("access_token", "app_secret")
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Options(BaseModel):
    """The `options` table of a Meta account.

    Attributes:
        conversion: Action type that counts as a conversion, such as "lead"; None: purchases.
        levels: What is told of below the campaign. Ad sets that hold the budget always are.
        own_app: Id of the app that gebot's token belongs to, so that its own edits can be told
            from those of people.
        own_user: Id of the system user that it belongs to, for the same reason.
        endpoint: "http://127.0.0.1:8443" for a sandbox; None: Meta.
        ca_file: Certificate authority that the sandbox's certificate is signed by.
        timeout_s: Deadline of each call.
        changes_per_second: That gebot sends at most; Meta allows an app 100 on one account.
        report_timeout_s: How long Meta may take to make a large report.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    conversion: str | None = None
    levels: tuple[Literal["ad_set"], ...] = ()
    own_app: str | None = None
    own_user: str | None = None
    endpoint: str | None = None
    ca_file: Path | None = None
    timeout_s: PositiveFloat = 60.0
    changes_per_second: PositiveInt = 100
    report_timeout_s: PositiveFloat = 600.0


def account_id(text: str) -> str:
    """An account id as it stands in all names: without "act_"."""
    return text.strip().removeprefix("act_")


def knows_itself(options: Options) -> bool:
    """Whether gebot's edits can be told from those of others who come the same way."""
    return options.own_app is not None


def connect(
    account: str,
    options: Options,
    *,
    credentials: Mapping[str, str],
    clock: Clock,
    home: Path,
    state: Path | None = None,
) -> Adapter:
    """Make the adapter of one account; the first call opens the connection.

    Args:
        account: Digits, with or without "act_".
        credentials: Resolved values by their names in `CREDENTIALS`; with an `endpoint`, nothing is needed.
        home: Directory that relative paths start from.
        state: Directory for the count of budget changes; None: it is lost with the process.

    Raises:
        Mistakes: What is wrong with account, options and credentials, all at once.
    """
    digits = account_id(account)
    ca_file = None if options.ca_file is None else home / options.ca_file
    mistakes = [*_account_faults(account, digits), *_endpoint_faults(options, ca_file)]
    mistakes += _credential_faults(credentials, is_sandbox=options.endpoint is not None)
    if mistakes:
        raise Mistakes(f"the Meta account {account!r} cannot be used", mistakes)
    client = Client(
        digits,
        credentials.get("access_token", "sandbox"),
        clock,
        app_secret=credentials.get("app_secret"),
        endpoint=options.endpoint,
        ca_file=ca_file,
        timeout_s=options.timeout_s,
    )
    edits = BudgetEdits(None if state is None else state / f"{PLATFORM}-{digits}-budget-edits.log")
    return MetaAdsAdapter(
        client,
        clock,
        Reports(client, options.report_timeout_s),
        Sending(client, f"{PLATFORM}:{digits}", clock, edits, options.changes_per_second),
        conversion=options.conversion,
        all_ad_sets="ad_set" in options.levels,
        own=Own(options.own_app, options.own_user),
    )


def limits(
    account: str,
    options: Options,
    *,
    credentials: Mapping[str, str],
    clock: Clock,
    home: Path,
    state: Path | None = None,
) -> str:
    """Which of Meta's limits gebot keeps, in words; no call. Arguments as for `connect`."""
    return (
        f"{PER_HOUR} budget changes an hour for each object, counted by gebot; calls as Meta's headers allow"
    )


def _account_faults(text: str, digits: str) -> list[Mistake]:
    if digits.isascii() and digits.isdigit():
        return []
    return [Mistake("account id", f"was {text!r}", "digits such as act_1234567890 are right")]


def _endpoint_faults(options: Options, ca_file: Path | None) -> list[Mistake]:
    faults = []
    if options.endpoint is not None:
        address = urlsplit(options.endpoint)
        if address.scheme not in ("http", "https") or not address.hostname:
            faults.append(
                Mistake(
                    "endpoint", f"was {options.endpoint!r}", "http://127.0.0.1:8443 is right, for a sandbox"
                )
            )
        elif address.scheme == "http" and address.hostname not in _LOOPBACK:
            faults.append(
                Mistake("endpoint", "was plain http to another machine", "the token would be read on the way")
            )
    if ca_file is not None and not ca_file.is_file():
        faults.append(Mistake("ca_file", f"there is no file {ca_file}"))
    if ca_file is not None and options.endpoint is None:
        faults.append(Mistake("ca_file", "was set without an endpoint", "it is for a sandbox only"))
    return faults


def _credential_faults(given: Mapping[str, str], *, is_sandbox: bool) -> list[Mistake]:
    unknown = sorted(set(given) - set(CREDENTIALS))
    if unknown:
        known = ", ".join(CREDENTIALS)
        return [Mistake("credentials", f"{', '.join(unknown)} is not known", f"known: {known}")]
    if not given.get("access_token") and not is_sandbox:
        return [Mistake("credentials", "access_token is missing", "the token of a system user is right")]
    return []
