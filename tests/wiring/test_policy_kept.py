"""Beside each plan the ledger keeps what it was decided by, and the plan names the code that decided."""

from pathlib import Path

from live import START
from test_modes import settings

from agent import cycle
from agent.clock import SteppedClock
from agent.config.digest import digest_of, policy_body
from agent.wiring.code import code_version
from agent.wiring.memory import ledger
from agent.wiring.parts import parts


def test_a_plan_that_is_put_forward_leaves_its_policy_in_the_ledger(tmp_path: Path) -> None:
    """Under the name that the plan has for it, word for word."""
    chosen = settings(tmp_path, "review")
    made = parts(chosen, chosen.accounts[0], ledger(chosen), SteppedClock(START), write=False)
    cycle.look(made)
    plan = cycle.draw_up(made)
    assert plan is not None

    cycle.put_forward(made, plan, epoch=0)

    kept = made.ledger.policy(plan.policy)
    assert kept == policy_body(chosen)
    assert digest_of(kept) == plan.policy


def test_a_plan_names_the_code_that_decided(tmp_path: Path) -> None:
    """And keeps the name in the ledger."""
    chosen = settings(tmp_path, "review")
    made = parts(chosen, chosen.accounts[0], ledger(chosen), SteppedClock(START), write=False)
    cycle.look(made)
    plan = cycle.draw_up(made)
    assert plan is not None

    record = cycle.put_forward(made, plan, epoch=0)

    assert record.plan.code == plan.code == code_version()
    assert len(plan.code.rpartition("-")[2]) == 16
