"""Connecting: what is wrong is said before the first call, and no secret is ever said."""

import hashlib
import hmac
import logging
import sys
import traceback
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from facebook_business.api import FacebookAdsApi
from meta_account import NOW, ad_set, adapter_on, campaign, to_budget
from meta_fake import FakeMeta, Reply, error, fake_meta
from pydantic import ValidationError

from adapters.meta_ads.adapter import MetaAdsAdapter
from adapters.meta_ads.connect import CREDENTIALS, Options, account_id, connect
from agent.clock import SteppedClock
from agent.domain.errors import Mistakes, PlatformError
from agent.domain.lever import Lever
from agent.domain.outcome import Ambiguous

CLOCK = SteppedClock(NOW)
CANARY = "EAABcanary/7f3a+x="
SECRET = "canary-app-secret"


@pytest.fixture
def adapter(server: FakeMeta) -> MetaAdsAdapter:
    return adapter_on(server, CLOCK, token=CANARY, app_secret=SECRET)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    """A person mends them in one go."""
    options = Options(ca_file=Path("absent.pem"), endpoint="http://graph.example.com")

    with pytest.raises(Mistakes) as raised:
        connect("act_12x", options, credentials={"token": CANARY}, clock=CLOCK, home=tmp_path)

    wheres = [mistake.where for mistake in raised.value.each()]
    assert wheres == ["account id", "endpoint", "ca_file", "credentials"]
    assert CANARY not in str([str(mistake) for mistake in raised.value.each()])


@pytest.mark.parametrize("endpoint", ["graph", "ftp://127.0.0.1", "http://"])
def test_an_endpoint_is_an_address(tmp_path: Path, endpoint: str) -> None:
    """Of a sandbox: Meta needs none."""
    with pytest.raises(Mistakes) as raised:
        connect("1", Options(endpoint=endpoint), credentials={}, clock=CLOCK, home=tmp_path)

    assert [mistake.where for mistake in raised.value.each()] == ["endpoint"]


def test_a_certificate_authority_is_for_a_sandbox(tmp_path: Path) -> None:
    """Meta's own are in the client."""
    (tmp_path / "ca.pem").write_text("")

    with pytest.raises(Mistakes) as raised:
        connect(
            "1",
            Options(ca_file=Path("ca.pem")),
            credentials={"access_token": CANARY},
            clock=CLOCK,
            home=tmp_path,
        )

    assert [mistake.where for mistake in raised.value.each()] == ["ca_file"]


def test_meta_itself_needs_a_token(tmp_path: Path) -> None:
    """Only a sandbox lets anybody in."""
    with pytest.raises(Mistakes) as raised:
        connect("1", Options(), credentials={"app_secret": SECRET}, clock=CLOCK, home=tmp_path)

    assert "access_token is missing" in str(raised.value.exceptions[0])
    assert set(CREDENTIALS) == {"access_token", "app_secret"}


def test_an_unknown_option_is_a_fault() -> None:
    """A misspelt name must not be ignored, nor a level that Meta does not have."""
    with pytest.raises(ValidationError):
        Options.model_validate({"endpiont": "x"})
    with pytest.raises(ValidationError):
        Options.model_validate({"levels": ["keyword"]})


def test_an_account_id_may_be_copied_from_anywhere() -> None:
    """The address of the Ads Manager has it without "act_", the interface with it."""
    assert account_id(" act_123 ") == account_id("123") == "123"


def test_connecting_calls_nobody_and_leaves_nothing_global(server: FakeMeta) -> None:
    """The SDK's own way would set a default account for the process, and report crashes to Meta."""
    hook = sys.excepthook

    adapter_on(server, CLOCK, token=CANARY)

    assert server.asked == []
    assert FacebookAdsApi.get_default_api() is None
    assert sys.excepthook is hook


def test_the_environment_has_no_say_in_the_connection(
    server: FakeMeta, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy there would be given the token."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/absent")

    assert adapter_on(server, CLOCK).account().name == "Shop"


def test_every_call_carries_the_proof_of_the_app_secret(server: FakeMeta, adapter: MetaAdsAdapter) -> None:
    """HMAC-SHA256 of the token; a stolen token alone opens nothing."""
    proof = hmac.new(SECRET.encode(), CANARY.encode(), hashlib.sha256).hexdigest()
    server.on("POST", "", [None])

    adapter.account()
    adapter.apply([to_budget(campaign("11"), "10.00")])

    assert {asked.params["appsecret_proof"] for asked in server.asked} == {proof}
    assert {asked.params["access_token"] for asked in server.asked} == {CANARY}
    assert SECRET not in str(server.asked)


def test_without_an_app_secret_no_proof_is_sent(server: FakeMeta) -> None:
    """Meta asks for it only where the app says so."""
    adapter_on(server, CLOCK, token=CANARY).account()

    assert "appsecret_proof" not in server.asked[0].params


@pytest.mark.parametrize(
    "reply",
    [
        Reply(None),
        error(190, message=f"Malformed access token {CANARY}"),
        error(100, error_user_msg=f"see https://x/?access_token={CANARY}"),
        Reply(f"<html>error {CANARY}</html>", 502),
        Reply({"id": CANARY}),
        Reply("", 302, {"Location": "http://127.0.0.1:9/elsewhere"}),
    ],
)
@pytest.mark.parametrize(
    "call",
    [
        lambda adapter: adapter.account(),
        lambda adapter: adapter.entities(),
        lambda adapter: adapter.metrics(date(2026, 11, 1), date(2026, 11, 2)),
        lambda adapter: adapter.read([(campaign("11"), Lever.STATUS)]),
        lambda adapter: adapter.history(NOW),
    ],
)
def test_no_secret_stands_in_any_error_or_log(
    server: FakeMeta,
    adapter: MetaAdsAdapter,
    caplog: pytest.LogCaptureFixture,
    reply: Reply,
    call: Callable[[MetaAdsAdapter], object],
) -> None:
    """Whatever is raised may end in a log, with all that hangs on it."""
    for path in ("act_123", "act_123/campaigns", "act_123/insights", "act_123/activities", ""):
        server.on("GET", path, reply)

    with caplog.at_level(logging.DEBUG), pytest.raises(PlatformError) as raised:
        call(adapter)

    said = "".join(traceback.format_exception(raised.value)) + caplog.text
    error_: BaseException | None = raised.value
    while error_ is not None:
        said += repr(error_)
        error_ = error_.__cause__ or error_.__context__
    assert "canary" not in said


def test_nobody_at_the_endpoint_says_no_secret_either(server: FakeMeta, adapter: MetaAdsAdapter) -> None:
    """The HTTP library's own error quotes the whole address."""
    server.shutdown()
    server.server_close()

    with pytest.raises(PlatformError) as raised:
        adapter.account()

    assert "canary" not in "".join(traceback.format_exception(raised.value))


def test_a_receipt_says_no_secret(server: FakeMeta, adapter: MetaAdsAdapter) -> None:
    """It is kept in the ledger for ever."""
    entry = {"code": 500, "body": f'{{"error": {{"message": "for {CANARY}", "code": 1}}}}'}
    server.on("POST", "", [entry])

    receipts = adapter.apply([to_budget(ad_set("121"), "10.00")])

    assert isinstance(receipts[0], Ambiguous)
    assert "for ***" in receipts[0].because


def test_the_tokens_owner_is_not_followed_elsewhere(server: FakeMeta, adapter: MetaAdsAdapter) -> None:
    """A redirect could lead the token to another machine."""
    with fake_meta() as other:
        server.on("GET", "act_123", Reply("", 302, {"Location": f"{other.address}/?access_token={CANARY}"}))

        with pytest.raises(PlatformError):
            adapter.account()

        assert other.asked == []
