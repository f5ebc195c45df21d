"""Commands as people type them: in their own process, with the exit status that scripts rely on."""

import json
import re
import subprocess
import sys
from pathlib import Path

from typed import gebot


def test_help_names_every_command_and_loads_nothing_heavy() -> None:
    """--help is for people in a hurry."""
    code = (
        "import sys; sys.argv = ['gebot', '--help']; from agent.cli.main import main; main();"
        "heavy = {'polars', 'google', 'sqlalchemy', 'numpy', 'typer', 'pydantic', 'rich'} & set(sys.modules);"
        "sys.exit(f'loaded {heavy}' if heavy else 0)"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    for command in ("run", "status", "plan", "review", "apply", "halt", "check", "init", "rules", "backtest"):
        assert re.search(rf"^  {command}\s", done.stdout, re.M)


def test_an_unknown_command_suggests_the_nearest_one(tmp_path: Path) -> None:
    """A typo is answered, not traced."""
    done = gebot(tmp_path, "reveiw")

    assert done.returncode == 2
    assert "did you mean 'review'" in done.stderr


def test_plan_prints_records_and_nothing_else(demo: Path) -> None:
    """What --json prints is JSON from the first to the last byte."""
    done = gebot(demo, "plan", "--json")

    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)
    assert rows and {"entity", "lever", "before", "after", "because", "guardrails"} <= rows[0].keys()


def test_a_saved_plan_is_reviewed_and_applied_by_hand(demo: Path) -> None:
    """plan --save, review, approve, apply; then status tells that no agent runs."""
    assert gebot(demo, "plan", "--save").returncode == 0
    plan = json.loads(gebot(demo, "review", "--json").stdout)[0]["plan"]
    rows = [row for row in json.loads(gebot(demo, "review", plan, "--json").stdout) if row["change"]]
    cut = next(row for row in rows if row["after_number"] < row["before_number"])

    approved = gebot(demo, "review", plan, "--approve", str(cut["number"]), "--by", "ben")
    applied = gebot(demo, "apply", plan, "--json")

    assert approved.returncode == 0, approved.stderr
    assert applied.returncode == 0, applied.stderr
    states = {row["number"]: row["state"] for row in json.loads(applied.stdout)}
    assert states[cut["number"]] == "applied"
    status = gebot(demo, "status", "--json")
    assert status.returncode == 1
    assert "does not run" in json.loads(status.stdout)[0]["problems"][0]


def test_review_refuses_what_is_not_in_the_plan(demo: Path) -> None:
    """Every wrong number is named, and nothing is decided."""
    gebot(demo, "plan", "--save")
    plan = json.loads(gebot(demo, "review", "--json").stdout)[0]["plan"]

    done = gebot(demo, "review", plan, "--approve", "1,999,abc")

    assert done.returncode == 2
    assert "999" in done.stderr and "abc" in done.stderr
    assert json.loads(gebot(demo, "review", "--json").stdout)[0]["approved"] == 0


def test_a_word_without_a_plan_is_a_mistake(demo: Path) -> None:
    """Whoever approves and forgets the plan is not left to believe that it was approved."""
    done = gebot(demo, "review", "--approve", "all")

    assert done.returncode == 2
    assert "gebot review PLAN" in done.stderr


def test_a_person_can_ask_why_a_wish_was_held_back(tmp_path: Path, demo: Path) -> None:
    """--why tells of denied wishes too, and narrows what --json prints."""
    text = (demo / "config.toml").read_text(encoding="utf-8")
    (tmp_path / "config.toml").write_text(
        re.sub(r"^max_changes_per_run = \d+", "max_changes_per_run = 1", text, flags=re.M)
    )
    gebot(tmp_path, "plan", "--save")
    plan = json.loads(gebot(tmp_path, "review", "--json").stdout)[0]["plan"]
    rows = json.loads(gebot(tmp_path, "review", plan, "--json").stdout)
    denied = next(str(row["number"]) for row in rows if row["state"] == "denied")

    told = gebot(tmp_path, "review", plan, "--why", denied)
    record = gebot(tmp_path, "review", plan, "--why", denied, "--json")

    assert told.returncode == 0 and "max_changes_per_run" in told.stdout
    assert [str(row["number"]) for row in json.loads(record.stdout)] == [denied]


def test_review_tells_which_raises_no_approved_cut_pays_for(demo: Path) -> None:
    """Who approves a raise alone learns at once that the pot will cap it."""
    gebot(demo, "plan", "--save")
    plan = json.loads(gebot(demo, "review", "--json").stdout)[0]["plan"]
    rows = [row for row in json.loads(gebot(demo, "review", plan, "--json").stdout) if row["change"]]
    up = next(row for row in rows if row["after_number"] > row["before_number"])

    done = gebot(demo, "review", plan, "--approve", str(up["number"]))

    assert done.returncode == 0
    assert "capped unless the pot has room" in done.stderr


def test_a_halt_keeps_apply_from_sending_until_resume(demo: Path) -> None:
    """The stop is for every command that sends."""
    gebot(demo, "plan", "--save")
    plan = json.loads(gebot(demo, "review", "--json").stdout)[0]["plan"]
    gebot(demo, "review", plan, "--approve", "all")

    assert gebot(demo, "halt", "black friday", "--by", "anna").returncode == 0
    stopped = gebot(demo, "apply", plan)

    assert stopped.returncode == 1 and "black friday" in stopped.stderr
    assert "black friday" in gebot(demo, "status").stderr
    assert "waits for `gebot resume`" in gebot(demo, "review", plan).stderr
    assert gebot(demo, "resume").returncode == 0
    assert "halted" not in gebot(demo, "status").stderr
