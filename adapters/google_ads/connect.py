"""Connect: options and credentials from config.toml to an adapter. No network."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, NonNegativeInt, PositiveFloat

from adapters.google_ads.adapter import GoogleAdsAdapter
from adapters.google_ads.children import Child, children_of
from adapters.google_ads.client import Client
from adapters.google_ads.memory import Memory
from adapters.google_ads.minimum import Minimum
from adapters.google_ads.quota import Quota
from adapters.google_ads.sign_in import CREDENTIALS, SignIn, sign_in
from agent.domain.errors import Mistake, Mistakes
from agent.domain.ref import Kind
from agent.ports.clock import Clock
from agent.ports.platform import Adapter

__all__ = ["CREDENTIALS", "Options", "account_id", "children", "connect", "limits"]

_BASIC_ACCESS = 15_000  # operations in 24 hours; Explorer has 2,880, Standard no limit


class Options(BaseModel):
    """The `options` table of a Google Ads account.

    Attributes:
        login_customer_id: The manager account through which gebot has access; None: direct.
        levels: What below the campaign gebot looks at and may steer.
        operations_per_day: What Google allows the Cloud project in 24 hours; 0: no limit.
        endpoint: "localhost:50443" for a sandbox; None: Google.
        ca_file: Certificate authority that the sandbox's certificate is signed by.
        timeout_s: Deadline of each call.
        own_user: E-mail address that gebot signs in as, so that its own edits can be told
            from those of other programs.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    login_customer_id: str | None = None
    levels: tuple[Literal["ad_group", "keyword"], ...] = ()
    operations_per_day: NonNegativeInt = _BASIC_ACCESS
    endpoint: str | None = None
    ca_file: Path | None = None
    timeout_s: PositiveFloat = 60.0
    own_user: str | None = None


@dataclass(frozen=True, slots=True)
class _Link:
    """What both the adapter and the listing of accounts stand on."""

    client: Client
    minimum: Minimum
    quota: Quota


def account_id(text: str) -> str:
    """A customer id as it stands in all names: without its dashes."""
    return text.replace("-", "").strip()


def knows_itself(options: Options) -> bool:
    """Whether gebot's edits can be told from those of others who come the same way."""
    return options.own_user is not None


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
        account: Customer id, with or without dashes.
        credentials: Resolved values by their names in `CREDENTIALS`: a service account's key
            file, or a user's three OAuth values; with an `endpoint`, a `token` or nothing.
        home: Directory that relative paths start from.
        state: Directory for what must outlive the process; None: nothing does.

    Raises:
        Mistakes: What is wrong with account, options and credentials, all at once.
    """
    link = _link(account, options, credentials, clock, home, state)
    levels = tuple(Kind(level) for level in options.levels)
    return GoogleAdsAdapter(link.client, clock, link.minimum, levels=levels, own_user=options.own_user)


def children(
    account: str,
    options: Options,
    *,
    credentials: Mapping[str, str],
    clock: Clock,
    home: Path,
    state: Path | None = None,
) -> tuple[Child, ...]:
    """The accounts below a manager; one call. Arguments as for `connect`.

    Raises:
        Mistakes: As for `connect`.
        PlatformError: The manager cannot be asked.
    """
    return children_of(_link(account, options, credentials, clock, home, state).client)


def limits(
    account: str,
    options: Options,
    *,
    credentials: Mapping[str, str],
    clock: Clock,
    home: Path,
    state: Path | None = None,
) -> str:
    """What is used of Google's quota, in words; no call. Arguments as for `connect`.

    Raises:
        Mistakes: As for `connect`.
    """
    return _link(account, options, credentials, clock, home, state).quota.told()


def _link(  # noqa: PLR0917  # those of `connect`, in its order
    account: str,
    options: Options,
    credentials: Mapping[str, str],
    clock: Clock,
    home: Path,
    state: Path | None,
) -> _Link:
    mistakes: list[Mistake] = []

    def customer_id(text: str, where: str) -> str:
        digits = account_id(text)
        if not (len(digits) == 10 and digits.isascii() and digits.isdigit()):
            mistakes.append(Mistake(where, f"was {text!r}", "ten digits such as 123-456-7890 are right"))
        return digits

    customer = customer_id(account, "account id")
    login = options.login_customer_id
    if login is not None:
        login = customer_id(login, "login_customer_id")
    ca_file = None if options.ca_file is None else home / options.ca_file
    if ca_file is not None and not ca_file.is_file():
        mistakes.append(Mistake("ca_file", f"there is no file {ca_file}"))
    if ca_file is not None and options.endpoint is None:
        mistakes.append(Mistake("ca_file", "was set without an endpoint", "it is for a sandbox only"))
    signed = SignIn(None, "")
    try:
        signed = sign_in(credentials, home, options.endpoint)
    except Mistake as mistake:
        mistakes.append(mistake)
    if mistakes:
        raise Mistakes(f"the Google Ads account {account!r} cannot be used", mistakes)
    memory = None if state is None else state / "google_ads"
    project = sha256(signed.project.encode()).hexdigest()[:16]
    quota = Memory(memory and memory / f"operations-{project}.json")
    counted = Quota(quota, clock, options.operations_per_day)
    client = Client(
        customer,
        signed.credentials,
        counted,
        login_customer_id=login,
        developer_token=credentials.get("developer_token"),
        endpoint=options.endpoint,
        ca_file=ca_file,
        timeout_s=options.timeout_s,
    )
    return _Link(client, Minimum(Memory(memory and memory / f"minimum-{customer}.json")), counted)
