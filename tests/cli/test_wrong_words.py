"""What is wrong is told clearly, all at once, with an exit status that is not 0 and nothing half done."""

import json
import re
from pathlib import Path

import pytest
from typed import ROOT, gebot
from typed_here import Person


def test_a_halt_that_cannot_be_told_says_how_to_halt_all_the_same(tmp_path: Path) -> None:
    """A broken config.toml is no reason to keep sending."""
    (tmp_path / "config.toml").write_text("mode = ", encoding="utf-8")

    done = gebot(tmp_path, "halt", "now")

    assert done.returncode == 2
    assert "nothing was halted" in done.stderr and "STOP" in done.stderr


@pytest.mark.parametrize("text", ["mode = ", 'state = "kept"', 'state = "kept"\nno_such_key = 1'])
def test_a_configuration_that_cannot_be_used_keeps_nobody_from_halting(tmp_path: Path, text: str) -> None:
    """The daemon runs by what it read at its start; somebody has edited the file since."""
    folder = "kept" if "kept" in text else "var"
    (tmp_path / folder).mkdir()
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")

    done = gebot(tmp_path, "halt", "odd spend", "--by", "anna")

    assert done.returncode == 0 and str(tmp_path / folder) in done.stderr.replace("\n", "")
    assert (tmp_path / folder / "STOP").read_text("utf-8") == "halted by anna: odd spend\n"


def test_one_of_two_places_is_enough_to_halt(tmp_path: Path, demo: Path) -> None:
    """A ledger that is damaged does not keep the stop file from halting, nor the other way round."""
    text = (demo / "config.toml").read_text(encoding="utf-8")
    (tmp_path / "config.toml").write_text(text.replace('state = "var"', 'state = "config.toml/x"'), "utf-8")

    without_file = gebot(tmp_path, "halt", "now")
    (tmp_path / "var" / "gebot.db").write_bytes(b"no database" * 100)
    without_both = gebot(tmp_path, "halt", "now")

    assert without_file.returncode == 0 and "halted: " in without_file.stderr
    assert without_both.returncode == 1 and "nothing was halted" in without_both.stderr


@pytest.mark.parametrize("command", [["check"], ["plan"], ["status"], ["run"]])
def test_a_state_folder_that_cannot_be_made_is_told(tmp_path: Path, demo: Path, command: list[str]) -> None:
    """With the key that names it, and no traceback."""
    text = (demo / "config.toml").read_text(encoding="utf-8")
    (tmp_path / "config.toml").write_text(text.replace('state = "var"', 'state = "config.toml/x"'), "utf-8")

    done = gebot(tmp_path, *command)

    assert done.returncode == 2
    assert "config.toml: state" in done.stdout + done.stderr and "Traceback" not in done.stderr


def test_check_names_all_faults_at_once(tmp_path: Path) -> None:
    """Five different faults in one file, one exit status, no traceback."""
    (tmp_path / "config.toml").write_text(
        """
mode = "reveiw"
ledger = "sqlite:///var/gebot.db"
colour = "red"
[[account]]
name = "a"
platform = "simulated"
id = "a"
[account.schedule]
decide_at = "25:00"
[[portfolio]]
name = "p"
account = "b"
goal = "conversions"
deciders = ["nobody"]
[guardrails]
min_clicks = 0
""",
        encoding="utf-8",
    )

    done = gebot(tmp_path, "check", "--json")

    rows = json.loads(done.stdout)
    faults = " ".join(row["where"] for row in rows if row["verdict"] == "fault")
    assert done.returncode == 2
    for key in ("mode", "colour", "decide_at", "account", "deciders", "min_clicks"):
        assert key in faults
    assert "Traceback" not in done.stderr


def test_check_tells_of_a_missing_credential_and_an_unreachable_platform(tmp_path: Path) -> None:
    """Each clear, both at once, exit status 2, within seconds."""
    text = (ROOT / "config.toml").read_text(encoding="utf-8")
    text = re.sub(r"^speed = \d+", "speed = 1", text, flags=re.M).replace(
        "rules/library", f"{ROOT}/rules/library"
    )
    head, tail = text.split("[account.options]", 1)
    options = '[account.options]\nendpoint = "localhost:1"\n'
    rest = tail[tail.index("[account.schedule]") :]
    body = (
        head.replace('"simulated"', '"google_ads"').replace('id = "demo"', 'id = "1234567890"')
        + options
        + rest
    )
    (tmp_path / "config.toml").write_text(body, encoding="utf-8")
    second = '\n[[account]]\nname = "real"\nplatform = "google_ads"\nid = "1234567891"\n'
    second += '[account.credentials]\nrefresh_token = "env:GEBOT_TEST_NOT_SET"\n'
    with (tmp_path / "config.toml").open("a", encoding="utf-8") as file:
        file.write(second)

    done = gebot(tmp_path, "check")

    assert done.returncode == 2, done.stderr
    assert done.stdout.count("GEBOT_TEST_NOT_SET was not set") == 1, "and each once"
    assert "localhost:1" in done.stdout or "no answer" in done.stdout or "UNAVAILABLE" in done.stdout
    assert "Traceback" not in done.stderr


def test_check_tells_of_an_account_that_can_only_be_read(tmp_path: Path) -> None:
    """In mode review nobody is left to wait for a change that nothing can carry out."""
    export = ROOT / "docs" / "examples" / "campaigns.csv"
    known = ["--name", "shop", "--account-id", "shop", "--currency", "EUR", "--daily-pot", "540", "--yes"]
    gebot(tmp_path, "init", "--platform", "csv", "--file", str(export), *known)
    text = (tmp_path / "config.toml").read_text(encoding="utf-8")

    dry_run = gebot(tmp_path, "check")
    (tmp_path / "config.toml").write_text(text.replace('mode = "dry-run"', 'mode = "review"'), "utf-8")
    review = gebot(tmp_path, "check")

    assert "can only be read" not in dry_run.stdout and "can only be read" in review.stdout
    assert review.returncode == 0


def test_run_refuses_a_broken_configuration_at_once(tmp_path: Path) -> None:
    """The daemon does not start on half a configuration, and leaves nothing behind."""
    (tmp_path / "config.toml").write_text('mode = "auto"\n', encoding="utf-8")

    done = gebot(tmp_path, "run")

    assert done.returncode == 2
    assert "config.toml" in done.stderr
    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize(
    ("command", "option", "wrong"),
    [
        (["statement"], "--day", "2026-02-30"),
        (["export", "--what", "metrics"], "--since", "yesterday"),
        (["export", "--what", "metrics"], "--until", "21.11.2026"),
        (["audit", "export"], "--since", "2026-11"),
    ],
)
def test_a_day_that_is_none_is_told_with_what_would_be_right(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: list[str],
    option: str,
    wrong: str,
) -> None:
    """In one line of our own, with the option and what was found."""
    done = Person(tmp_path, monkeypatch, capsys).gebot(*command, option, wrong)

    assert done.status == 2
    (line,) = done.err.splitlines()
    assert line.startswith(f"gebot: {option}: was {wrong!r}; ") and "is right" in line
