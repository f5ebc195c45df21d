"""gebot audit and gebot statement, as a person types them."""

import json
import shutil
import sqlite3
import stat
from pathlib import Path

import pytest
from typed import gebot


@pytest.fixture(scope="module")
def prepared(demo: Path) -> Path:
    """A folder in which a plan was put forward, and its first change approved."""
    gebot(demo, "plan", "--save")
    (plan, *_) = json.loads(gebot(demo, "review", "--json").stdout)
    gebot(demo, "review", plan["plan"], "--approve", "1", "--by", "ada", "--comment", "looks right")
    return demo


@pytest.fixture
def decided(prepared: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(prepared, tmp_path / "decided"))


def ledger_of(folder: Path) -> Path:
    (path,) = (folder / "var").glob("*.db")
    return path


def first_change(folder: Path) -> str:
    (plan, *_) = json.loads(gebot(folder, "review", "--json", "--all").stdout)
    rows = json.loads(gebot(folder, "review", plan["plan"], "--json").stdout)
    return next(str(row["change"]) for row in rows if row["change"] and row["number"] == 1)


def test_a_record_that_is_whole_is_said_to_be(decided: Path) -> None:
    """With how much there is, and where its end is anchored."""
    done = gebot(decided, "audit", "verify")

    assert done.returncode == 0
    assert "the audit chain is whole" in done.stderr and "audit.anchor" in done.stderr
    assert stat.S_IMODE((decided / "var" / "audit.key").stat().st_mode) == 0o600
    assert stat.S_IMODE((decided / "var" / "audit.anchor").stat().st_mode) == 0o600


def test_what_was_altered_is_named_and_the_exit_status_says_so(decided: Path) -> None:
    """A reviewer's check in a script."""
    with sqlite3.connect(ledger_of(decided)) as connection:
        connection.execute("UPDATE approval SET decided_by = 'bob'")

    done = gebot(decided, "audit", "verify")

    assert done.returncode == 1
    assert "bob" in done.stderr and "table approval" in done.stderr


def test_a_key_that_is_gone_is_said_with_what_to_do(decided: Path) -> None:
    """Nothing is sealed with another one over it."""
    (decided / "var" / "audit.key").unlink()

    done = gebot(decided, "review")

    assert done.returncode == 2
    assert "audit.key is not there" in done.stderr and "put it back" in done.stderr
    assert not (decided / "var" / "audit.key").exists()


def test_the_story_of_a_change_is_told_whole(decided: Path) -> None:
    """Proposal and why, who approved it when with what words, each step, and the entries that say so."""
    change = first_change(decided)

    (told,) = json.loads(gebot(decided, "audit", "show", change, "--json").stdout)
    lines = gebot(decided, "audit", "show", change[:8]).stdout

    assert told["change"] == change and told["because"] and told["proposed_by"]
    (word,) = told["approvals"]
    assert (word["by"], word["comment"], word["said"], word["sealed"]) == (
        "ada",
        "looks right",
        "approved",
        True,
    )
    assert [step["state"] for step in told["steps"]] == ["proposed", "approved"]
    assert len(told["entries"]) == 2 and told["doubt"] == "" and told["history"] is None
    assert "approved by ada" in lines and "sealed: looks right" in lines and told["because"] in lines


def test_a_change_is_named_by_plan_and_number_as_elsewhere(decided: Path) -> None:
    """As `gebot explain` takes it; what changes nothing has no story, and an unknown number is said to be."""
    change = first_change(decided)
    (plan, *_) = json.loads(gebot(decided, "review", "--json", "--all").stdout)
    rows = json.loads(gebot(decided, "review", plan["plan"], "--json").stdout)
    held = next((row["number"] for row in rows if row["change"] is None), None)

    (told,) = json.loads(gebot(decided, "audit", "show", f"{plan['plan']}/1", "--json").stdout)
    unknown = gebot(decided, "audit", "show", f"{plan['plan']}/9999")

    assert told["change"] == change
    assert unknown.returncode == 2 and f"1 to {len(rows)} is right" in unknown.stderr
    if held is not None:
        done = gebot(decided, "audit", "show", f"{plan['plan']}/{held}")
        assert done.returncode == 2 and "was held back" in done.stderr


def test_the_chain_is_exported_line_by_line(decided: Path) -> None:
    """Every entry, with the seal that ties it to the one before."""
    lines = gebot(decided, "audit", "export").stdout.splitlines()
    out = decided / "audit.jsonl"
    gebot(decided, "audit", "export", "--out", str(out), "--since", "2020-01-01")

    entries = [json.loads(line) for line in lines]
    assert [entry["number"] for entry in entries] == list(range(1, len(entries) + 1))
    assert entries[0]["what"] == "begin"
    assert {"plan", "approval"} <= {entry["what"] for entry in entries}
    assert all(
        entry["content"] and len(entry["seal"]) == 64 and len(entry["body"]) == 64 for entry in entries
    )
    assert out.read_text(encoding="utf-8").splitlines() == lines
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_a_statement_by_hand_says_that_yesterday_agrees(decided: Path) -> None:
    """Nothing was sent yesterday, and nothing is in the history."""
    done = gebot(decided, "statement")

    assert done.returncode == 0
    assert "0 approved, 0 applied, 0 in the platform's history: they agree" in done.stderr


def test_a_halt_without_the_key_is_a_note_and_the_record_is_whole(decided: Path) -> None:
    """Whoever stopped gebot in need has damaged nothing; the key was put back since."""
    key = decided / "var" / "audit.key"
    kept = key.read_text(encoding="utf-8")
    key.unlink()
    gebot(decided, "halt", "the key is gone", "--by", "ada")
    key.write_text(kept, encoding="utf-8")
    key.chmod(0o600)

    done = gebot(decided, "audit", "verify")

    assert done.returncode == 0
    assert "note: a halt of everything that was said without the key, by ada" in done.stderr
    assert json.loads(gebot(decided, "audit", "verify", "--json").stdout)[0].keys() == {"note"}
