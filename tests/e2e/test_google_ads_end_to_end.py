"""From metrics over the wire to an applied, verified change: real processes, the real client."""

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from stage import Stage

pytestmark = pytest.mark.timeout(180)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(tmp_path)
    try:
        stage.open_sandbox()
        stage.write_config()
        yield stage
    finally:
        stage.close()


def test_what_is_approved_is_applied_and_nothing_else(stage: Stage) -> None:
    """Read over gRPC, planned, approved by command, applied, read back; a foreign edit stays."""
    agent = stage.start_agent()
    plan = stage.open_plan()
    rows = [row for row in stage.records("review", plan) if row["change"]]
    assert len(rows) >= 3
    approved, foreign, rejected = rows[:3]
    edited = {"budget": "33.00 EUR", "user": "anna@example.com"} | _named(foreign["entity"])
    stage.ask("POST", "/edit", edited)

    stage.gebot("review", plan, "--approve", f"{approved['number']},{foreign['change']}",
                "--reject", str(rejected["number"]), "--comment", "as agreed", "--by", "ben")  # fmt: skip
    stage.wait(lambda: stage.states(plan)[approved["change"]] == "applied")

    states = stage.states(plan)
    assert states[foreign["change"]] == "conflict"
    assert states[rejected["change"]] == "rejected"
    conflict = next(row for row in stage.records("review", plan) if row["change"] == foreign["change"])
    assert "anna@example.com" in conflict["state_because"]
    assert [one["after"] for one in stage.mutations()] == [approved["after_number"]]
    status = stage.gebot("status")
    assert "well" in status.stdout
    agent.send_signal(signal.SIGTERM)
    assert agent.wait(timeout=15) == 0


def test_a_kill_after_the_send_sends_nothing_twice(stage: Stage) -> None:
    """The process dies while the platform works on the request; the next one settles it by reading."""
    agent = stage.start_agent()
    plan = stage.open_plan()
    chosen = next(row for row in stage.records("review", plan) if row["change"])
    stage.ask("POST", "/faults", {"kind": "latency", "on": "mutate", "seconds": 8})
    stage.gebot("review", plan, "--approve", chosen["change"], "--by", "ben")
    stage.wait(lambda: stage.states(plan)[chosen["change"]] == "sending")
    time.sleep(3)  # from the word in the ledger to the wire; the platform works for eight

    agent.kill()
    agent.wait()
    stage.start_agent()
    stage.wait(lambda: stage.states(plan)[chosen["change"]] in ("applied", "not_applied"), 40)

    state = stage.states(plan)[chosen["change"]]
    committed = stage.mutations()
    assert len(committed) <= 1
    assert state == ("applied" if committed else "not_applied")
    attempts = [one for one in stage.ask("GET", "/requests") if "Mutate" in one["method"]]
    assert len(attempts) <= 1


def test_a_dry_run_cannot_write_and_draws_up_the_same_plan(stage: Stage) -> None:
    """Same account, seed and moment, same fingerprint; only `gebot apply` carries out."""
    stage.write_config(mode="dry-run")
    stage.start_agent()
    (stage.folder / "var").mkdir(exist_ok=True)
    plan = stage.open_plan()
    stage.wait(lambda: list((stage.folder / "var" / "plans").glob("*.txt")))  # written just after the plan
    chosen = next(row for row in stage.records("review", plan) if row["change"])

    stage.gebot("review", plan, "--approve", chosen["change"])
    time.sleep(2)  # four ticks, in which a daemon that could write would
    assert stage.mutations() == []
    stage.gebot("apply", plan)

    assert [one["after"] for one in stage.mutations()] == [chosen["after_number"]]
    assert stage.states(plan)[chosen["change"]] == "applied"


def _named(entity: str) -> dict[str, str]:
    """How the control port names what a ref names."""
    _, kind, id_ = entity.split("/", 2)
    return {kind: id_}
