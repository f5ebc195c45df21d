"""A sound file becomes typed, frozen settings with absolute paths."""

from datetime import time, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
import sample_config
from pydantic import ValidationError

from agent.config.load import load
from agent.config.settings import Mode
from agent.domain.lever import Lever, Ratio, Status
from agent.domain.money import Money
from agent.domain.ref import AccountId


def test_a_sound_file_becomes_typed_settings(tmp_path: Path) -> None:
    """Every text arrives as the noun that it stands for."""
    settings = sample_config.settings(tmp_path)

    assert settings.mode is Mode.REVIEW
    assert [account.account_id for account in settings.accounts] == [
        AccountId("google_ads", "1234567890"),
        AccountId("simulated", "demo"),
    ]
    assert settings.accounts[1].schedule.decide_at == time(6, 30)
    assert settings.accounts[1].schedule.observe_every == timedelta(hours=1)
    assert settings.portfolios[0].daily_pot == Money.of(500, "EUR")
    assert settings.portfolios[0].target_roas == Ratio.of(4)
    assert settings.portfolios[0].deciders == ("care", "thompson")
    assert settings.strategies[0].kind == "thompson_budget"
    assert settings.guardrails.min_maturity == Fraction(3, 5)
    assert settings.guardrails.daily_budget is not None
    assert settings.guardrails.daily_budget.cooldown == timedelta(hours=20)
    assert settings.guardrails.status is not None
    assert settings.guardrails.status.allowed == (Status.PAUSED,)
    assert settings.approval.auto is not None
    assert settings.approval.auto.levers == (Lever.DAILY_BUDGET,)


def test_relative_paths_start_at_the_files_folder(tmp_path: Path) -> None:
    """It does not matter where the command is run."""
    settings = sample_config.settings(tmp_path)

    assert settings.home == tmp_path
    assert settings.ledger == f"sqlite:///{tmp_path}/var/gebot.db"
    assert settings.state == tmp_path / "var"
    assert settings.rule_files[0].file == tmp_path / "care.toml"


def test_absolute_paths_and_postgresql_stay_as_they_are(tmp_path: Path) -> None:
    """A person who wrote a whole address meant it."""
    text = sample_config.TEXT.replace(
        'ledger = "sqlite:///var/gebot.db"', 'ledger = "sqlite:////srv/gebot.db"'
    )

    assert sample_config.settings(tmp_path, text).ledger == "sqlite:////srv/gebot.db"

    text = text.replace("sqlite:////srv/gebot.db", "postgresql://gebot@db.example/gebot")

    assert sample_config.settings(tmp_path, text).ledger == "postgresql://gebot@db.example/gebot"


def test_an_accounts_own_guardrails_stand_instead_of_the_files(tmp_path: Path) -> None:
    """Nothing is mixed: what the account's own leave out is absent, and absent denies."""
    own = '[account.guardrails]\nmin_clicks = 7\n\n[[account]]\nname = "demo"'
    settings = sample_config.settings(tmp_path, sample_config.TEXT.replace('[[account]]\nname = "demo"', own))
    main, demo = settings.accounts

    assert settings.guardrails_of(main).min_clicks == 7
    assert settings.guardrails_of(main).of(Lever.DAILY_BUDGET) is None
    assert settings.guardrails_of(demo) is settings.guardrails
    assert settings.guardrails_of(demo).of(Lever.DAILY_BUDGET) is settings.guardrails.daily_budget


def test_settings_are_frozen(tmp_path: Path) -> None:
    """Nothing changes a limit while gebot runs."""
    settings = sample_config.settings(tmp_path)

    with pytest.raises(ValidationError):
        settings.mode = Mode.AUTO  # type: ignore[misc]  # the point of the test


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    """Editors on Windows write both."""
    path = sample_config.write(tmp_path)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))

    assert load(path).mode is Mode.REVIEW


def test_a_toml_time_is_a_time_of_day(tmp_path: Path) -> None:
    """TOML has times of its own; they are as good as text."""
    settings = sample_config.settings(tmp_path, sample_config.TEXT.replace('"06:30"', "06:30:00"))

    assert settings.accounts[1].schedule.decide_at == time(6, 30)
