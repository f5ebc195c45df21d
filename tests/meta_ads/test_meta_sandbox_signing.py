"""Who is let in by the Meta sandbox: tokens, proofs and permissions."""

from pathlib import Path

import pytest
from facebook_business.exceptions import FacebookRequestError
from meta_sandbox import ACCOUNT, SECRET, api_on, campaign, control, error, opened, proof, raw

from simulations.sandbox.meta_ads.door import Credentials
from simulations.sandbox.meta_ads.serve import Sandbox


def test_a_token_is_needed(reading: Sandbox) -> None:
    """In the address, in the form, or in a header."""
    none = raw(reading, "GET", ACCOUNT, is_signed=False)
    address = raw(reading, "GET", ACCOUNT, {"access_token": "a"}, is_signed=False)
    header = raw(reading, "GET", ACCOUNT, headers={"Authorization": "Bearer a"}, is_signed=False)
    form = raw(
        reading,
        "POST",
        campaign(reading, 1),
        form={"access_token": "a", "execution_options": '["validate_only"]'},
        is_signed=False,
    )

    assert error(none) == "104"
    assert [error(each) for each in (address, header, form)] == ["", "", ""]


def test_a_proof_must_be_of_the_token_and_the_secret(reading: Sandbox) -> None:
    """The official client makes the right one from the app's secret."""
    good = api_on(reading).call("GET", (ACCOUNT,)).status()

    with pytest.raises(FacebookRequestError, match="Invalid appsecret_proof"):
        api_on(reading, secret="another").call("GET", (ACCOUNT,))

    assert good == 200
    assert error(raw(reading, "GET", ACCOUNT, {"appsecret_proof": proof("other")})) == "100"


def test_apps_can_insist_on_a_proof(tmp_path: Path) -> None:
    """As a setting of the app at Meta."""
    sandbox = opened(tmp_path, credentials=Credentials(app_secret=SECRET, requires_proof=True))
    try:
        without = raw(sandbox, "GET", ACCOUNT, {"access_token": "token"}, is_signed=False)

        assert error(without) == "100"
        assert error(raw(sandbox, "GET", ACCOUNT)) == ""
    finally:
        sandbox.stop()


def test_one_token_alone_can_be_let_in(tmp_path: Path) -> None:
    """Any other is none of Meta's."""
    sandbox = opened(tmp_path, credentials=Credentials(access_token="token", app_secret=SECRET))
    try:
        assert error(raw(sandbox, "GET", ACCOUNT)) == ""
        assert error(raw(sandbox, "GET", ACCOUNT, {"access_token": "another"}, is_signed=False)) == "190"
    finally:
        sandbox.stop()


def test_a_token_that_may_only_read_does_not_write(tmp_path: Path) -> None:
    """And says so among its permissions."""
    sandbox = opened(tmp_path, credentials=Credentials(app_secret=SECRET, permissions=("ads_read",)))
    try:
        write = raw(sandbox, "POST", campaign(sandbox, 1), form={"status": "PAUSED"})

        assert error(write) == "200"
        assert [each["permission"] for each in raw(sandbox, "GET", "me/permissions").json()["data"]] == [
            "ads_read"
        ]
    finally:
        sandbox.stop()


def test_a_token_that_is_an_address_is_who_made_the_edit(sandbox: Sandbox) -> None:
    """So that two clients can be told apart."""
    api_on(sandbox, "ann@example.com").call("POST", (campaign(sandbox, 1),), {"daily_budget": 6000})

    assert [entry["who"] for entry in control(sandbox, "GET", "/journal")] == ["ann@example.com"]
    assert [edit.by for edit in sandbox.platform.edits(sandbox.platform.now())] == ["ann@example.com"]


def test_the_token_is_for_its_owners_eyes_and_stands_in_no_log(sandbox: Sandbox) -> None:
    """Files that only the owner reads; requests are told without it."""
    raw(sandbox, "GET", ACCOUNT)

    for file in (sandbox.front.token_file, sandbox.front.secret_file):
        assert file.stat().st_mode & 0o077 == 0
    assert "token" not in str(control(sandbox, "GET", "/requests"))
