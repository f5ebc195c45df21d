"""gebot undo and gebot restore draw up plans that are approved and carried out like any other."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from typed_here import Person

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def person(
    tmp_path: Path, demo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Person:
    """Before the shipped account, in dry-run."""
    text = (demo / "config.toml").read_text(encoding="utf-8").replace('mode = "review"', 'mode = "dry-run"')
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("COLUMNS", "160")
    return Person(tmp_path, monkeypatch, capsys)


def carried_out(person: Person) -> list[dict[str, Any]]:
    """Today's plan, approved and applied: the rows of what was."""
    plan = json.loads(person.gebot("plan", "--save", "--json").out)[0]["plan"]
    person.gebot("review", plan, "--approve", "all")
    rows = json.loads(person.gebot("apply", plan, "--json").out)
    return [row for row in rows if row["state"] == "applied"]


def test_single_changes_are_undone_through_approval(person: Person) -> None:
    """Proposed, shown as what it is, approved, applied; and not proposed a second time."""
    first = carried_out(person)[0]
    plan, number = first["plan"], str(first["number"])

    asked = person.gebot("undo", plan, "--changes", number, "--json")
    (back,) = json.loads(asked.out)
    again = person.gebot("undo", plan, "--changes", number)
    shown = person.gebot("review", back["plan"], "--approve", "all", "--by", "ada")
    done = person.gebot("apply", back["plan"], "--json")

    assert asked.status == 0, asked.err
    assert (back["before"], back["after"]) == (first["after"], first["before"])
    assert (back["source"], back["state"]) == ("undo", "proposed")
    assert again.status == 2 and f"gebot review {back['plan']}" in again.err
    assert f"undo of plan {plan}, asked for by" in shown.out
    assert [row["state"] for row in json.loads(done.out)] == ["applied"]


def test_a_whole_plan_is_undone_at_once_by_who_may_approve(person: Person) -> None:
    """And asked for a second time, everything stands there already."""
    plan = carried_out(person)[0]["plan"]

    asked = person.gebot("undo", plan, "--approve", "--by", "ada")
    person.gebot("apply", asked.out.split()[1])
    twice = person.gebot("undo", plan)

    assert asked.status == 0, asked.err
    assert "approved" in asked.out and "gebot apply" in asked.err
    assert twice.status == 0
    assert "stand there already" in twice.err and "there is nothing to take back" in twice.err


def test_who_asks_does_not_approve_and_who_may_not_approve_does_not_ask(person: Person) -> None:
    """Nothing is left waiting; who could instead is told."""
    plan = carried_out(person)[0]["plan"]
    config = person.folder / "config.toml"
    text = config.read_text(encoding="utf-8")
    assert "approvers = []" in text
    config.write_text(text.replace("approvers = []", 'approvers = ["ada", "eva"]'), encoding="utf-8")

    stranger = person.gebot("undo", plan, "--approve", "--by", "bob")
    author = person.gebot("undo", plan, "--approve", "--by", "ADA")
    waiting = json.loads(person.gebot("review", "--json").out)

    assert stranger.status == 2 and "'bob': may not draw up a plan by hand" in stranger.err
    assert author.status == 2 and "ada draws it up and cannot approve it; eva can" in author.err
    assert waiting == []


def test_a_time_before_anything_was_known_is_refused_in_the_accounts_time(person: Person) -> None:
    """With the first moment that is known."""
    carried_out(person)
    early = datetime.now(BERLIN) - timedelta(hours=1)

    asked = person.gebot("restore", "--before", f"{early:%Y-%m-%dT%H:%M}")

    assert asked.status == 2
    assert f"was {early:%Y-%m-%d %H:%M} in Europe/Berlin" in asked.err and "known since" in asked.err


@pytest.mark.parametrize(
    ("words", "signs"),
    [
        (["undo", "nothing"], ["is no plan"]),
        (["restore", "--before", "yesterday"], ["--before", "local time"]),
        (["restore", "--before", "2999-01-01"], ["has not come yet"]),
        (["restore", "--before", "2026-01-01", "--levers", "daily_bugdet"], ["did you mean 'daily_budget'"]),
        (["restore", "--before", "2026-01-01", "--levers", ","], ["--levers", "is no lever"]),
    ],
)
def test_wrong_words_are_named(person: Person, words: list[str], signs: list[str]) -> None:
    """Nothing is proposed then."""
    person.gebot("plan")

    said = person.gebot(*words)

    assert said.status == 2
    assert all(sign in said.err for sign in signs), said.err


def test_a_change_that_is_not_there_is_said_with_those_that_are(person: Person) -> None:
    """ "Nothing was decided" would tell nobody what to type."""
    rows = carried_out(person)
    plan = rows[0]["plan"]

    asked = person.gebot("undo", plan, "--changes", "9999")

    assert asked.status == 2
    assert "nothing is taken back" in asked.err and "nothing was decided" not in asked.err
    assert "change 9999: is not in this plan; it has " in asked.err
