"""A file that is no config.toml at all, and what is said of many faults at once and of secrets."""

from pathlib import Path

import pytest
import sample_config
from sample_config import mistakes

from agent.config.load import load
from agent.domain.errors import Mistakes


@pytest.mark.parametrize(
    ("text", "where", "expected"),
    [
        ('mode = "review"\nledger = \n', "config.toml: line 2, column 10", "invalid value"),
        ("mode = 1\nmode = 2\n", "config.toml: line 2, column 9", "cannot overwrite a value"),
        ("mode = '''", "config.toml: end of the file", "expected \"'''\""),
        ("seed = " + "9" * 5000, "config.toml", "exceeds the limit"),
    ],
)
def test_bad_toml_is_named_with_its_line(tmp_path: Path, text: str, where: str, expected: str) -> None:
    """Syntax is the first thing to go wrong."""
    (mistake,) = mistakes(tmp_path, text)

    assert (mistake.where, mistake.found) == (where, "was no TOML")
    assert mistake.expected.startswith(expected)


def test_a_file_that_cannot_be_read_is_a_mistake(tmp_path: Path) -> None:
    """No file, a folder, bytes that are no text, nesting without end."""
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b"mode = 1\n\xff\xfe")
    deep = tmp_path / "deep.toml"
    deep.write_text("a = " + "[" * 100_000)

    found = []
    for path in (tmp_path / "none.toml", tmp_path, binary, deep):
        with pytest.raises(Mistakes) as caught:
            load(path)
        found += [str(one) for one in caught.value.exceptions]

    assert found == [
        f"{tmp_path}/none.toml: was not found; `gebot init` writes one",
        f"{tmp_path}: could not be read: Is a directory",
        "binary.toml: line 2: was not UTF-8; save the file as UTF-8",
        "deep.toml: was nested too deeply",
    ]


def test_all_faults_are_reported_at_once(tmp_path: Path) -> None:
    """Nobody mends a file one message at a time: ten faults of all kinds give ten sentences."""
    text = sample_config.TEXT
    for right, wrong in [
        ('"review"', '"live"'),
        ("mode =", "sede = 1\nmode ="),
        ('"1234567890"', "1234567890"),
        ("06:30", "6 am"),
        ('account = "main"', 'account = "mian"'),
        ('["care", "thompson"]', '["care", "tompson"]'),
        ('"care.toml"', '"cares.toml"'),
        ("min_clicks = 50", "min_clicks = 0"),
        ('"5.00 EUR"', '"5 EURO"'),
        ('"60%"', '"160%"'),
    ]:
        text = text.replace(right, wrong, 1)

    found = mistakes(tmp_path, text)

    assert len(found) == 10
    assert len({one.where for one in found}) == 10


def test_a_secret_in_the_file_is_refused_and_never_repeated(tmp_path: Path) -> None:
    """Whoever pasted a token learns so without it standing in a log."""
    canary = "s3cr3t-canary"
    for right, wrong in [
        ('"env:GEBOT_TEST_TOKEN"', f'"{canary}"'),
        ('"env:GEBOT_TEST_TOKEN"', f'["{canary}"]'),
        ('"env:GEBOT_TEST_TOKEN"', f'"env:{canary}"'),
        ('credentials = { refresh_token = "env:GEBOT_TEST_TOKEN" }', f'credentials = "{canary}"'),
        ('credentials = { refresh_token = "env:GEBOT_TEST_TOKEN" }', f'write_credentials = ["{canary}"]'),
        ('credentials = { refresh_token = "env:GEBOT_TEST_TOKEN" }', f'token = "{canary}"'),
        ("mode =", f'ledger_password = "{canary}"\nmode ='),
        ("sqlite:///var/gebot.db", f"postgresql://u:{canary}@host/db"),
        ("sqlite:///var/gebot.db", f"postgresql://host/db?password={canary}"),
    ]:
        text = sample_config.TEXT.replace(right, wrong, 1)

        found = mistakes(tmp_path, text)

        assert len(found) == 1
        assert canary not in str(found) + str(found[0])
