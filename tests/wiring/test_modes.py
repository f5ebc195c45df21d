"""One code path: the mode chooses parts, and nothing else differs."""

import re
import subprocess
from pathlib import Path

import pytest
from live import START

from agent import cycle
from agent.cli.run import unset
from agent.clock import EmbeddedClock, SteppedClock
from agent.config.load import load
from agent.config.settings import Settings
from agent.domain.errors import Mistakes
from agent.domain.record import PlanRecord
from agent.parts import Parts
from agent.steps.approve import Nobody, Policy
from agent.wiring.memory import ledger
from agent.wiring.parts import carries_out, parts

ROOT = Path(__file__).parents[2]


def settings(folder: Path, mode: str, extra: str = "") -> Settings:
    """The shipped configuration in another mode, in a folder of its own, with a fixed account."""
    text = (ROOT / "config.toml").read_text(encoding="utf-8")
    text = re.sub(r"^speed = \d+", "speed = 1", text, flags=re.M).replace(
        'mode = "review"', f'mode = "{mode}"'
    )
    text = text.replace('file = "rules/', f'file = "{ROOT}/rules/')
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_text(text + extra, encoding="utf-8")
    return load(folder / "config.toml")


def drawn_up(chosen: Settings, *, write: bool) -> tuple[Parts, PlanRecord]:
    """One cycle at a fixed moment, on a ledger of its own."""
    memory = ledger(chosen)
    made = parts(chosen, chosen.accounts[0], memory, SteppedClock(START), write=write)
    cycle.look(made)
    plan = cycle.draw_up(made)
    assert plan is not None
    return made, cycle.put_forward(made, plan, epoch=0)


def test_dry_run_and_live_draw_up_the_same_plan(tmp_path: Path) -> None:
    """Same account, seed and moment: the same fingerprint, in ledgers of their own."""
    dry, dry_record = drawn_up(settings(tmp_path / "dry", "dry-run"), write=False)
    live, live_record = drawn_up(settings(tmp_path / "live", "review"), write=True)

    assert dry_record.plan.changes
    assert dry_record.plan.fingerprint == live_record.plan.fingerprint
    assert dry.writer is None and not hasattr(dry.reader, "apply")
    assert live.writer is not None


def test_dry_run_keeps_a_ledger_of_its_own(tmp_path: Path) -> None:
    """What was proposed on probation is never carried out by a daemon that was switched to live."""
    drawn_up(settings(tmp_path, "dry-run"), write=False)

    assert (tmp_path / "var" / "gebot.dry-run.db").exists()
    assert not (tmp_path / "var" / "gebot.db").exists()


def test_the_mode_decides_who_approves_and_who_carries_out(tmp_path: Path) -> None:
    """Auto lets small changes through; the others ask."""
    auto = (
        '\n[approval.auto]\nlevers = ["daily_budget"]\nmax_step = "10%"\nmax_total_increase = "50.00 EUR"\n'
    )
    for mode, approver, carries in (
        ("dry-run", Nobody, False),
        ("review", Nobody, True),
        ("auto", Policy, True),
    ):
        chosen = settings(tmp_path / mode, mode, auto)

        made, _ = drawn_up(chosen, write=carries)

        assert isinstance(made.approver, approver)
        assert carries_out(chosen) is carries


def test_dry_run_does_not_even_ask_for_write_credentials(tmp_path: Path) -> None:
    """A machine that only proposes never holds what could write."""
    text = '[account.write_credentials]\nsecret = "env:GEBOT_TEST_NOT_SET"\n'
    dry = settings(tmp_path, "dry-run")
    path = tmp_path / "config.toml"
    path.write_text(
        path.read_text().replace("[account.schedule]", text + "\n[account.schedule]"), encoding="utf-8"
    )
    chosen = load(path)
    memory = ledger(dry)
    parts(chosen, chosen.accounts[0], memory, SteppedClock(START), write=False)

    with pytest.raises(Mistakes) as caught:
        parts(chosen, chosen.accounts[0], memory, SteppedClock(START), write=True)
    assert "GEBOT_TEST_NOT_SET" in str(caught.value.each()[0])


def test_a_faster_clock_leaves_a_send_its_real_time(tmp_path: Path) -> None:
    """What depends on how fast this machine works is not held against a clock that runs faster."""
    chosen = settings(tmp_path, "review")
    memory = ledger(chosen)

    fast = parts(
        chosen, chosen.accounts[0], memory, EmbeddedClock(tmp_path / "clock.json", 288.0), write=True
    )
    real = parts(chosen, chosen.accounts[0], memory, SteppedClock(START), write=True)

    assert (fast.pace(), real.pace()) == (288.0, 1.0)


def test_the_daemon_tells_all_limits_at_once_that_an_upgrade_has_brought(tmp_path: Path) -> None:
    """A configuration of before names all that it lacks in one sentence; a whole one says nothing."""
    chosen = settings(tmp_path, "review")
    file = tmp_path / "config.toml"
    old = re.sub(
        r"^(quarantine|max_changes_per_hour) = .*$", "", file.read_text(encoding="utf-8"), flags=re.M
    )
    file.write_text(old, encoding="utf-8")

    (told,) = unset(load(file))

    assert "2 limits" in told
    assert "guardrails.quarantine, guardrails.max_changes_per_hour" in told
    assert unset(chosen) == []


def test_nobody_outside_the_wiring_asks_for_the_mode() -> None:
    """Every house that kept a flag paid for it."""
    tracked = subprocess.run(
        ["git", "grep", "-lE", r"\.mode\b|dry_run|is_backtest|\bMode\.", "--", "agent", "adapters", "rules",
         "strategies", "simulations"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    ).stdout.split()  # fmt: skip

    allowed = ("agent/wiring/", "agent/config/", "agent/cli/init.py")  # init writes it into a file
    assert [path for path in tracked if path.endswith(".py") and not path.startswith(allowed)] == []
