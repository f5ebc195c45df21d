"""Commands as people type them: in their own process, with the exit status that scripts rely on."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def gebot(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "agent.cli.main", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the shipped configuration, whose clock runs as on the wall."""
    folder = tmp_path_factory.mktemp("demo")
    text = (ROOT / "config.toml").read_text(encoding="utf-8")
    text = re.sub(r"^speed = \d+", "speed = 1", text, flags=re.M)
    text = text.replace('file = "rules/', f'file = "{ROOT}/rules/')
    (folder / "config.toml").write_text(text, encoding="utf-8")
    return folder


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


def test_a_halt_that_cannot_be_told_says_how_to_halt_all_the_same(tmp_path: Path) -> None:
    """A broken config.toml is no reason to keep sending."""
    (tmp_path / "config.toml").write_text("mode = ", encoding="utf-8")

    done = gebot(tmp_path, "halt", "now")

    assert done.returncode == 2
    assert "nothing was halted" in done.stderr and "STOP" in done.stderr


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
