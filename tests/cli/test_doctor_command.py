"""gebot doctor says whether the installation is well, and puts each guardrail to the proof."""

import json
import shutil
from pathlib import Path

import pytest
from typed import gebot

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path: Path, demo: Path) -> Path:
    """The shipped configuration in a folder of its own."""
    shutil.copy(demo / "config.toml", tmp_path)
    return tmp_path


def test_each_guardrail_is_put_to_the_proof(folder: Path) -> None:
    """As records: nothing passes, and what is set stops its breach."""
    said = gebot(folder, "doctor", "--prove", "--json")

    assert said.returncode == 0, said.stderr
    rows = json.loads(said.stdout)
    assert {row["account"] for row in rows} == {"demo"}
    assert {row["outcome"] for row in rows} == {"stopped", "nothing to stop"}
    assert all(row["holds"] and row["because"] for row in rows)


def test_what_is_not_set_is_named_with_what_that_denies(folder: Path) -> None:
    """Beside the table, for people."""
    path = folder / "config.toml"
    path.write_text(
        path.read_text(encoding="utf-8")
        .replace("max_changes_per_hour = 100", "")
        .replace('quarantine = "24h"', ""),
        encoding="utf-8",
    )

    said = gebot(folder, "doctor", "--prove")

    assert said.returncode == 0
    assert "guardrails.max_changes_per_hour is not set: denies what needs it" in said.stderr
    assert "guardrails.quarantine is not set: it rests for good" in said.stderr
    assert "daily_budget.max_step" in said.stdout


def test_an_account_that_is_not_there_is_a_mistake(folder: Path) -> None:
    """With those that are."""
    said = gebot(folder, "doctor", "--prove", "--account", "nobody")

    assert said.returncode == 2
    assert "known here: demo" in said.stderr


def test_the_installation_is_examined_before_and_after_its_first_run(folder: Path) -> None:
    """A folder that others may write in is a fault; a stop is a warning."""
    before = gebot(folder, "doctor", "--json")
    gebot(folder, "plan", "--save")
    (folder / "var").chmod(0o777)
    gebot(folder, "halt", "to see it")

    after = gebot(folder, "doctor", "--json")

    assert before.returncode == 0, before.stderr
    assert after.returncode == 1
    rows = {row["where"].split()[0]: row for row in json.loads(after.stdout)}
    assert rows["state"]["verdict"] == "fault" and "chmod 700" in rows["state"]["to_do"]
    assert rows["ledger"]["verdict"] == "ok"
    assert rows["stop"]["verdict"] == "warning"
    assert rows["dependencies"]["verdict"] == "ok"


def test_the_proof_can_be_read_on_a_narrow_terminal(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At 80 columns no word is cut off."""
    monkeypatch.setenv("COLUMNS", "80")

    said = gebot(folder, "doctor", "--prove")

    assert "…" not in said.stdout
    assert max(len(line) for line in said.stdout.splitlines()) <= 80
