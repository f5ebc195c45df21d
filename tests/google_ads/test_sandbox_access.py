"""Who is let into the sandbox: tokens, its own sign-in, and a manager account."""

from collections.abc import Iterator
from datetime import timedelta

import canaries
import pytest
from google.ads.googleads.errors import GoogleAdsException
from google.auth.exceptions import RefreshError
from google.auth.transport.requests import Request
from google.oauth2 import service_account
from google.oauth2.credentials import Credentials
from google_ads_account import opened
from google_ads_wire import CUSTOMER, TIMEOUT_S, Wire

from simulations.sandbox.google_ads.conduct import Conduct
from simulations.sandbox.google_ads.oauth import SERVICE_USER
from simulations.sandbox.google_ads.serve import Sandbox

MANAGER = "9876543210"
CAMPAIGNS = "SELECT campaign.id FROM campaign"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    running = opened(tmp_path_factory.mktemp("served"), Conduct(manager=MANAGER, sign_in=True))
    yield running
    running.stop()


@pytest.fixture(scope="module")
def channel(served: Sandbox) -> Wire:
    return Wire(served)


def test_a_service_account_signs_in_as_the_client_does_it(served: Sandbox) -> None:
    """With the key file, a signed assertion and a token; its user is who the history names."""
    assert served.front.sign_in is not None
    credentials = service_account.Credentials.from_service_account_file(
        str(served.front.sign_in.service_account_file), scopes=["https://www.googleapis.com/auth/adwords"]
    )
    wire = Wire(served, credentials=credentials)

    wire.rows(CAMPAIGNS)

    assert served.journal.requests()[-1].who == SERVICE_USER


def refreshable(sandbox: Sandbox, user: str) -> Credentials:
    assert sandbox.front.sign_in is not None
    return Credentials(
        None,
        refresh_token=f"1//{user}",
        client_id="x",
        client_secret=canaries.of("google client secret"),
        token_uri=sandbox.front.sign_in.token_uri,
    )


def test_a_token_ends_and_is_renewed(served: Sandbox) -> None:
    """OAUTH_TOKEN_EXPIRED, then a new token from the refresh token."""
    credentials = refreshable(served, "ann@example.com")
    wire = Wire(served, credentials=credentials)
    wire.rows(CAMPAIGNS)
    served.clock.advance(timedelta(hours=1))

    with pytest.raises(GoogleAdsException, match="OAUTH_TOKEN_EXPIRED"):
        wire.rows(CAMPAIGNS)
    credentials.refresh(Request())
    wire.rows(CAMPAIGNS)

    assert served.journal.requests()[-1].who == "ann@example.com"


def test_who_was_signed_out_can_neither_call_nor_sign_in(served: Sandbox) -> None:
    """OAUTH_TOKEN_REVOKED for the token, invalid_grant for the refresh token."""
    credentials = refreshable(served, "bob@example.com")
    wire = Wire(served, credentials=credentials)
    wire.rows(CAMPAIGNS)
    assert served.front.sign_in is not None

    Request()(
        served.front.sign_in.token_uri.replace("/token", "/revoke"),
        method="POST",
        body=b"token=1//bob@example.com",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )

    with pytest.raises(GoogleAdsException, match="OAUTH_TOKEN_REVOKED"):
        wire.rows(CAMPAIGNS)
    with pytest.raises(RefreshError, match="invalid_grant"):
        credentials.refresh(Request())


def test_a_stranger_has_no_access(channel: Wire) -> None:
    """To another customer's account."""
    with pytest.raises(GoogleAdsException, match="USER_PERMISSION_DENIED"):
        channel.rows(CAMPAIGNS, customer="1111111111")


def test_a_manager_has_clients_and_no_metrics(channel: Wire, served: Sandbox) -> None:
    """customer_client lists them; metrics are refused with Google's own code."""
    listed = channel.rows(
        "SELECT customer_client.id, customer_client.level, customer_client.manager FROM customer_client",
        customer=MANAGER,
    )
    facts = channel.rows("SELECT customer.id, customer.manager FROM customer", customer=MANAGER)
    accessible = channel.service("CustomerService").list_accessible_customers(timeout=TIMEOUT_S)

    children = [
        (row.customer_client.id, row.customer_client.level, row.customer_client.manager) for row in listed
    ]
    assert children == [(int(MANAGER), 0, True), (int(CUSTOMER), 1, False)]
    assert [row.customer.manager for row in facts] == [True]
    assert list(accessible.resource_names) == [f"customers/{MANAGER}", f"customers/{CUSTOMER}"]
    with pytest.raises(GoogleAdsException, match="REQUESTED_METRICS_FOR_MANAGER"):
        channel.rows("SELECT campaign.id, metrics.clicks FROM campaign", customer=MANAGER)


def test_a_login_that_is_not_above_the_customer_is_refused(served: Sandbox) -> None:
    """The header must name the manager, or the customer itself."""
    good, bad = Wire(served, login=MANAGER), Wire(served, login="1111111111")

    assert len(good.rows(CAMPAIGNS)) == 8
    with pytest.raises(GoogleAdsException, match="USER_PERMISSION_DENIED"):
        bad.rows(CAMPAIGNS)


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    conduct = Conduct(sign_in=True, strict_tokens=True)
    running = opened(tmp_path_factory.mktemp("guarded"), conduct)
    yield running
    running.stop()


def test_a_strict_account_takes_its_own_tokens_only(guarded: Sandbox) -> None:
    """OAUTH_TOKEN_INVALID for all others."""
    with pytest.raises(GoogleAdsException, match="OAUTH_TOKEN_INVALID"):
        Wire(guarded).rows(CAMPAIGNS)

    assert len(Wire(guarded, credentials=refreshable(guarded, "ann@example.com")).rows(CAMPAIGNS)) == 8


def test_the_key_of_the_service_account_is_for_its_owner_only(served: Sandbox) -> None:
    """Nobody else on the machine can sign in with it."""
    assert served.front.sign_in is not None

    assert served.front.sign_in.service_account_file.stat().st_mode & 0o077 == 0
