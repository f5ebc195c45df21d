"""The running agent carries out an undo that an approver let through, and its next plan does not fight it."""

from datetime import time
from pathlib import Path

from live import Live
from taking_back import account, asked

from agent import by_hand, cycle
from agent.config.accounts import Schedule
from agent.daemon.daemon import Daemon
from agent.daemon.rounds import Post
from agent.domain.approval import Approval
from agent.domain.outcome import State, Step
from agent.domain.plan import Plan
from agent.steps.approve import Everyone, Nobody


def agent(one: Live, state: Path) -> Daemon:
    """The daemon in mode review."""
    post = Post(one.parts, Schedule(decide_at=time(6, 0)), True, lambda what, record: None)
    return Daemon([post], one.parts.ledger, one.clock, state)


def approved(one: Live, plan: Plan) -> None:
    """A person's word on all of it."""
    ids = frozenset(change.id for change in plan.changes)
    word = Approval(plan.id, plan.fingerprint, ids, frozenset(), "ada", one.clock.now())
    steps = [Step(plan.id, id_, State.APPROVED, "by ada") for id_ in sorted(ids)]
    one.parts.ledger.record_approval(word.sealed(one.parts.seal), steps)


def test_an_approved_undo_is_carried_out_at_the_next_tick_and_stays(tmp_path: Path) -> None:
    """Through a whole day of the agent's own ticks."""
    one = account("1.1", "0.9", None)
    before = one.budgets()
    one.give(approver=Everyone())
    record = one.carry_out()
    one.give(approver=Nobody())
    one.step(minutes=5)
    found = asked(one, record)
    snapshot = cycle.known(one.parts)
    assert snapshot is not None and one.budgets() != before
    undo = by_hand.drawn_up(one.parts, snapshot, found.wishes)
    cycle.keep(one.parts, undo)
    daemon = agent(one, tmp_path)
    daemon.tick()
    assert one.budgets() != before, "nobody has approved it yet"

    approved(one, undo)
    for _ in range(20):
        one.step(hours=1)
        daemon.tick()

    assert one.budgets() == before
    now = one.parts.ledger.plan(undo.fingerprint)
    assert now is not None and {item.state for item in now.changes.values()} == {State.APPLIED}
