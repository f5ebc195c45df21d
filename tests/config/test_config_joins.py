"""Accounts that are joined, and a clock that follows a sandbox: what config.toml may say of them."""

from pathlib import Path

import pytest
import sample_config

from agent.config.load import load
from agent.domain.errors import Mistakes
from agent.domain.ref import AccountId

ONE = """
[[account]]
name = "one"
platform = "simulated"
id = "one"
"""
TWO = ONE.replace("one", "two")
BOTH = """
[[account]]
name = "both"
joins = ["one", "two"]
"""


def text(*tables: str, account: str = "both", top: str = "") -> str:
    portfolio = f"""
[[portfolio]]
name = "everything"
account = "{account}"
goal = "conversion_value"
deciders = ["split"]

[[strategy]]
name = "split"
kind = "equal_split"
"""
    return f'mode = "review"\nledger = "sqlite:///x.db"\n{top}' + "".join(tables) + portfolio


def faults(tmp_path: Path, written: str) -> list[str]:
    with pytest.raises(Mistakes) as found:
        load(sample_config.write(tmp_path, written))
    return [str(one) for one in found.value.each()]


def test_a_joint_account_is_decided_on_in_place_of_its_members(tmp_path: Path) -> None:
    """Members are accounts without plans of their own."""
    settings = load(sample_config.write(tmp_path, text(ONE, TWO, BOTH)))

    (both,) = settings.decided
    assert both.account_id == AccountId("joint", "both")
    assert [member.name for member in settings.members_of(both)] == ["one", "two"]


@pytest.mark.parametrize(
    ("tables", "account", "fault"),
    [
        (
            [ONE, TWO, BOTH],
            "one",
            "portfolio 'everything'.account: was 'one'; 'both', which joins it, is right",
        ),
        ([ONE, BOTH], "both", "account 'both'.joins: was 'two', no account of a platform; known here: one"),
        ([ONE, TWO, BOTH.replace('"two"', '"both"')], "both", "joins: was 'both', no account of a platform"),
        ([ONE, TWO, BOTH.replace(', "two"', "")], "both", "at least two accounts are right"),
        ([ONE, TWO, BOTH + 'platform = "csv"\n'], "both", "platform: stands beside joins"),
        ([ONE, TWO, BOTH, BOTH.replace("both", "all")], "both", "'one' is joined by account 'both' too"),
        (
            [ONE, TWO, BOTH.replace('"two"', '"two", "two"')],
            "both",
            "joins: named 'two' 2 times; once is right",
        ),
        ([ONE.replace('id = "one"', "")], "one", "account 'one'.id: was missing; this key is needed"),
    ],
)
def test_what_cannot_be_joined_is_told(tmp_path: Path, tables: list[str], account: str, fault: str) -> None:
    """Where, what was found and what would be right."""
    told = faults(tmp_path, text(*tables, account=account))

    assert any(fault in one for one in told), told


@pytest.mark.parametrize(
    ("platform", "one", "two"),
    [("meta_ads", "act_123", "123"), ("google_ads", "123-456-7890", "1234567890")],
)
def test_one_account_in_two_forms_is_one_account(tmp_path: Path, platform: str, one: str, two: str) -> None:
    """Two tables of it would be decided on side by side, each with the whole budget."""
    first = ONE.replace('id = "one"', f'id = "{one}"').replace("simulated", platform)
    second = TWO.replace('id = "two"', f'id = "{two}"').replace("simulated", platform)

    told = faults(tmp_path, text(first, second, account="one"))

    assert any("account 'two'.id: is the same as of account 'one'" in fault for fault in told), told


def test_a_clock_may_follow_a_sandbox_while_no_account_is_real(tmp_path: Path) -> None:
    """Somebody else's time would spoil every day of a real account."""
    follow = '[clock]\nfollow = "http://127.0.0.1:9000/"\n'
    google = ONE.replace("simulated", "google_ads")
    sandbox = google + '[account.options]\nendpoint = "localhost:1"\n'

    settings = load(sample_config.write(tmp_path, text(ONE, account="one") + follow))
    assert settings.clock.follow == "http://127.0.0.1:9000"
    load(sample_config.write(tmp_path, text(sandbox, account="one") + follow))
    told = faults(tmp_path, text(google, account="one") + follow)
    assert any("clock.follow" in one and "account 'one' is neither simulated" in one for one in told), told


@pytest.mark.parametrize(
    "address", ["http://example.com:80", "https://127.0.0.1:1", "127.0.0.1:1", "file:///x"]
)
def test_only_an_address_of_this_machine_is_followed(tmp_path: Path, address: str) -> None:
    """A clock from elsewhere could stop or hurry the agent."""
    told = faults(tmp_path, text(ONE, account="one") + f'[clock]\nfollow = "{address}"\n')

    assert any("clock.follow" in one for one in told), told
