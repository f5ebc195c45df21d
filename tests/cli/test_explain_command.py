"""gebot explain draws a decision up again and tells everything behind it; it fails when it differs."""

import json
import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from typed_here import Person


@pytest.fixture
def person(
    tmp_path: Path, demo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Person:
    """Before the shipped account, in dry-run."""
    text = (demo / "config.toml").read_text(encoding="utf-8").replace('mode = "review"', 'mode = "dry-run"')
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("COLUMNS", "160")
    return Person(tmp_path, monkeypatch, capsys)


def proposed(person: Person) -> dict[str, Any]:
    """The first change of today's plan."""
    rows = json.loads(person.gebot("plan", "--save", "--json").out)
    found: dict[str, Any] = next(row for row in rows if row["change"])
    return found


def query(person: Person, statement: str) -> None:
    """Somebody at the ledger's file."""
    with sqlite3.connect(person.folder / "var" / "gebot.dry-run.db") as ledger:
        ledger.execute(statement)


def test_a_change_is_explained_to_the_last_guardrail(person: Person) -> None:
    """Figures, posterior, words of all who let it pass, sums, approval, and every step of its life."""
    row = proposed(person)
    person.gebot("review", row["plan"], "--approve", "all", "--by", "ada", "--comment", "go on")
    person.gebot("apply", row["plan"])

    said = person.gebot("explain", row["change"])
    (told,) = json.loads(person.gebot("explain", row["change"][:9], "--json").out)
    by_number = person.gebot("explain", f"{row['plan']}/{row['number']}")

    assert (said.status, by_number.status) == (0, 0)
    assert "it comes out the same" in said.out
    assert told["same"] and told["code"]["same"]
    assert told["decision"] | {"state": "", "state_because": ""} == row | {"state": "", "state_because": ""}
    assert {"sane", "daily_budget.max_step"} <= {word["what"] for word in told["guardrails"]}
    assert any("is allowed" in word["because"] for word in told["guardrails"])
    assert [one["what"] for one in told["sums"]] == ["max_changes_per_run", "daily_pot", "account_ceiling"]
    (approval,) = told["approvals"]
    assert approval["what"] == "ada" and "go on" in approval["because"]
    steps = [one["because"].split(":")[0] for one in told["steps"]]
    assert steps == ["proposed", "approved", "sending", "applied"]
    assert told["outcome"].startswith("measured over the 7 full days after it")
    for name, text in row["figures"].items():
        assert name in said.out and text in said.out


def test_a_plan_is_drawn_up_again_under_the_policy_of_then(person: Person) -> None:
    """Though config.toml says otherwise today."""
    row = proposed(person)
    config = person.folder / "config.toml"
    text = config.read_text(encoding="utf-8")
    config.write_text(re.sub('max_step = "20%"', 'max_step = "5%"', text, count=1), encoding="utf-8")

    said = person.gebot("explain", row["plan"])

    assert said.status == 0, said.out
    assert "it comes out the same" in said.out and row["name"] in said.out


def test_a_ledger_that_was_altered_is_found_out(person: Person) -> None:
    """A budget that is another one than the plan was decided on."""
    row = proposed(person)
    query(
        person,
        "UPDATE lever_seen SET number = number + 10000 WHERE lever = 'daily_budget' AND entity = 0",
    )

    said = person.gebot("explain", row["change"])

    assert said.status == 1
    assert "does not come out the same" in said.out
    assert "DIFFERS data as known then" in said.out


def test_a_plan_without_its_policy_says_so(person: Person) -> None:
    """What was decided is told all the same."""
    row = proposed(person)
    query(person, "DELETE FROM policy")

    said = person.gebot("explain", row["change"])

    assert said.status == 1
    assert "does not keep the policy" in said.out and row["name"] in said.out


@pytest.mark.parametrize(
    ("words", "signs"),
    [(["zzz"], ["no change and no plan begins so"]), ([""], ["no change and no plan"])],
)
def test_wrong_words_are_named(person: Person, words: list[str], signs: list[str]) -> None:
    """With where to look."""
    row = proposed(person)

    said = person.gebot("explain", *words)
    number = person.gebot("explain", f"{row['plan']}/99")

    assert said.status == number.status == 2
    assert all(sign in said.err for sign in signs), said.err
    assert "has no number '99'" in number.err
