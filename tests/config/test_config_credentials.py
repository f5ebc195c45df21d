"""Secrets are fetched late, from where only their owner reads, and never shown."""

from pathlib import Path

import pytest
import sample_config

from agent.config.credentials import missing, resolve, resolve_all
from agent.domain.errors import Mistake, Mistakes

CANARY = "s3cr3t-canary"


def secret_file(folder: Path, content: str = CANARY, mode: int = 0o600) -> Path:
    path = folder / "secret"
    path.write_text(content)
    path.chmod(mode)
    return path


def test_a_secret_comes_from_the_environment_or_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file's last line end is the editor's, not the secret's."""
    monkeypatch.setenv("GEBOT_TEST_TOKEN", CANARY)
    path = secret_file(tmp_path, CANARY + "\n")

    assert resolve("env:GEBOT_TEST_TOKEN").get_secret_value() == CANARY
    assert resolve(f"file:{path}").get_secret_value() == CANARY


def test_a_secret_does_not_show_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither in a log line nor in a traceback that prints a variable."""
    monkeypatch.setenv("GEBOT_TEST_TOKEN", CANARY)

    secrets = resolve_all({"token": "env:GEBOT_TEST_TOKEN"})

    assert CANARY not in f"{secrets} {secrets!r} {secrets['token']} {secrets['token']!r}"
    assert secrets["token"].get_secret_value() == CANARY


def test_settings_do_not_hold_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They hold references; printing them tells nothing."""
    monkeypatch.setenv("GEBOT_TEST_TOKEN", CANARY)

    settings = sample_config.settings(tmp_path)

    assert CANARY not in repr(settings) + str(settings) + settings.model_dump_json()
    assert settings.accounts[0].credentials == {"refresh_token": "env:GEBOT_TEST_TOKEN"}


@pytest.mark.parametrize("mode", [0o604, 0o602, 0o644, 0o777])
def test_a_file_that_others_may_open_is_refused(tmp_path: Path, mode: int) -> None:
    """A secret that everybody on the machine reads is none."""
    path = secret_file(tmp_path, mode=mode)

    with pytest.raises(Mistake, match="chmod 600") as caught:
        resolve(f"file:{path}", "account 'main'.credentials.token")

    assert caught.value.where == "account 'main'.credentials.token"
    assert CANARY not in str(caught.value)


def test_what_is_not_there_is_a_mistake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each with what would be right, and all of one account at once."""
    monkeypatch.setenv("TEST_EMPTY", "")
    monkeypatch.delenv("TEST_UNSET", raising=False)
    binary = tmp_path / "binary"
    binary.write_bytes(b"\xff\xfe")
    binary.chmod(0o600)
    references = {
        "empty": "env:TEST_EMPTY",
        "unset": "env:TEST_UNSET",
        "gone": f"file:{tmp_path}/gone",
        "blank": f"file:{secret_file(tmp_path, content='')}",
        "binary": f"file:{binary}",
        "none": CANARY,
    }

    with pytest.raises(Mistakes) as caught:
        resolve_all(references, "credentials")

    assert [str(one) for one in caught.value.exceptions] == [
        "credentials.empty: the environment variable TEST_EMPTY was not set; export TEST_EMPTY=...",
        "credentials.unset: the environment variable TEST_UNSET was not set; export TEST_UNSET=...",
        f"credentials.gone: {tmp_path}/gone could not be read: No such file or directory",
        f"credentials.blank: {tmp_path}/secret was empty",
        f"credentials.binary: {binary} was no text",
        "credentials.none: was no reference; 'env:NAME' or 'file:/path' is right",
    ]


def test_write_credentials_are_looked_for_only_by_what_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A dry run works on a machine that has none."""
    monkeypatch.setenv("GEBOT_TEST_TOKEN", CANARY)
    monkeypatch.delenv("GEBOT_TEST_WRITE", raising=False)
    both = 'credentials = { refresh_token = "env:GEBOT_TEST_TOKEN" }\n'
    both += 'write_credentials = { refresh_token = "env:GEBOT_TEST_WRITE" }'
    text = sample_config.TEXT.replace('credentials = { refresh_token = "env:GEBOT_TEST_TOKEN" }', both)
    text = 'ledger_password = "env:GEBOT_TEST_WRITE"\n' + text
    settings = sample_config.settings(tmp_path, text)

    assert [one.where for one in missing(settings, write=False)] == ["config.toml: ledger_password"]
    assert [one.where for one in missing(settings, write=True)] == [
        "config.toml: ledger_password",
        "config.toml: account 'main'.write_credentials.refresh_token",
    ]


def test_a_relative_secret_file_lies_beside_the_configuration(tmp_path: Path) -> None:
    """As every other path in the file."""
    path = secret_file(tmp_path)
    text = sample_config.TEXT.replace("env:GEBOT_TEST_TOKEN", f"file:{path.name}")

    settings = sample_config.settings(tmp_path, text)

    assert missing(settings, write=False) == []
