"""The policy's digest changes with whatever shapes a decision; absent limits are named."""

from pathlib import Path

import pytest
import sample_config

from agent.config.absent import absent_limits
from agent.config.digest import policy_digest


def digest(folder: Path, text: str = sample_config.TEXT, rules: str = "") -> str:
    path = sample_config.write(folder, text)
    (folder / "care.toml").write_text(rules)
    return policy_digest(sample_config.load(path))


@pytest.mark.parametrize(
    ("right", "other"),
    [
        ("mode =", "seed = 2\nmode ="),
        ('"500.00 EUR"\ntarget', '"500.01 EUR"\ntarget'),
        ('["care", "thompson"]', '["thompson", "care"]'),
        ('kind = "thompson_budget"', 'kind = "hold"'),
        ('kind = "thompson_budget"', 'kind = "thompson_budget"\noptions = { draws = 3 }'),
        ("min_clicks = 50", "min_clicks = 51"),
        ('cooldown = "20h"', 'cooldown = "21h"'),
        ("min_clicks = 50", ""),
        ('"24h"', '"25h"'),
        ('levers = ["daily_budget"]', 'levers = ["daily_budget", "status"]'),
        ('"24h"', '"24h"\napprovers = ["anna", "ben"]'),
        ('"24h"', '"24h"\nadmins = ["anna", "ben"]\nauthor_may_approve = true'),
        ('name = "demo"', 'name = "demo"\nguardrails = { min_clicks = 9 }'),
    ],
)
def test_the_digest_changes_with_the_policy(tmp_path: Path, right: str, other: str) -> None:
    """An approval under one policy is none under another."""
    assert right in sample_config.TEXT

    assert digest(tmp_path, sample_config.TEXT.replace(right, other, 1)) != digest(tmp_path)


def test_the_digest_changes_with_the_content_of_a_rule_file(tmp_path: Path) -> None:
    """The name alone does not tell what a rule does."""
    assert digest(tmp_path, rules="# one") != digest(tmp_path, rules="# two")


def test_the_digest_stays_with_mode_ledger_state_clock_and_access(tmp_path: Path) -> None:
    """Dry-run and live draw up plans of the same fingerprint, wherever the file lies."""
    text = sample_config.TEXT
    for right, other in [
        ('"review"', '"dry-run"'),
        ("sqlite:///var/gebot.db", "postgresql://host/other"),
        ("mode =", 'state = "elsewhere"\nmode ='),
        ("GEBOT_TEST_TOKEN", "GEBOT_OTHER_TOKEN"),
        ("06:30", "07:30"),
    ]:
        text = text.replace(right, other, 1)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()

    assert digest(elsewhere, text) == digest(tmp_path)


def test_a_number_may_be_written_in_several_ways(tmp_path: Path) -> None:
    """The digest is of what is meant, not of how it is written."""
    text = (
        sample_config.TEXT.replace('"24h"', '"1d"').replace('"60%"', '"60.0%"').replace("5.00 EUR", "5 EUR")
    )

    assert digest(tmp_path, text) == digest(tmp_path)


def test_absent_limits_are_named(tmp_path: Path) -> None:
    """Whoever wonders why nothing happens finds the reason."""
    text = sample_config.TEXT.replace("min_clicks = 50", "").replace('"review"', '"auto"')

    assert absent_limits(sample_config.settings(tmp_path, text)) == [
        "guardrails.min_clicks",
        "guardrails.target_roas.max_step",
        "guardrails.target_roas.max_change_7d",
        "guardrails.target_roas.cooldown",
        "guardrails.target_roas.max_changes_per_day",
        "guardrails.status.cooldown",
        "guardrails.status.max_changes_per_day",
        "approval.auto.max_step",
        "approval.auto.max_total_increase",
    ]


def test_a_file_without_guardrails_lacks_all_of_them(tmp_path: Path) -> None:
    """No limits at all is the strictest setting, and it says so."""
    text = sample_config.TEXT.partition("[guardrails]")[0]

    absent = absent_limits(sample_config.settings(tmp_path, text))

    assert "guardrails.account_ceiling" in absent
    assert absent[-1] == "guardrails.daily_budget"


def test_limits_of_an_accounts_own_are_named_with_it(tmp_path: Path) -> None:
    """The file's own guardrails are not in force for it."""
    text = sample_config.TEXT.replace('name = "demo"', 'name = "demo"\nguardrails = { min_clicks = 9 }')

    absent = absent_limits(sample_config.settings(tmp_path, text))

    assert "account 'demo'.guardrails.account_ceiling" in absent
    assert "account 'demo'.guardrails.min_clicks" not in absent
