"""A Meta sandbox for tests: its clock stands still, and the official client talks to it."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import canaries
import httpx
from facebook_business.adobjects.adaccount import AdAccount
from facebook_business.api import FacebookAdsApi
from facebook_business.session import FacebookSession

from agent.clock import SteppedClock
from simulations.sandbox.meta_ads.door import Credentials
from simulations.sandbox.meta_ads.ids import shown
from simulations.sandbox.meta_ads.serve import Sandbox, open_sandbox
from simulations.sandbox.meta_ads.settings import settings_of

START = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)
ACCOUNT_ID = "100000000000001"
ACCOUNT = f"act_{ACCOUNT_ID}"
SECRET = canaries.of("meta app secret")
_http = httpx.Client(trust_env=False, verify=False, timeout=30)
MARKET = {
    "seed": 3,
    "campaigns": 4,
    "history_days": 30,
    "time_zone": "America/New_York",
    "minimum_budget": "1.00 EUR",
}


def opened(directory: Path, *, limit: tuple[str, ...] = (), **changes: Any) -> Sandbox:
    """A sandbox of four campaigns, one for each bid strategy; the first has budgets on its ad sets.

    Args:
        limit: As typed on the command line.
        changes: Settings, or options of the market.
    """
    known = {"credentials", "change_delay", "state"}
    market = {**MARKET, **{name: value for name, value in changes.items() if name not in known}}
    settings = settings_of(
        **{
            "state": directory,
            "account_id": ACCOUNT_ID,
            "account": market,
            "limit": limit,
            "speed": 0.0,
            "start": START,
            "faults": (),
            "credentials": Credentials(app_secret=SECRET),
            **{name: value for name, value in changes.items() if name in known},
        }
    )
    return open_sandbox(settings, SteppedClock(START))


def api_on(sandbox: Sandbox, token: str = "token", secret: str | None = SECRET) -> FacebookAdsApi:
    """The official client, as an adapter would set it up."""
    session = FacebookSession(None, secret, token, timeout=30)
    session.GRAPH = sandbox.front.endpoint
    session.requests.trust_env = False
    return FacebookAdsApi(session, api_version="v26.0")


def account_on(sandbox: Sandbox) -> AdAccount:
    return AdAccount(ACCOUNT, api=api_on(sandbox))


def raw(
    sandbox: Sandbox,
    method: str,
    path: str,
    params: Mapping[str, str] | None = None,
    *,
    version: str = "v26.0",
    form: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    is_signed: bool = True,
) -> httpx.Response:
    """A call without the official client, signed as it would be."""
    signed = {"access_token": "token", "appsecret_proof": proof("token")} if is_signed else {}
    signed |= params or {}
    url = f"{sandbox.front.endpoint}/{version}/{path}"
    return _http.request(method, url, params=signed, data=form, headers=headers)


def proof(token: str) -> str:
    return hmac.new(SECRET.encode(), token.encode(), hashlib.sha256).hexdigest()


def error(response: httpx.Response) -> str:
    """The code of an answer's error, "613/1487632"; "" when it has none."""
    found = response.json().get("error", {})
    subcode = found.get("error_subcode")
    return f"{found.get('code', '')}" + (f"/{subcode}" if subcode else "")


def control(sandbox: Sandbox, method: str, path: str, body: object = None) -> Any:
    response = _http.request(method, sandbox.control + path, json=body)
    return response.json() if response.is_success else response.status_code


def broken(sandbox: Sandbox) -> list[str]:
    """Which limits were broken, oldest first."""
    return [violation["what"] for violation in control(sandbox, "GET", "/violations")]


def campaign(sandbox: Sandbox, row: int) -> str:
    """Meta's id of a campaign."""
    return shown(sandbox.platform.campaigns[row].id)


def ad_sets(sandbox: Sandbox, row: int) -> list[str]:
    """Meta's ids of a campaign's ad sets."""
    owner = sandbox.platform.campaigns[row].id
    return [shown(group.id) for group in sandbox.platform.groups if group.campaign_id == owner]


def with_bidding(sandbox: Sandbox, bidding: str) -> int:
    """The row of the campaign that bids so."""
    return [each.bidding for each in sandbox.platform.campaigns].index(bidding)
