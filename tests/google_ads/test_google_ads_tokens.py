"""Tokens: one that Google calls expired is renewed once, and then its owner is asked."""

from pathlib import Path
from typing import Any

import pytest
from google.auth.credentials import Credentials
from google_ads_changes import campaign, stands, to_budget

from adapters.google_ads.adapter import GoogleAdsAdapter
from adapters.google_ads.client import Client
from adapters.google_ads.memory import Memory
from adapters.google_ads.minimum import Minimum
from adapters.google_ads.quota import Quota
from adapters.google_ads.sign_in import sign_in
from agent.domain.errors import AccessDenied, Unreachable
from agent.domain.outcome import Accepted
from simulations.sandbox.google_ads.serve import Sandbox
from simulations.sandbox.shared.faults import Fault

EXPIRED = "before_commit:on=any,code=authentication_error.OAUTH_TOKEN_EXPIRED"


class Renewing(Credentials):  # type: ignore[misc]  # google-auth has no types
    """Credentials that are good for ever, as far as they know, and can be renewed."""

    def __init__(self) -> None:
        super().__init__()
        self.token = "token-0"
        self.renewed = 0

    def refresh(self, request: Any) -> None:
        self.renewed += 1
        self.token = f"token-{self.renewed}"


def adapter_of(sandbox: Sandbox, credentials: Credentials) -> GoogleAdsAdapter:
    client = Client(
        sandbox.customer,
        credentials,
        Quota(Memory(None), sandbox.clock, 0),
        endpoint=sandbox.endpoint,
        ca_file=sandbox.ca_file,
    )
    return GoogleAdsAdapter(client, sandbox.clock, Minimum(Memory(None)))


def test_a_token_that_google_calls_expired_is_renewed_before_the_next_call(sandbox: Sandbox) -> None:
    """The read is tried again like any other that passes; nobody has to act."""
    credentials = Renewing()
    adapter = adapter_of(sandbox, credentials)
    sandbox.faults.arm(Fault.parse(EXPIRED))

    with pytest.raises(Unreachable, match="OAUTH_TOKEN_EXPIRED"):
        adapter.account()
    adapter.account()
    adapter.entities()

    assert credentials.renewed == 1


def test_a_token_that_is_refused_again_when_it_is_new_needs_its_owner(sandbox: Sandbox) -> None:
    """Renewing once is a remedy; renewing for ever is a loop."""
    credentials = Renewing()
    adapter = adapter_of(sandbox, credentials)
    sandbox.faults.arm(Fault.parse(f"{EXPIRED},times=always"))

    with pytest.raises(Unreachable):
        adapter.account()
    with pytest.raises(AccessDenied, match="right after it was renewed"):
        adapter.account()

    assert credentials.renewed == 1


def test_a_write_under_an_expired_token_was_not_applied(sandbox: Sandbox) -> None:
    """It is planned again, and goes under the new token."""
    adapter = adapter_of(sandbox, Renewing())
    change = to_budget(campaign(sandbox, 2), "20.00")
    before = stands(sandbox, 2)
    adapter.account()
    sandbox.faults.arm(Fault.parse(EXPIRED.replace("any", "mutate")))

    with pytest.raises(Unreachable):
        adapter.apply([change])
    stood = stands(sandbox, 2)
    receipts = adapter.apply([change])

    assert (stood, stands(sandbox, 2)) == (before, 20_000_000)
    assert [type(receipt) for receipt in receipts] == [Accepted]


@pytest.mark.parametrize(
    ("given", "project"),
    [
        (
            {"client_id": "4711-abc.apps.googleusercontent.com", "client_secret": "s", "refresh_token": "r"},
            "4711",
        ),
        ({"token": "x"}, "localhost:1"),
    ],
)
def test_credentials_tell_whose_quota_they_use(given: dict[str, str], project: str) -> None:
    """An OAuth client's id begins with the number of its Cloud project."""
    assert sign_in(given, Path(), "localhost:1").project == project
