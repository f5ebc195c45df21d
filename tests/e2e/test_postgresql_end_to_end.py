"""One PostgreSQL and two machines: the agent runs on one, people act on the other, and the first one dies."""

import json
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from postgresql import empty_postgresql_url, postgresql_url
from stage import Stage

from agent.domain.outcome import State
from agent.ledger.open import open_ledger
from agent.ledger.sql.ledger import SqlLedger

__all__ = ["empty_postgresql_url", "postgresql_url"]  # fixtures

pytestmark = pytest.mark.timeout(240)

CONFIG = """
mode = "review"
ledger = "{ledger}"
state = "var"

[[account]]
name = "main"
platform = "simulated"
id = "main"
[account.options]
journal = "{journal}"
campaigns = 6
[account.schedule]
decide_at = "00:00"

[[portfolio]]
name = "everything"
account = "main"
goal = "conversion_value"
deciders = ["split"]

[[strategy]]
name = "split"
kind = "equal_split"

[guardrails]
max_metrics_age = "6h"
min_maturity = "10%"
min_clicks = 1
min_history_days = 7
max_changes_per_run = 50
max_changes_per_hour = 100
max_share_of_entities_per_run = "100%"
max_share_of_spend_per_run = "100%"
account_ceiling = "100000.00 EUR"
[guardrails.daily_budget]
floor = "1.00 EUR"
ceiling = "10000.00 EUR"
max_step = "20%"
max_change_7d = "50%"
cooldown = "20h"
max_changes_per_day = 4
"""


class Machine(Stage):
    """A folder with its own configuration and state, as each machine of a team has."""

    def set_up(self, ledger_url: str, journal: Path) -> None:
        self.folder.mkdir()
        text = CONFIG.format(ledger=ledger_url.replace(":@", "@"), journal=journal)
        (self.folder / "config.toml").write_text(text, encoding="utf-8")
        (self.folder / "var").mkdir()
        key = self.folder / "var" / "audit.key"
        key.write_text("0123456789abcdef" * 4 + "\n", encoding="utf-8")
        key.chmod(0o600)


@pytest.fixture
def machines(tmp_path: Path, empty_postgresql_url: str) -> Iterator[list[Machine]]:
    made = [Machine(tmp_path / name) for name in ("one", "two")]
    for machine in made:
        machine.set_up(empty_postgresql_url, tmp_path / "journal.jsonl")
    yield made
    for machine in made:
        machine.close()


def test_people_act_from_another_machine_and_outlive_the_agents(
    machines: list[Machine], empty_postgresql_url: str, tmp_path: Path
) -> None:
    """A halt from elsewhere holds; a plan of a dead agent is carried out by hand, once."""
    one, two = machines
    ledger = cast(SqlLedger, open_ledger(empty_postgresql_url))
    agent = one.start_agent()
    one.wait(lambda: ledger.plans(only_open=True), 90)
    plan = ledger.plans(only_open=True)[0].plan.id

    two.gebot("halt", "black friday", "--by", "anna")
    two.gebot("review", plan, "--approve", "all", "--by", "ben")
    beat = ledger.heartbeats()[0].at
    one.wait(lambda: ledger.heartbeats()[0].at > beat)  # a whole round went by
    (status,) = json.loads(two.gebot("status", "--json", ok=(1,)).stdout)
    assert any("black friday" in problem for problem in status["problems"])
    assert status["agent_runs"] and status["led_by"].endswith(str(agent.pid))
    assert edits(tmp_path) == []

    agent.send_signal(signal.SIGKILL)
    agent.wait()
    (status,) = json.loads(two.gebot("status", "--json", ok=(1,)).stdout)
    assert not status["agent_runs"] and status["led_by"] is None
    two.gebot("resume", "--by", "anna")
    done: subprocess.CompletedProcess[str] = two.gebot("apply", plan)

    record = ledger.plan(plan)
    ledger.close()
    assert record is not None
    assert {item.state for item in record.changes.values()} == {State.APPLIED}
    assert len(edits(tmp_path)) == len(record.changes), done.stdout


def edits(folder: Path) -> list[Any]:
    """What the platform committed."""
    path = folder / "journal.jsonl"
    return path.read_text(encoding="utf-8").splitlines()[1:] if path.exists() else []
