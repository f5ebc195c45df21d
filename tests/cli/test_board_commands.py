"""Commands where config.toml names people: what --by may do, and what review and status say of the rest."""

import json
from pathlib import Path
from typing import Any

import pytest
from typed_here import Person

BOARD = """
approvers = ["anna", "ben", "chief"]
admins = ["eva"]
operators = ["otto"]
viewers = ["guest"]
anyone_may_stop = false

[[approval.tier]]
name = "budgets"
levers = ["daily_budget"]
approvals = 2
by = ["anna", "ben"]
escalate_after = "4h"
escalate_to = ["chief"]
"""


@pytest.fixture
def person(
    tmp_path: Path, demo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Person:
    """Before the shipped account with a board, in dry-run."""
    text = (demo / "config.toml").read_text(encoding="utf-8").replace('mode = "review"', 'mode = "dry-run"')
    head, _, rest = text.partition("approvers = []")
    (tmp_path / "config.toml").write_text(head + BOARD + rest.partition("\n")[2], encoding="utf-8")
    monkeypatch.setenv("COLUMNS", "160")
    return Person(tmp_path, monkeypatch, capsys)


def drawn_up(person: Person) -> dict[str, Any]:
    person.gebot("plan", "--save")
    (plan,) = json.loads(person.gebot("review", "--json").out)
    return dict(plan)


def test_a_plan_says_whom_it_waits_for_until_enough_have_approved(person: Person) -> None:
    """Review and status name them; the second word makes it whole."""
    plan = drawn_up(person)
    first = person.gebot("review", plan["plan"], "--approve", "all", "--by", "Anna")
    status = json.loads(person.gebot("status", "--json").out)[0]
    again = person.gebot("review", plan["plan"], "--approve", "all", "--by", "anna")
    (waiting,) = json.loads(person.gebot("review", "--json").out)
    second = person.gebot("review", plan["plan"], "--approve", "all", "--by", "ben", "--json")

    assert plan["waits_for"] == ["anna", "ben"]
    words = "in 'budgets': waits for a second approval by ben; anna said yes; goes to chief at"
    assert first.status == 0 and words in first.err
    assert any(line.startswith(f"plan {plan['plan']}: ") and words in line for line in status["notices"])
    assert again.status == 2 and "anna has approved it already; ben can" in again.err
    assert (waiting["proposed"], waiting["approved"], waiting["waits_for"]) == (plan["changes"], 0, ["ben"])
    states = {row["state"] for row in json.loads(second.out) if row["change"]}
    assert states == {"approved"}


REFUSED = [
    (("review", "PLAN", "--approve", "all", "--by", "guest"), "'guest': may not approve or reject"),
    (("review", "PLAN", "--reject", "all", "--by", "otto"), "anna, ben, chief or eva may"),
    (("review", "PLAN", "--approve", "all", "--by", "chief"), "chief is not asked in its tier 'budgets'"),
    (("apply", "PLAN", "--by", "guest"), "'guest': may not approve or reject"),
    (("undo", "PLAN", "--by", "otto"), "'otto': may not draw up a plan by hand"),
    (("restore", "--before", "2026-01-01", "--by", "nobody"), "not on the board"),
    (
        ("exclude", "demo", "--from", "2026-11-10T08:00", "--until", "2026-11-10T09:00", "--by", "guest"),
        "may not draw up",
    ),
    (("halt", "so I say", "--by", "guest"), "anna, ben, chief, eva or otto may"),
    (("resume", "--by", "anna"), "eva may"),
]


def test_what_a_role_may_not_do_is_refused_and_nothing_is_done(person: Person) -> None:
    """With who may instead, and exit status 2."""
    plan = drawn_up(person)["plan"]

    for arguments, sign in REFUSED:
        said = person.gebot(*(plan if one == "PLAN" else one for one in arguments))

        assert said.status == 2 and sign in said.err, (arguments, said)
    (still,) = json.loads(person.gebot("review", "--json").out)
    assert still["proposed"] == still["changes"]
    assert person.gebot("halt", "so I say", "--by", "Otto").status == 0
    assert person.gebot("resume", "--by", "eva").status == 0
