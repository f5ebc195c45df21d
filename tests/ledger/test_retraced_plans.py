"""Whichever ledger remembers, a plan is drawn up again from it alone, after all that came later."""

from dataclasses import replace

from live import START, TickingClock
from lived import account, lived

from agent import cycle
from agent.clock import SteppedClock
from agent.ports import Ledger

DAYS = 3
"""The same was tried with 45."""


def test_every_plan_comes_out_as_it_went_in(ledger: Ledger) -> None:
    """To the last digit of the evidence: each was carried out, and people edited budgets in between."""
    one = account(ledger, clock=TickingClock(START))

    lived(one, DAYS)

    plans = [record.plan for record in ledger.plans()]
    assert len(plans) == DAYS and all(plan.changes for plan in plans)
    for plan in plans:
        assert cycle.draw_up(replace(one.parts, clock=SteppedClock(plan.drawn_up_at))) == plan
