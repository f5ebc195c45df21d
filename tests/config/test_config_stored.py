"""What the ledger keeps of a policy is enough to decide by it again, and holds no secret."""

import re
from pathlib import Path

import pytest
import sample_config

from agent.config.digest import SHAPES_DECISIONS, digest_of, policy_body
from agent.config.settings import Settings
from agent.config.stored import StoredPolicy
from agent.domain.errors import Mistake

ROOT = Path(__file__).parents[2]
CANARY = "canary-7f3a91"


def shipped() -> Settings:
    """The configuration that ships, with everything that a policy may hold."""
    return sample_config.load(ROOT / "config.toml")


def rich(folder: Path) -> Settings:
    """One with a month's budget, limits of an account's own, options and an automatic approval."""
    text = sample_config.TEXT.replace(
        'kind = "thompson_budget"', 'kind = "thompson_budget"\noptions = { target_caution = 1.25 }'
    )
    text = text.replace('name = "demo"', 'name = "demo"\nguardrails = { min_clicks = 9 }')
    text = text.replace('goal = "conversion_value"', 'goal = "conversion_value"\nmonth.budget = "900.00 EUR"')
    (folder / "care.toml").write_text("# the rules\r\n# of März\n", encoding="utf-8")
    (folder / "config.toml").write_text(text, encoding="utf-8")
    return sample_config.load(folder / "config.toml")


def again(settings: Settings, today: Settings, folder: Path) -> Settings:
    """What was kept of the settings, read back beside today's."""
    body = policy_body(settings)
    return StoredPolicy.read(digest_of(body), body).settings(today, folder)


def test_a_stored_policy_is_the_policy(tmp_path: Path) -> None:
    """To the digest: portfolios, strategies, rule files, guardrails, approval, seed and history."""
    (tmp_path / "rules").mkdir()
    for number, settings in enumerate((shipped(), rich(tmp_path))):
        folder = tmp_path / "rules" / str(number)
        folder.mkdir()

        found = again(settings, settings, folder)

        for name in SHAPES_DECISIONS:
            assert getattr(found, name) == getattr(settings, name)
        assert found.accounts == settings.accounts
        assert policy_body(found) == policy_body(settings)


def test_what_has_changed_since_is_as_it_was(tmp_path: Path) -> None:
    """Limits, rules and the reach of history come from the ledger and not from today's file."""
    (tmp_path / "then").mkdir()
    (tmp_path / "now").mkdir()
    then = rich(tmp_path / "then")
    text = sample_config.TEXT.replace('max_step = "20%"', 'max_step = "90%"')
    text = text.replace('decide_at = "06:30"', 'decide_at = "06:30"\nhistory_days = 40')
    now = sample_config.load(sample_config.write(tmp_path / "now", text))
    (tmp_path / "now" / "care.toml").write_text("# others", encoding="utf-8")
    body = policy_body(then)

    found = again(then, now, tmp_path)

    assert found.guardrails == then.guardrails
    assert [account.schedule.history_days for account in found.accounts] == [90, 90]
    assert found.rule_files[0].file.read_bytes() == "# the rules\r\n# of März\n".encode()
    assert found.rule_files[0].file.name == "care.toml"
    assert policy_body(found) == body


def test_how_far_back_an_account_looks_is_in_the_policy(tmp_path: Path) -> None:
    """Another history leads to other decisions."""
    text = sample_config.TEXT.replace('decide_at = "06:30"', "history_days = 40")

    assert policy_body(sample_config.settings(tmp_path, text)) != policy_body(
        sample_config.settings(tmp_path)
    )


def test_no_secret_and_no_reference_to_one_is_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever reads the ledger learns rules and limits, and no way into an account."""
    monkeypatch.setenv("GEBOT_CANARY", CANARY)
    (tmp_path / "key").write_text(CANARY)
    text = sample_config.TEXT.replace("env:GEBOT_TEST_TOKEN", "env:GEBOT_CANARY")
    text = text.replace('id = "demo"', f'id = "demo"\nwrite_credentials = {{ key = "file:{tmp_path}/key" }}')
    text = re.sub(r"ledger = .*", 'ledger = "postgresql://h/d"\nledger_password = "env:GEBOT_CANARY"', text)

    body = policy_body(sample_config.settings(tmp_path, text)).decode()

    assert not [word for word in (CANARY, "GEBOT_CANARY", "env:", "file:", str(tmp_path)) if word in body]


def test_a_policy_that_was_altered_is_refused(tmp_path: Path) -> None:
    """The digest in the plan is that of what is kept, or nothing is made of it."""
    body = policy_body(rich(tmp_path))
    softer = body.replace(b'"min_clicks":50', b'"min_clicks":1')
    assert softer != body

    with pytest.raises(Mistake, match="another policy"):
        StoredPolicy.read(digest_of(body), softer)


def test_a_policy_of_another_version_is_refused_in_words(tmp_path: Path) -> None:
    """Not read by halves."""
    body = policy_body(rich(tmp_path)).replace(b'"min_clicks":50', b'"least_clicks":50')

    with pytest.raises(Mistake, match="cannot be read by this version"):
        StoredPolicy.read(digest_of(body), body).settings(shipped(), tmp_path)
