"""Connect: options and credentials from config.toml to an adapter. No network."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from google.auth.exceptions import GoogleAuthError
from google.oauth2.credentials import Credentials
from google.oauth2.service_account import Credentials as ServiceAccountCredentials
from pydantic import BaseModel, ConfigDict, PositiveFloat

from adapters.google_ads.adapter import GoogleAdsAdapter
from adapters.google_ads.client import Client
from agent.domain.errors import Mistake, Mistakes
from agent.ports import Adapter, Clock

CREDENTIALS = (
    "service_account_file",
    "client_id",
    "client_secret",
    "refresh_token",
    "developer_token",
    "token",
)
_USER = ("client_id", "client_secret", "refresh_token")
_SCOPES = ("https://www.googleapis.com/auth/adwords",)
_TOKEN_URI = "https://oauth2.googleapis.com/token"  # noqa: S105  # an address, not a secret


class Options(BaseModel):
    """The `options` table of a Google Ads account.

    Attributes:
        login_customer_id: The manager account through which gebot has access; None: direct.
        endpoint: "localhost:50443" for a sandbox; None: Google.
        ca_file: Certificate authority that the sandbox's certificate is signed by.
        timeout_s: Deadline of each call.
        own_user: E-mail address that gebot signs in as, so that its own edits can be told
            from those of other programs.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    login_customer_id: str | None = None
    endpoint: str | None = None
    ca_file: Path | None = None
    timeout_s: PositiveFloat = 60.0
    own_user: str | None = None


def account_id(text: str) -> str:
    """A customer id as it stands in all names: without its dashes."""
    return text.replace("-", "").strip()


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
    google_credentials = None
    try:
        google_credentials = _credentials(credentials, home, is_sandbox=options.endpoint is not None)
    except Mistake as mistake:
        mistakes.append(mistake)
    if mistakes:
        raise Mistakes(f"the Google Ads account {account!r} cannot be used", mistakes)
    client = Client(
        customer,
        google_credentials,
        login_customer_id=login,
        developer_token=credentials.get("developer_token"),
        endpoint=options.endpoint,
        ca_file=ca_file,
        timeout_s=options.timeout_s,
    )
    return GoogleAdsAdapter(client, clock, options.own_user)


def _credentials(given: Mapping[str, str], home: Path, *, is_sandbox: bool) -> Any:
    unknown = sorted(set(given) - set(CREDENTIALS))
    if unknown:
        raise Mistake("credentials", f"{', '.join(unknown)} is not known", f"known: {', '.join(CREDENTIALS)}")
    present = [name for name in _USER if name in given]
    if "service_account_file" in given and present:
        found = f"service_account_file and {present[0]} were both given"
        raise Mistake("credentials", found, "one way to sign in is right")
    if "service_account_file" in given:
        path = home / Path(given["service_account_file"]).expanduser()
        try:
            return ServiceAccountCredentials.from_service_account_file(str(path), scopes=_SCOPES)
        except OSError as error:
            raise Mistake("service_account_file", f"{path}: {error.strerror}") from error
        except (ValueError, GoogleAuthError):  # its text may quote the file: not passed on
            raise Mistake(
                "service_account_file", f"{path} is no service account key", "the JSON file from Google"
            ) from None
    if present:
        missing = [name for name in _USER if name not in given]
        if missing:
            raise Mistake("credentials", f"{', '.join(missing)} is missing", "all three are needed")
        return Credentials(
            None,
            refresh_token=given["refresh_token"],
            client_id=given["client_id"],
            client_secret=given["client_secret"],
            token_uri=_TOKEN_URI,
        )
    if is_sandbox:
        return Credentials(given.get("token", "sandbox"))
    raise Mistake(
        "credentials",
        "none were given",
        "service_account_file, or client_id, client_secret and refresh_token are right",
    )
