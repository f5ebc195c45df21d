"""gebot check against both sandboxes: what is right is proved, what is wrong is named with who must act."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer import Typer
from typer.testing import CliRunner

from agent.cli.init import init
from agent.clock import SteppedClock
from agent.config.load import load
from agent.wiring.check import findings
from agent.wiring.finding import Finding, Grade
from simulations.sandbox.google_ads import serve as google
from simulations.sandbox.google_ads.conduct import EASY
from simulations.sandbox.meta_ads import serve as meta
from simulations.sandbox.meta_ads.settings import settings_of as meta_settings

START = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)
ACCOUNT = {"campaigns": 4, "history_days": 40}
CUSTOMER = "1234567890"
MANAGER = "1112223333"
BROKEN = {"kind": "before_commit", "on": "any", "times": None}


@dataclass
class Place:
    """A configuration of one account on a sandbox, written by gebot init."""

    folder: Path
    control: str

    def check(self, **words: str) -> dict[str, Finding]:
        """What it finds, by the part of the account, with some words of the file replaced."""
        text = (self.folder / "config.toml").read_text(encoding="utf-8")
        for old, new in words.items():
            assert _WORDS[old] in text
            text = text.replace(_WORDS[old], new)
        (self.folder / "changed.toml").write_text(text, encoding="utf-8")
        found = findings(load(self.folder / "changed.toml"))
        return {one.where.removeprefix("changed.toml: "): one for one in found}

    def ask(self, method: str, path: str, body: object = None) -> Any:
        with httpx.Client(trust_env=False, timeout=30) as http:
            response = http.request(method, self.control + path, json=body)
            return response.json() if response.content else None


_WORDS = {"mode": 'mode = "dry-run"', "id": f'id = "{CUSTOMER}"', "deciders": 'kind = "thompson_budget"'}
REVIEW = 'mode = "review"'


def place(folder: Path, control: str, platform: str, endpoint: str, *more: str) -> Place:
    app = Typer()
    app.command()(init)
    known = ["--account-id", CUSTOMER, "--name", "a", "--daily-pot", "900", "--yes", "--endpoint", endpoint]
    config = folder / "config.toml"

    done = CliRunner().invoke(app, ["--path", str(config), "--platform", platform, *known, *more])

    assert done.exit_code == 0, done.output
    text = config.read_text(encoding="utf-8").replace("# [clock]", f'[clock]\nfollow = "{control}"')
    config.write_text(text.replace(f'"act_{CUSTOMER}"', f'"{CUSTOMER}"'), encoding="utf-8")
    return Place(folder, control)


@pytest.fixture
def on_google(tmp_path: Path) -> Iterator[Place]:
    settings = google.settings_of(
        state=tmp_path / "sandbox",
        customer=CUSTOMER,
        account=ACCOUNT,
        speed=0.0,
        start=START,
        faults=(),
        conduct=replace(EASY, manager=MANAGER),
    )
    running = google.open_sandbox(settings, SteppedClock(START))
    yield place(tmp_path, running.control, "google", running.endpoint, "--ca-file", str(running.ca_file))
    running.stop()


@pytest.fixture
def on_meta(tmp_path: Path) -> Iterator[Place]:
    settings = meta_settings(
        state=tmp_path / "sandbox", account_id=CUSTOMER, account=ACCOUNT, speed=0.0, start=START, faults=()
    )
    running = meta.open_sandbox(settings, SteppedClock(START))
    yield place(tmp_path, running.control, "meta", running.front.endpoint)
    running.stop()


@pytest.fixture(params=["on_google", "on_meta"])
def anywhere(request: pytest.FixtureRequest) -> Place:
    found: Place = request.getfixturevalue(request.param)
    return found


def test_a_healthy_account_has_no_fault_and_the_right_to_write_is_proved(anywhere: Place) -> None:
    """By one change that reached the platform, was validated there, and changed nothing."""
    found = anywhere.check(mode=REVIEW)

    assert {one.grade for one in found.values()} == {Grade.OK}
    assert "rehearsed, nothing was changed" in found["account 'a': writing"].found
    assert [one["result"] for one in anywhere.ask("GET", "/journal")] == ["validated"]
    assert re.match("1[0-9] of the project's 15,000|4 budget changes", found["account 'a': limits"].found)


def test_in_dry_run_nothing_is_even_rehearsed(anywhere: Place) -> None:
    """It reads, and says that it only reads."""
    found = anywhere.check()

    assert found["account 'a': writing"].found.startswith("reads only")
    assert anywhere.ask("GET", "/journal") == []


@pytest.mark.parametrize(
    ("case", "words"), [("on_google", "Access and security"), ("on_meta", "compare `id`")]
)
def test_a_wrong_id_is_told_with_who_must_act(request: pytest.FixtureRequest, case: str, words: str) -> None:
    """An id that is well formed and not ours."""
    found = request.getfixturevalue(case).check(id='id = "9999999999"')

    fault = found["account 'a'"]
    assert fault.grade is Grade.FAULT and words in fault.to_do
    assert not any(": figures" in where for where in found), "nothing more is asked of it"


@pytest.mark.parametrize(
    ("case", "code", "words"),
    [
        ("on_google", "authorization_error.USER_PERMISSION_DENIED", "Access and security"),
        ("on_google", "authorization_error.CUSTOMER_NOT_ENABLED", "not active"),
        ("on_google", "authentication_error.OAUTH_TOKEN_REVOKED", "sign in anew"),
        ("on_meta", "190/463", "has run out"),
        ("on_meta", "200", "Assigned assets"),
        ("on_meta", "10", "Assigned assets"),
    ],
)
def test_a_denial_is_told_with_who_must_act(
    request: pytest.FixtureRequest, case: str, code: str, words: str
) -> None:
    """Over the wire, through the official client."""
    where: Place = request.getfixturevalue(case)
    where.ask("POST", "/faults", {**BROKEN, "code": code})

    fault = where.check()["account 'a'"]

    assert fault.grade is Grade.FAULT and words in fault.to_do, fault


@pytest.mark.parametrize(
    ("case", "code"), [("on_google", "authorization_error.ACTION_NOT_PERMITTED"), ("on_meta", "294")]
)
def test_a_read_only_user_is_found_out_before_a_change_is_approved(
    request: pytest.FixtureRequest, case: str, code: str
) -> None:
    """Everything can be read, and the right to write is what is missing."""
    where: Place = request.getfixturevalue(case)
    where.ask("POST", "/faults", {**BROKEN, "on": "mutate", "code": code})

    found = where.check(mode=REVIEW)

    assert found["account 'a': writing"].grade is Grade.FAULT
    assert (
        "access" in found["account 'a': writing"].to_do
        or "ads_management" in found["account 'a': writing"].to_do
    )
    assert found["account 'a': figures"].grade is Grade.OK


def test_a_platform_that_asks_to_wait_is_not_asked_again(anywhere: Place) -> None:
    """For longer than a person waits: the check says how long and ends."""
    anywhere.ask("POST", "/faults", {"kind": "quota", "on": "any", "seconds": 900, "times": None})

    found = anywhere.check()

    assert found["account 'a'"].grade is Grade.FAULT
    assert "wait" in found["account 'a'"].to_do


def test_a_strategy_for_bids_is_told_that_there_are_none(anywhere: Place) -> None:
    """The account has campaigns alone, under bidding that the platform does."""
    found = anywhere.check(deciders='kind = "thompson_bid"')

    idle = found["portfolio 'everything': thompson"]
    assert idle.grade is Grade.WARNING and "no entity of it has cpc_bid" in idle.found


def test_a_sandbox_that_has_ended_is_told(on_google: Place) -> None:
    """The most usual reason for silence on a developer's machine."""
    text = (on_google.folder / "config.toml").read_text(encoding="utf-8")
    gone = text.replace(f'[clock]\nfollow = "{on_google.control}"', "")
    (on_google.folder / "config.toml").write_text(
        gone.replace('endpoint = "localhost:', 'endpoint = "localhost:1'), encoding="utf-8"
    )

    fault = on_google.check()["account 'a'"]

    assert fault.grade is Grade.FAULT and "is the sandbox running" in fault.to_do


def test_a_manager_account_named_by_mistake_lists_what_is_below_it(on_google: Place) -> None:
    """Nobody has to look ids up, and both keys that must change are named."""
    fault = on_google.check(id=f'id = "{MANAGER}"')["account 'a'"]

    assert fault.grade is Grade.FAULT
    assert "123-456-7890" in fault.found and "login_customer_id" in fault.to_do


def test_a_joint_account_is_decided_on_and_its_members_are_tried_out(on_google: Place) -> None:
    """Each call is made for a member; the whole says what its portfolios find in it."""
    config = on_google.folder / "config.toml"
    text = config.read_text(encoding="utf-8")
    joint = '\n[[account]]\nname = "b"\nplatform = "simulated"\nid = "b"\n'
    joint += "[account.options]\ncampaigns = 2\nstart = 2026-11-21\n"
    joint += '[[account]]\nname = "all"\njoins = ["a", "b"]\n'
    config.write_text(text.replace('account = "a"', 'account = "all"') + joint, encoding="utf-8")

    found = on_google.check(mode=REVIEW)

    assert {one.grade for one in found.values()} == {Grade.OK}
    assert "account 'a': writing" in found and "account 'all': writing" not in found
    assert "account 'all': structure" in found and "are its own" in found["portfolio 'everything'"].found
