"""Carrying out: what is approved reaches the platform once, and what stands in the way is told."""

from datetime import timedelta

import pytest
from live import Scale, fence, live, states

from agent import cycle, settling
from agent.domain.errors import Halted, LedgerError
from agent.domain.lever import Lever, number_of
from agent.domain.money import Money
from agent.domain.outcome import State
from agent.domain.plan import Change, Decision
from agent.domain.ref import Kind
from agent.steps.approve import Nobody
from simulations.faults import Befalls, Faulty
from simulations.journal import Field


def test_a_cycle_sets_exactly_what_the_plan_says() -> None:
    """Observe, decide, guard, plan, approve, apply, verify: the platform stands where the plan wanted."""
    account = live(("1.1", "0.8", None))
    before = account.budgets()

    record = account.carry_out()

    assert states(record) == [State.APPLIED, State.APPLIED]
    wanted = {change.ref.id: number_of(change.after) for change in record.plan.changes}
    ids = account.adapter.entities().ids.tolist()
    assert account.budgets() == [wanted.get(id_, old) for id_, old in zip(ids, before, strict=True)]


def test_without_approval_nothing_is_sent() -> None:
    """Silence is not consent."""
    account = live()
    account.give(approver=Nobody())
    before = account.budgets()

    record = account.carry_out()

    assert set(states(record)) == {State.PROPOSED}
    assert account.budgets() == before


def test_an_edit_by_somebody_else_wins_and_is_told() -> None:
    """Between plan and send a person set a budget: it is left alone, and reported with the name."""
    account = live(("1.1", "0.8", None))
    plan = account.plan()
    cycle.put_forward(account.parts, plan, epoch=0)
    ref = plan.changes[0].ref
    budget_id = account.adapter._platform.campaign(ref.id).budget_id
    account.adapter._platform.set(
        Kind.CAMPAIGN_BUDGET, budget_id, Field.AMOUNT, 77_000_000, by="anna@example.com", client="web"
    )

    record = cycle.carry_out(account.parts, plan.fingerprint, epoch=0)

    first = record.changes[plan.changes[0].id]
    assert first.state is State.CONFLICT
    assert "77.00 EUR" in first.because and "anna@example.com" in first.because
    assert account.adapter.read([(ref, Lever.DAILY_BUDGET)])[ref, Lever.DAILY_BUDGET] == Money.of(77, "EUR")
    assert record.changes[plan.changes[1].id].state is State.APPLIED


def test_raises_wait_for_the_cuts_that_pay_for_them() -> None:
    """When the cut is refused, the raise that would break the pot is capped."""
    account = live(("1.1", "0.8", None))
    account.give(writer=Faulty(account.adapter, writes=[Befalls.LOST_REQUEST]))
    before = account.budgets()

    record = account.carry_out()

    by_rise = {number_of(c.after) > number_of(c.before): record.changes[c.id] for c in record.plan.changes}
    assert by_rise[False].state is State.UNKNOWN
    assert by_rise[True].state is State.CAPPED and "pot" in by_rise[True].because
    assert account.budgets() == before


def test_a_guardrail_that_would_say_no_now_caps_what_was_approved() -> None:
    """A limit that was tightened after the approval holds."""
    account = live(("1.1", "0.8", None))
    plan = account.plan()
    cycle.put_forward(account.parts, plan, epoch=0)
    account.give(fence=fence(max_changes=1))

    record = cycle.carry_out(account.parts, plan.fingerprint, epoch=0)

    assert State.APPLIED in states(record)
    account.give(fence=fence(ceiling="1"))
    account.step(days=2)
    record = account.carry_out()
    assert all(item.state is not State.APPLIED or _is_cut(item.change) for item in record.changes.values())


def test_a_stop_keeps_everything_from_being_sent() -> None:
    """Also between the approval and the send."""
    account = live()
    plan = account.plan()
    cycle.put_forward(account.parts, plan, epoch=0)
    before = account.budgets()
    account.stopped.append("halted by anna")

    with pytest.raises(Halted, match="anna"):
        cycle.carry_out(account.parts, plan.fingerprint, epoch=0)

    assert account.budgets() == before


def test_an_old_epoch_sends_nothing() -> None:
    """Another gebot has taken over: the older one is fenced out by the ledger."""
    account = live()
    old = account.parts.ledger.take_lead(account.parts.account, "here", 1, account.clock.now())
    plan = account.plan()
    cycle.put_forward(account.parts, plan, epoch=old)
    account.parts.ledger.take_lead(account.parts.account, "there", 2, account.clock.now())
    before = account.budgets()

    with pytest.raises(LedgerError):
        cycle.carry_out(account.parts, plan.fingerprint, epoch=old)

    assert account.budgets() == before


def test_a_new_plan_takes_the_place_of_what_still_waits() -> None:
    """Reviewers have one plan before them, not one for each day they were away."""
    account = live()
    account.give(approver=Nobody())
    first = account.plan()
    cycle.put_forward(account.parts, first, epoch=0)
    account.step(days=1)
    second = account.plan()

    cycle.put_forward(account.parts, second, epoch=0)

    record = account.parts.ledger.plan(first.fingerprint)
    assert record is not None and set(states(record)) == {State.EXPIRED}
    assert not record.open


def test_what_nobody_carries_out_in_time_expires() -> None:
    """An approval is not for ever, and not for other rules."""
    account = live()
    account.give(approver=Nobody())
    plan = account.plan()
    cycle.put_forward(account.parts, plan, epoch=0)
    account.step(hours=25)

    settling.settle(account.parts, epoch=0)

    record = account.parts.ledger.plan(plan.fingerprint)
    assert record is not None and set(states(record)) == {State.EXPIRED}


def test_a_change_of_policy_voids_open_plans() -> None:
    """What was approved under other limits is not carried out under these."""
    account = live()
    plan = account.plan()
    cycle.put_forward(account.parts, plan, epoch=0)
    account.give(policy="another")

    settling.settle(account.parts, epoch=0)

    record = account.parts.ledger.plan(plan.fingerprint)
    assert record is not None and set(states(record)) == {State.EXPIRED}


def test_a_second_cycle_within_the_cooldown_changes_nothing() -> None:
    """The ledger remembers what was changed, so that the next day does not thrash."""
    account = live(("1.1", "0.8", None))
    account.carry_out()
    account.step(hours=2)

    plan = account.plan()

    assert plan.changes == ()
    assert all("daily_budget.cooldown" in _objectors(decision) for decision in plan.decisions)


@pytest.mark.parametrize(("waits", "state"), [(5, State.UNKNOWN), (11, State.APPLIED)])
def test_a_lost_reply_is_unknown_until_the_grace_is_over(waits: int, state: State) -> None:
    """Nothing is sent again; the platform's history settles it."""
    account = live((None, "0.8", None))
    account.give(writer=Faulty(account.adapter, writes=[Befalls.LOST_REPLY]))
    record = account.carry_out()
    assert states(record) == [State.UNKNOWN]
    account.step(minutes=waits)

    settling.settle(account.parts, epoch=0)

    after = account.parts.ledger.plan(record.plan.fingerprint)
    assert after is not None and states(after) == [state]


def test_a_lost_request_is_not_applied_and_is_planned_again_not_sent_again() -> None:
    """Settled by reading; the next plan starts from what stands."""
    account = live((None, "0.8", None))
    account.give(writer=Faulty(account.adapter, writes=[Befalls.LOST_REQUEST]))
    record = account.carry_out()
    account.step(minutes=11)

    settling.settle(account.parts, epoch=0)

    after = account.parts.ledger.plan(record.plan.fingerprint)
    assert after is not None and states(after) == [State.NOT_APPLIED]
    account.step(days=1)
    assert states(account.carry_out()) == [State.APPLIED]


def test_what_is_in_flight_counts_against_the_ceiling() -> None:
    """A raise that may have landed uses up its room."""
    account = live(("1.1", None, None), pot=Money.of(100_000, "EUR"))
    total = sum(account.budgets())
    raised = total + account.budgets()[0] // 10
    account.give(fence=fence(ceiling=f"{(raised + 1_000_000) / 1e6:.2f}"))
    account.give(writer=Faulty(account.adapter, writes=[Befalls.LOST_REQUEST]))
    account.carry_out()
    account.step(minutes=5)
    account.decide(Scale((None, "1.2", None)))

    plan = account.plan()

    assert all(number_of(change.after) - number_of(change.before) <= 1_020_000 for change in plan.changes)


def test_what_a_dead_sender_left_behind_is_taken_up() -> None:
    """SENDING without a sender is unknown, then settled."""
    account = live((None, "0.8", None))
    plan = account.plan()
    cycle.put_forward(account.parts, plan, epoch=0)

    class Killed(BaseException):
        """What kill -9 looks like from inside."""

    class Dying(Faulty):
        def apply(self, changes):  # type: ignore[no-untyped-def]  # as the port has it
            super().apply(changes)
            raise Killed

    account.give(writer=Dying(account.adapter))
    with pytest.raises(Killed):
        cycle.carry_out(account.parts, plan.fingerprint, epoch=0)
    account.give(writer=account.adapter)

    assert settling.recover(account.parts, epoch=0) == 1
    account.step(minutes=11)
    settling.settle(account.parts, epoch=0)

    record = account.parts.ledger.plan(plan.fingerprint)
    assert record is not None and states(record) == [State.APPLIED]
    own = [edit for edit in account.adapter.history(account.clock.now() - timedelta(days=1)) if edit.ours]
    assert len(own) == 1


def _objectors(decision: Decision) -> set[str]:
    return {word.guardrail for word in decision.words}


def _is_cut(change: Change) -> bool:
    return number_of(change.after) < number_of(change.before)
