"""Sign-in: credentials from config.toml as those of Google's libraries, and the project they belong to."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from google.auth.exceptions import GoogleAuthError
from google.oauth2.credentials import Credentials
from google.oauth2.service_account import Credentials as ServiceAccountCredentials

from agent.domain.errors import Mistake

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


@dataclass(frozen=True, slots=True)
class SignIn:
    """A way to sign in.

    Attributes:
        project: Name of the Cloud project whose quota is used, as far as the credentials tell it.
    """

    credentials: Any
    project: str


def sign_in(given: Mapping[str, str], home: Path, endpoint: str | None) -> SignIn:
    """Make credentials of what was given; nothing is called.

    Args:
        given: By their names in `CREDENTIALS`.
        endpoint: Of a sandbox, which lets everybody in; None: Google itself.

    Raises:
        Mistake: They cannot be used. No secret is in it.
    """
    unknown = sorted(set(given) - set(CREDENTIALS))
    if unknown:
        raise Mistake("credentials", f"{', '.join(unknown)} is not known", f"known: {', '.join(CREDENTIALS)}")
    present = [name for name in _USER if name in given]
    if "service_account_file" in given and present:
        found = f"service_account_file and {present[0]} were both given"
        raise Mistake("credentials", found, "one way to sign in is right")
    if "service_account_file" in given:
        return _service_account(home / Path(given["service_account_file"]).expanduser())
    if present:
        missing = [name for name in _USER if name not in given]
        if missing:
            raise Mistake("credentials", f"{', '.join(missing)} is missing", "all three are needed")
        credentials = Credentials(
            None,
            refresh_token=given["refresh_token"],
            client_id=given["client_id"],
            client_secret=given["client_secret"],
            token_uri=_TOKEN_URI,
        )
        # "123456-abc.apps.googleusercontent.com" is a client of project 123456.
        return SignIn(credentials, given["client_id"].partition("-")[0])
    if endpoint is not None:
        return SignIn(Credentials(given.get("token", "sandbox")), endpoint)
    raise Mistake(
        "credentials",
        "none were given",
        "service_account_file, or client_id, client_secret and refresh_token are right",
    )


def _service_account(path: Path) -> SignIn:
    try:
        credentials = ServiceAccountCredentials.from_service_account_file(str(path), scopes=_SCOPES)
    except OSError as error:
        raise Mistake("service_account_file", f"{path}: {error.strerror}") from error
    except (ValueError, GoogleAuthError):  # its text may quote the file: not passed on
        raise Mistake(
            "service_account_file", f"{path} is no service account key", "the JSON file from Google"
        ) from None
    return SignIn(credentials, credentials.project_id or credentials.service_account_email)
