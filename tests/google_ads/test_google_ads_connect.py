"""Connecting: what is wrong is said before the first call, and no secret is ever said."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth.credentials import AnonymousCredentials
from google_ads_account import adapter_on
from google_ads_changes import campaign, to_budget
from pydantic import ValidationError

from adapters.google_ads.adapter import GoogleAdsAdapter
from adapters.google_ads.client import Client
from adapters.google_ads.connect import CREDENTIALS, Options, connect
from adapters.google_ads.memory import Memory
from adapters.google_ads.minimum import Minimum
from adapters.google_ads.quota import Quota
from agent.clock import SteppedClock
from agent.domain.errors import AccessDenied, Mistakes, Unreachable
from simulations.sandbox.google_ads.serve import Sandbox

CLOCK = SteppedClock(datetime(2026, 11, 21, tzinfo=UTC))
CANARY = "canary-7f3a"


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    """A person mends them in one go."""
    options = Options(login_customer_id="12", ca_file=Path("absent.pem"))

    with pytest.raises(Mistakes) as raised:
        connect("123-456", options, credentials={"client_id": "x"}, clock=CLOCK, home=tmp_path)

    wheres = [mistake.where for mistake in raised.value.exceptions]  # type: ignore[union-attr]
    assert wheres == ["account id", "login_customer_id", "ca_file", "ca_file", "credentials"]


def test_google_itself_needs_credentials(tmp_path: Path) -> None:
    """Only a sandbox lets anybody in."""
    with pytest.raises(Mistakes, match="cannot be used") as raised:
        connect("1234567890", Options(), credentials={}, clock=CLOCK, home=tmp_path)

    assert "none were given" in str(raised.value.exceptions[0])


def test_an_unknown_credential_or_option_is_a_fault(tmp_path: Path) -> None:
    """A misspelt name must not be ignored."""
    with pytest.raises(Mistakes) as raised:
        connect("1234567890", Options(), credentials={"refreshtoken": CANARY}, clock=CLOCK, home=tmp_path)
    with pytest.raises(ValidationError):
        Options.model_validate({"endpiont": "x"})

    assert "refreshtoken" in str(raised.value.exceptions[0])
    assert CANARY not in str(raised.value.exceptions[0])
    assert "refresh_token" in CREDENTIALS


@pytest.mark.parametrize("content", [None, "not json " + CANARY, json.dumps({"private_key": CANARY})])
def test_a_key_file_that_is_none_is_named_but_not_quoted(tmp_path: Path, content: str | None) -> None:
    """Its path helps, its content is secret."""
    if content is not None:
        (tmp_path / "key.json").write_text(content)

    with pytest.raises(Mistakes) as raised:
        connect(
            "1234567890",
            Options(),
            credentials={"service_account_file": "key.json"},
            clock=CLOCK,
            home=tmp_path,
        )

    mistake = raised.value.exceptions[0]
    assert "key.json" in str(mistake)
    assert CANARY not in f"{mistake!r}{mistake.__cause__!r}"


class _SignIn(HTTPServer):
    """Answers every request for a token in the same way, and counts them."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _SignInAnswer)
        self.status = 200
        self.answer: dict[str, object] = {
            "access_token": f"{CANARY}@example.com",
            "expires_in": 3600,
            "token_type": "Bearer",
        }
        self.asked = 0


class _SignInAnswer(BaseHTTPRequestHandler):
    server: _SignIn

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked += 1
        body = json.dumps(self.server.answer).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def sign_in() -> Iterator[_SignIn]:
    server = _SignIn()
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def key_file(tmp_path: Path, sign_in: _SignIn) -> Path:
    """A service account whose token address is the local one: the official path, unpatched."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = tmp_path / "key.json"
    path.write_text(
        json.dumps(
            {
                "type": "service_account",
                "client_email": "gebot@example.com",
                "private_key": pem.decode(),
                "private_key_id": "1",
                "token_uri": f"http://127.0.0.1:{sign_in.server_address[1]}/token",
            }
        )
    )
    return path


def with_key(sandbox: Sandbox, key_file: Path) -> GoogleAdsAdapter:
    adapter = connect(
        "123-456-7890",
        Options(endpoint=sandbox.endpoint, ca_file=sandbox.ca_file),
        credentials={"service_account_file": str(key_file)},
        clock=sandbox.clock,
        home=key_file.parent,
    )
    assert isinstance(adapter, GoogleAdsAdapter)
    return adapter


def test_a_service_account_signs_in_on_the_first_call_only(
    sandbox: Sandbox, key_file: Path, sign_in: _SignIn
) -> None:
    """Connecting is free of network; a token is fetched once and used until it expires."""
    adapter = with_key(sandbox, key_file)
    asked_before = sign_in.asked
    adapter.account()
    adapter.entities()

    assert (asked_before, sign_in.asked) == (0, 1)
    assert {request.who for request in sandbox.journal.requests()} == {f"{CANARY}@example.com"}


def test_revoked_credentials_are_access_denied_even_for_a_write(
    sandbox: Sandbox, key_file: Path, sign_in: _SignIn
) -> None:
    """The sign-in failed before anything was sent, so nothing is ambiguous."""
    sign_in.answer["expires_in"] = 1
    adapter = with_key(sandbox, key_file)
    adapter.account()
    sign_in.status = 400
    sign_in.answer = {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}

    with pytest.raises(AccessDenied, match="invalid_grant"):
        adapter.apply([to_budget(campaign(sandbox, 2), "20.00")])

    assert sandbox.journal.mutations() == ()


def test_a_sign_in_service_that_is_down_is_unreachable(
    sandbox: Sandbox, key_file: Path, sign_in: _SignIn
) -> None:
    """It mends itself."""
    key = json.loads(key_file.read_text())
    key_file.write_text(json.dumps({**key, "token_uri": "http://127.0.0.1:9/token"}))
    adapter = with_key(sandbox, key_file)

    with pytest.raises(Unreachable):
        adapter.account()


def test_a_call_without_a_token_is_access_denied(sandbox: Sandbox) -> None:
    """Google answers UNAUTHENTICATED."""
    client = Client(
        "1234567890",
        AnonymousCredentials(),
        Quota(Memory(None), sandbox.clock, 0),
        endpoint=sandbox.endpoint,
        ca_file=sandbox.ca_file,
    )
    adapter = GoogleAdsAdapter(client, sandbox.clock, Minimum(Memory(None)))

    with pytest.raises(AccessDenied, match="OAUTH_TOKEN_HEADER_INVALID"):
        adapter.account()


def test_the_token_stands_in_no_error(sandbox: Sandbox) -> None:
    """Whatever is raised may end in a log."""
    adapter = adapter_on(sandbox, token=CANARY)
    sandbox.front._grpc.stop(0).wait()

    with pytest.raises(Unreachable) as raised:
        adapter.account()

    chain = f"{raised.value!r} {raised.value.__cause__!r} {raised.value.__context__!r}"
    assert CANARY not in chain
