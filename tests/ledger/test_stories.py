"""The story of a change: its steps, the plans that it is in, and what was applied since a moment."""

from seen import at
from test_decided_plans import drawn_up, steps, word

from agent.domain.outcome import State
from agent.domain.plan import Plan
from agent.domain.ref import AccountId
from agent.domain.story import Stepped
from agent.ports.ledger import Ledger


def carried_out(ledger: Ledger, plan: Plan, *, days: float, of: slice = slice(None)) -> None:
    """Some changes approved and found applied, so many days after the first Monday."""
    positions = range(len(plan.changes))[of]
    ledger.record_plan(plan)
    ledger.record_approval(
        word(plan, approved=positions), steps(plan, State.APPROVED, of=of, because="by ada")
    )
    ledger.advance(steps(plan, State.SENDING, of=of), at(days), epoch=0)
    ledger.advance(steps(plan, State.APPLIED, of=of, because="reads 60"), at(days + 0.01), epoch=0)


def test_every_step_of_a_change_is_told_in_order(ledger: Ledger) -> None:
    """With when, why, and by whose lead."""
    plan = drawn_up(2)

    carried_out(ledger, plan, days=0.2, of=slice(1))
    ledger.record_plan(plan)

    assert ledger.steps(plan.id, plan.changes[0].id) == [
        Stepped(State.PROPOSED, at(0), ""),
        Stepped(State.APPROVED, at(0.1), "by ada"),
        Stepped(State.SENDING, at(0.2), "", 0),
        Stepped(State.APPLIED, at(0.21), "reads 60", 0),
    ]
    assert ledger.steps(plan.id, plan.changes[1].id) == [Stepped(State.PROPOSED, at(0), "")]
    assert ledger.steps(plan.id, "0" * 12) == []


def test_a_change_is_found_in_every_plan_that_proposed_it_newest_first(ledger: Ledger) -> None:
    """The same wish on two mornings has the same id."""
    first, second, other = drawn_up(1), drawn_up(2, days=1), drawn_up(0, days=2)
    for plan in (first, second, other):
        ledger.record_plan(plan)
    again, once = (change.id for change in second.changes)

    assert [record.plan for record in ledger.plans_with(again)] == [second, first]
    assert [record.plan for record in ledger.plans_with(once[:8])] == [second]
    assert [record.plan for record in ledger.plans_with(again, limit=1)] == [second]
    assert ledger.plans_with("%") == []


def test_what_was_applied_since_a_moment_is_told_oldest_first(ledger: Ledger) -> None:
    """Of this account, and nothing that only was proposed or sent."""
    elsewhere = AccountId("simulated", "elsewhere")
    first, second, foreign = drawn_up(2), drawn_up(1, days=1), drawn_up(1, account=elsewhere)
    carried_out(ledger, first, days=0.2, of=slice(1))
    carried_out(ledger, second, days=1.2)
    carried_out(ledger, foreign, days=1.2)

    found = ledger.applied(first.account, at(0))

    assert [(one.plan_id, one.change, one.sent_at, one.at) for one in found] == [
        (first.id, first.changes[0], at(0.2), at(0.21)),
        (second.id, second.changes[0], at(1.2), at(1.21)),
    ]
    assert [one.plan_id for one in ledger.applied(first.account, at(0.5))] == [second.id]
    assert ledger.applied(first.account, at(2)) == []
