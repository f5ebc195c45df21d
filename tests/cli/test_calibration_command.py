"""gebot calibration and status: what people are told of how intervals have held."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typed import ROOT, gebot

from agent import cycle
from agent.clock import SteppedClock
from agent.config.load import load
from agent.domain.calibration import Calibration, Reliability
from agent.report.calibration_rows import calibration_line, calibration_row
from agent.steps.approve import Everyone
from agent.wiring.memory import ledger
from agent.wiring.parts import parts

DAYS = 24


@pytest.fixture(scope="module")
def steered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped configuration on an account that was steered once, some weeks ago."""
    folder = tmp_path_factory.mktemp("steered")
    now = datetime.now(UTC)
    start = now - timedelta(days=DAYS)
    text = (ROOT / "config.toml").read_text(encoding="utf-8")
    text = re.sub(r"^speed = \d+", "speed = 1", text, flags=re.M)
    text = text.replace('file = "rules/', f'file = "{ROOT}/rules/')
    text = text.replace("campaigns = 12", f"campaigns = 12\nstart = {start.date()}")
    (folder / "config.toml").write_text(text, encoding="utf-8")
    settings = load(folder / "config.toml")
    memory, clock = ledger(settings), SteppedClock(start)
    made = parts(settings, settings.accounts[0], memory, clock, write=True)
    made = replace(made, approver=Everyone())
    for moment in (start, now):
        clock.move_to(moment)
        cycle.look(made)
        drawn_up = cycle.draw_up(made)
        assert drawn_up is not None
        cycle.put_forward(made, drawn_up, epoch=0)
        cycle.carry_out(made, drawn_up.fingerprint, epoch=0)
    memory.close()  # type: ignore[attr-defined]  # both ledgers have it
    return folder


def test_every_change_and_every_strategy_is_told_alike(steered: Path) -> None:
    """In status as of the newest plan, in the records of each change, and in one line for people."""
    changes = json.loads(gebot(steered, "calibration", "--each", "--json").stdout)
    status = gebot(steered, "status", "--json")
    told = gebot(steered, "calibration")

    assert told.returncode == 0 and "thompson" in told.stdout
    assert all(change["low"] <= change["mean"] <= change["high"] for change in changes)
    (account,) = json.loads(status.stdout)
    (row,) = account["calibration"]
    assert (row["strategy"], row["verdict"]) == ("thompson", Reliability.TOO_FEW)
    assert row["measured"] == len(changes) > 0
    assert re.match(r"thompson: 80 % intervals held \d+ of \d+ times \(\d+ to", account["notices"][0])


def test_before_anything_was_measured_it_says_what_is_missing(demo: Path) -> None:
    """An empty table would leave a newcomer puzzled."""
    gebot(demo, "plan", "--save")

    done = gebot(demo, "calibration")

    assert done.returncode == 0
    assert "7 days after" in done.stderr and done.stdout == ""


def test_a_demotion_is_told_in_words_and_as_a_record() -> None:
    """Also where the intervals had no width at all: such a stretch is no number."""
    one = Calibration("boaster", 90, 41, 0.36, 0.56, None, float("inf"), Reliability.TOO_NARROW, True)

    assert calibration_line(one) == (
        "boaster: 80 % intervals held 41 of 90 times (36 to 56 %); too narrow: its changes wait for a person"
    )
    assert json.dumps(calibration_row("demo", one), allow_nan=False)
