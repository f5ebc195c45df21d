"""Whichever ledger remembers, a plan is drawn up again from it alone, after all that came later."""

from dataclasses import replace

from live import START, Live, TickingClock
from lived import account, lived

from agent import cycle
from agent.clock import SteppedClock
from agent.domain.plan import Plan
from agent.ledger.open import open_ledger
from agent.ports.ledger import Ledger


def test_every_plan_comes_out_as_it_went_in(ledger: Ledger) -> None:
    """To the last digit of the evidence: each was carried out, and people edited budgets in between."""
    one = account(ledger, clock=TickingClock(START))

    lived(one, 3)

    assert all(plan.changes for plan in retraced(one))


def test_what_came_true_later_is_not_known_to_a_plan_that_is_drawn_up_again() -> None:
    """How the intervals had held so far is told as of the plan's moment."""
    one = account(open_ledger("memory:"), campaigns=5, clock=TickingClock(START))

    lived(one, 27)

    told = [plan.calibration for plan in retraced(one)]
    assert () in told and len(set(told)) > 2


def retraced(one: Live) -> list[Plan]:
    """All plans, each of which came out the same; newest first."""
    plans = [record.plan for record in one.parts.ledger.plans()]
    for plan in plans:
        assert cycle.draw_up(replace(one.parts, clock=SteppedClock(plan.drawn_up_at))) == plan
    return plans
