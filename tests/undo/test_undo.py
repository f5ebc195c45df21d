"""What gebot did is taken back where its word is the last one; everything else is left alone and named."""

from dataclasses import replace
from fractions import Fraction

from live import states
from taking_back import account, asked, carried_out, edit

from agent import by_hand, cycle
from agent.domain.lever import Lever, number_of
from agent.domain.money import Money
from agent.domain.outcome import State
from agent.domain.plan import Change
from agent.domain.ref import Kind
from agent.guardrails.cooldown import Cooldown
from agent.steps.approve import Nobody, Policy
from simulations.faults import Befalls, Faulty


def test_an_undo_puts_every_lever_back_to_the_cent() -> None:
    """Raises and cuts alike, the next minute: no cooldown, no step and no evidence is asked."""
    one = account("1.1", "0.8", None)
    before = one.budgets()
    record = one.carry_out()
    assert one.budgets() != before
    one.step(minutes=1)

    back = carried_out(one, asked(one, record))

    assert one.budgets() == before
    assert states(back) == [State.APPLIED, State.APPLIED]
    assert {change.id for change in back.plan.changes} == {c.inverse().id for c in record.plan.changes}


def test_single_changes_are_taken_back_and_the_others_stay() -> None:
    """Also a cut alone: a pot of what the budgets add up to does not stand in the way back."""
    one = account("1.1", "0.8", None, pot=None)
    before = one.budgets()
    record = one.carry_out()
    (cut,) = [change for change in record.plan.changes if _cuts(change)]
    one.step(minutes=1)

    carried_out(one, asked(one, record, {cut.id}))

    assert sum(now == was for now, was in zip(one.budgets(), before, strict=True)) == 2


def test_an_undo_of_an_undo_puts_it_back_again() -> None:
    """An undo is a plan like any other."""
    one = account("1.1", "0.8", None)
    record = one.carry_out()
    moved = one.budgets()
    one.step(minutes=1)
    back = carried_out(one, asked(one, record))
    assert one.budgets() != moved
    one.step(minutes=1)

    carried_out(one, asked(one, back))

    assert one.budgets() == moved


def test_what_somebody_else_has_set_since_is_left_alone_and_named() -> None:
    """Who and when, where the platform tells."""
    one = account("1.1", "0.8", None)
    record = one.carry_out()
    first, second = record.plan.changes
    one.step(hours=1)
    edit(one, first.ref, 77)
    one.step(minutes=5)

    found = asked(one, record)

    assert [wish.ref for wish in found.wishes] == [second.ref]
    (left,) = found.left
    assert left.change == first and not left.there
    assert "77.00 EUR" in left.because and "anna@example.com on 2026-11-21 07:00 UTC" in left.because


def test_what_gebot_has_moved_since_is_named_with_the_later_plan() -> None:
    """The later first, or back to before all of them."""
    one = account("1.1", None, None)
    first = one.carry_out()
    one.step(days=1)
    second = one.carry_out()
    one.step(days=1)
    third = one.carry_out()
    assert all(record.plan.changes for record in (first, second, third))
    one.step(minutes=1)

    found = asked(one, first)

    assert not found.wishes
    because = found.left[0].because
    assert f"gebot undo {third.plan.id}" in because and "1 more before it" in because
    assert "gebot restore" in because


def test_plans_are_undone_one_after_the_other_backwards() -> None:
    """The last first: each then finds its levers where it left them."""
    one = account("1.1", "0.9", None)
    before = one.budgets()
    records = []
    for _ in range(3):
        records.append(one.carry_out())
        one.step(days=1)

    for record in reversed(records):
        carried_out(one, asked(one, record))
        one.step(minutes=1)

    assert one.budgets() == before


def test_what_stands_there_already_is_no_objection() -> None:
    """Somebody has taken it back by hand."""
    one = account("1.1", None, None)
    record = one.carry_out()
    one.step(hours=1)
    change = record.plan.changes[0]
    assert isinstance(change.before, Money)
    edit(one, change.ref, change.before.micros / 1e6)

    found = asked(one, record)

    assert not found.wishes
    assert [left.there for left in found.left] == [True]


def test_a_change_of_which_nobody_knows_is_named() -> None:
    """It may stand or not; taking it back waits until that is known."""
    one = account("1.1", None, None)
    one.give(writer=Faulty(one.adapter, writes=[Befalls.LOST_REPLY]))
    record = one.carry_out()
    assert states(record) == [State.UNKNOWN]

    found = asked(one, record)

    assert not found.wishes
    assert "nobody knows yet" in found.left[0].because


def test_a_change_that_was_asked_for_and_never_applied_is_named() -> None:
    """A person who asks gets an answer."""
    one = account("1.1", None, None)
    one.give(approver=Nobody())
    record = one.carry_out()
    (id_,) = record.changes

    assert "never applied" in asked(one, record, {id_}).left[0].because
    assert not asked(one, record).left


def test_a_ceiling_holds_for_what_is_taken_back() -> None:
    """The same guard: nothing is taken back to where it may no longer stand."""
    one = account("0.8", None, None)
    record = one.carry_out()
    one.give(fence=replace(one.parts.fence, account_ceiling=Money.of(1, "EUR")))
    one.step(minutes=1)

    back = carried_out(one, asked(one, record))

    assert not back.plan.changes
    assert back.plan.decisions[0].words[-1].guardrail == "account_ceiling"


def test_a_named_pot_holds_for_what_is_taken_back() -> None:
    """Other budgets have had the money since."""
    one = account("0.8", None, None)
    record = one.carry_out()
    desk = one.parts.desks[0]
    full = Money(sum(one.budgets()), "EUR")
    one.give(desks=(replace(desk, portfolio=replace(desk.portfolio, daily_pot=full)),))
    one.step(minutes=1)

    back = carried_out(one, asked(one, record))

    assert not back.plan.changes
    assert back.plan.decisions[0].words[-1].guardrail == "daily_pot"


def test_the_policy_never_lets_an_undo_through_by_itself() -> None:
    """One person asks, and an approver answers, however small the change is."""
    one = account("1.01", None, None)
    one.give(approver=Policy(frozenset({Lever.DAILY_BUDGET}), Fraction(1), Money.of(1000, "EUR")))
    record = one.carry_out()
    assert states(record) == [State.APPLIED]
    one.step(minutes=1)

    back = carried_out(one, asked(one, record))

    assert states(back) == [State.PROPOSED]


def test_an_undo_that_waits_is_not_replaced_by_the_daily_plan() -> None:
    """No decider repeats what a person wished."""
    one = account("1.1", None, None)
    record = one.carry_out()
    one.give(approver=Nobody())
    one.step(minutes=1)
    back = carried_out(one, asked(one, record))
    one.step(hours=21)

    daily = one.carry_out()

    assert daily.plan.changes
    now = one.parts.ledger.plan(back.plan.fingerprint)
    assert now is not None and states(now) == [State.PROPOSED]


def test_deciders_leave_a_lever_alone_for_its_cooldown_after_an_undo() -> None:
    """A new plan does not fight what a person took back an hour ago."""
    one = account("1.1", None, None)
    record = one.carry_out()
    one.step(days=2)
    carried_out(one, asked(one, record))
    stood = one.budgets()
    cooldown = next(item for item in one.parts.fence.guardrails if isinstance(item, Cooldown)).cooldown
    assert cooldown is not None

    one.step(hours=1)
    soon = one.carry_out()
    one.clock.move_to(one.clock.now() + cooldown)
    later = one.carry_out()

    assert not soon.plan.changes and soon.plan.decisions[0].words[0].guardrail == "daily_budget.cooldown"
    assert later.plan.changes and one.budgets() != stood


def test_money_is_told_since_the_day_of_the_change() -> None:
    """Whole days, the first one included: what a platform tells of days."""
    one = account("1.1", None, None)
    record = one.carry_out()
    one.step(days=3)
    cycle.look(one.parts)
    snapshot = cycle.known(one.parts)
    assert snapshot is not None
    change = record.plan.changes[0]

    spent = by_hand.spent_since(one.parts, snapshot, {change.ref: record.plan.drawn_up_at})

    row = snapshot.entities.row(change.ref)
    assert row is not None
    told = one.adapter.metrics(record.plan.drawn_up_at.date(), snapshot.today)  # and not its eve
    mine = (told.ids == change.ref.id) & (told.kinds == Kind.CAMPAIGN)
    assert spent == Money(int(told.cost_micros[mine].sum()), "EUR")
    assert spent.micros > int(snapshot.metrics.cost_micros[row, -2:].sum())
    assert by_hand.spent_since(one.parts, snapshot, {}) == Money(0, "EUR")


def _cuts(change: Change) -> bool:
    return number_of(change.after) < number_of(change.before)
