"""Broken sends: whatever breaks around the wire, an outcome is neither lost nor made up."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from live import Live, Scale, fence, live, states

from agent import cycle, settling
from agent.domain.errors import LedgerError, Unreachable
from agent.domain.lever import Lever, Value
from agent.domain.money import Money
from agent.domain.outcome import Edit, State, Step
from agent.domain.plan import Plan
from agent.domain.record import PlanRecord
from agent.domain.ref import Kind, Ref
from simulations.faults import Befalls, Faulty
from simulations.journal import Field


class Failing:
    """A ledger that fails at the calls of one method that are numbered so, counted from 1."""

    def __init__(self, ledger: Any, method: str, *calls: int) -> None:
        self._ledger = ledger
        self._method = method
        self._calls = calls
        self._made = 0

    def __getattr__(self, name: str) -> Any:
        if name == self._method:
            self._made += 1
            if self._made in self._calls:
                return self._fail
        return getattr(self._ledger, name)

    def _fail(self, *_: object, **__: object) -> None:
        raise LedgerError("the disk is full")


def forward(account: Live) -> Plan:
    plan = account.plan()
    cycle.put_forward(account.parts, plan, epoch=0)
    return plan


def kept(account: Live, plan: Plan) -> PlanRecord:
    record = account.parts.ledger.plan(plan.fingerprint)
    assert record is not None
    return record


def own_edits(account: Live) -> int:
    return sum(edit.ours for edit in account.adapter.history(account.clock.now() - timedelta(days=3)))


def test_what_could_not_be_read_back_is_settled_without_a_restart() -> None:
    """The platform took it and fell silent; the agent that lives on learns what became of it."""
    account = live((None, "0.8", None))
    account.give(reader=Faulty(account.adapter))
    plan = forward(account)

    class Silent(Faulty):
        def read(self, levers: Sequence[tuple[Ref, Lever]]) -> Mapping[tuple[Ref, Lever], Value]:
            raise Unreachable("simulated:demo", "the connection was reset")

    account.give(reader=Silent(account.adapter))
    with pytest.raises(Unreachable):
        cycle.carry_out(account.parts, plan.fingerprint, epoch=0)
    account.give(reader=account.adapter)
    account.step(minutes=11)

    settling.settle(account.parts, epoch=0)

    assert states(kept(account, plan)) == [State.APPLIED]
    assert own_edits(account) == 1


@pytest.mark.parametrize(
    ("befalls", "state"), [(Befalls.NOTHING, State.APPLIED), (Befalls.LOST_REQUEST, State.NOT_APPLIED)]
)
def test_an_outcome_that_the_ledger_could_not_take_is_read_later(befalls: Befalls, state: State) -> None:
    """Sent, and then the disk was full: nothing is sent again, and what came of it is found out."""
    account = live((None, "0.8", None))
    plan = forward(account)
    memory = account.parts.ledger
    account.give(ledger=Failing(memory, "advance", 2), writer=Faulty(account.adapter, writes=[befalls]))
    with pytest.raises(LedgerError):
        cycle.carry_out(account.parts, plan.fingerprint, epoch=0)
    account.give(ledger=memory)
    assert states(kept(account, plan)) == [State.SENDING]
    account.step(minutes=11)

    settling.settle(account.parts, epoch=0)

    assert states(kept(account, plan)) == [state]
    assert own_edits(account) == (state is State.APPLIED)


def test_what_is_being_sent_is_not_settled_before_the_grace_is_over() -> None:
    """Another process may be sending it this very moment."""
    account = live((None, "0.8", None))
    plan = forward(account)
    memory = account.parts.ledger
    account.give(ledger=Failing(memory, "advance", 2))
    with pytest.raises(LedgerError):
        cycle.carry_out(account.parts, plan.fingerprint, epoch=0)
    account.give(ledger=memory)
    account.step(minutes=9)

    settling.settle(account.parts, epoch=0)

    assert states(kept(account, plan)) == [State.SENDING]


def test_an_approval_that_expires_while_the_platform_is_read_is_not_carried_out() -> None:
    """Expiry is asked for right before the wire, not only when the round began."""
    account = live((None, "0.8", None))
    plan = forward(account)
    before = account.budgets()

    class Slow(Faulty):
        def read(self, levers: Sequence[tuple[Ref, Lever]]) -> Mapping[tuple[Ref, Lever], Value]:
            account.clock.move_to(max(account.clock.now(), plan.expires_at))
            return super().read(levers)

    account.give(writer=Slow(account.adapter))

    record = cycle.carry_out(account.parts, plan.fingerprint, epoch=0)

    assert states(record) == [State.EXPIRED]
    assert account.budgets() == before


def test_a_sender_that_stood_still_while_another_took_over_sends_nothing() -> None:
    """Frozen between the word and the deed, it finds its changes in other hands when it wakes."""
    account = live((None, "0.8", None))
    plan = forward(account)
    before = account.budgets()

    def taken_over() -> None:
        if states(kept(account, plan)) == [State.SENDING]:
            epoch = account.parts.ledger.take_lead(account.parts.account, "there", 2, account.clock.now())
            settling.recover(account.parts, epoch=epoch)

    account.give(check_stop=taken_over)

    with pytest.raises(LedgerError, match="took over"):
        cycle.carry_out(account.parts, plan.fingerprint, epoch=0)

    assert account.budgets() == before
    assert states(kept(account, plan)) == [State.UNKNOWN]


def test_a_conflict_is_told_even_when_nobody_can_say_whose_it_is() -> None:
    """A history that cannot be read holds up neither the conflict nor the other changes."""
    account = live(("0.9", "0.8", None))
    plan = forward(account)
    ref = plan.changes[0].ref
    campaign = account.adapter._platform.campaign(ref.id)
    assert campaign is not None
    account.adapter._platform.set(
        Kind.CAMPAIGN_BUDGET,
        campaign.budget_id,
        Field.AMOUNT,
        77_000_000,
        by="anna@example.com",
        client="web",
    )

    class Forgetful(Faulty):
        def history(self, since: object) -> Sequence[Edit]:
            raise Unreachable("simulated:demo", "the history is not available")

    account.give(writer=Forgetful(account.adapter))

    record = cycle.carry_out(account.parts, plan.fingerprint, epoch=0)

    assert states(record) == [State.CONFLICT, State.APPLIED]
    assert "77.00 EUR" in record.changes[plan.changes[0].id].because


def test_an_equal_edit_by_somebody_else_is_not_taken_for_ours() -> None:
    """Our request was lost, and a person set the very same value: the ledger claims nothing."""
    account = live((None, "0.8", None))
    account.give(writer=Faulty(account.adapter, writes=[Befalls.LOST_REQUEST]))
    plan = forward(account)
    cycle.carry_out(account.parts, plan.fingerprint, epoch=0)
    change = plan.changes[0]
    campaign = account.adapter._platform.campaign(change.ref.id)
    assert campaign is not None
    wanted = change.content()[-1]
    assert isinstance(wanted, int)
    account.adapter._platform.set(
        Kind.CAMPAIGN_BUDGET, campaign.budget_id, Field.AMOUNT, wanted, by="anna@example.com", client="web"
    )
    account.step(minutes=11)

    settling.settle(account.parts, epoch=0)

    item = kept(account, plan).changes[change.id]
    assert item.state is State.NOT_APPLIED
    assert "anna@example.com" in item.because


def test_a_lever_whose_last_change_is_unknown_is_not_changed_again() -> None:
    """The first may still land, on top of the second."""
    account = live(("1.1", None, None), pot=Money.of(100_000, "EUR"))
    account.give(writer=Faulty(account.adapter, writes=[Befalls.LOST_REQUEST]))
    first = forward(account)
    cycle.carry_out(account.parts, first.fingerprint, epoch=0)
    assert states(kept(account, first)) == [State.UNKNOWN]
    account.step(minutes=5)
    account.decide(Scale(("0.9", "0.9", None)))

    plan = account.plan()

    assert [change.ref for change in plan.changes] == [plan.decisions[1].proposal.ref]
    assert plan.decisions[0].words[0].guardrail == "in_flight"


def test_a_lever_that_became_unknown_after_the_approval_is_not_changed() -> None:
    """Two approved plans on one lever: the second waits for nobody, it is capped."""
    account = live(("1.1", None, None), pot=Money.of(100_000, "EUR"))
    first = forward(account)
    account.step(minutes=1)
    account.decide(Scale(("0.9", None, None)))
    second = forward(account)
    account.give(writer=Faulty(account.adapter, writes=[Befalls.LOST_REQUEST]))
    cycle.carry_out(account.parts, first.fingerprint, epoch=0)

    record = cycle.carry_out(account.parts, second.fingerprint, epoch=0)

    assert states(record) == [State.CAPPED]


def test_of_two_changes_in_flight_on_one_lever_the_higher_counts() -> None:
    """Whichever of them was sent first: the worst case is the one that costs more."""
    account = live(("0.9", None, None), pot=Money.of(100_000, "EUR"))
    lower = forward(account)
    account.step(minutes=1)
    account.decide(Scale(("1.2", None, None)))
    higher = forward(account)
    for plan in (lower, higher):
        for state in (State.SENDING, State.UNKNOWN):
            steps = [Step(plan.id, change.id, state) for change in plan.changes]
            account.parts.ledger.advance(steps, account.clock.now(), epoch=0)
    raised = sum(account.budgets()) + account.budgets()[0] // 5
    worst = raised * Fraction(account.adapter.account().over_delivery)
    account.give(fence=fence(ceiling=Money(int(worst), "EUR").amount))
    account.decide(Scale((None, "1.1", None)))

    assert account.plan().changes == ()
