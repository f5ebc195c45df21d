"""Standing still: a process that sleeps between its last look and the wire overwrites nobody."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from live import Live, live, states

from agent import cycle, settling
from agent.domain.lever import Lever
from agent.domain.money import Money
from agent.domain.outcome import Accepted, Receipt, State
from agent.domain.plan import Change
from agent.domain.points import Point
from agent.domain.record import PlanRecord
from agent.domain.ref import Kind
from simulations.faults import Faulty
from simulations.journal import Field


class Hollow(Faulty):
    """Accepts everything and does nothing."""

    def apply(self, changes: Sequence[Change]) -> Sequence[Receipt]:
        return [Accepted() for _ in changes]


def carried_out(account: Live, at: Point, happens: Callable[[], None]) -> PlanRecord:
    """One cycle in which this happens when it first reaches that point."""
    left = [happens]

    def reached(point: Point) -> None:
        if point is at and left:
            left.pop()()

    plan = account.plan()
    cycle.put_forward(account.parts, plan, epoch=0)
    account.give(reached=reached)
    return cycle.carry_out(account.parts, plan.fingerprint, epoch=0)


def edit(account: Live, row: int, after: Money) -> None:
    table = account.adapter.entities()
    before = table.value(row, Lever.DAILY_BUDGET)
    assert isinstance(before, Money)
    account.adapter.apply([Change(table.ref(row), Lever.DAILY_BUDGET, before, after)])


def test_an_edit_made_while_the_sender_stood_still_after_its_word_stands() -> None:
    """What was compared minutes ago is compared again: the person wins, and nothing was sent."""
    account = live((None, "0.8", None))
    theirs = Money.of("77", "EUR")

    def sleeps() -> None:
        account.step(minutes=5)
        edit(account, 1, theirs)

    record = carried_out(account, Point.WORD_WRITTEN, sleeps)

    assert states(record) == [State.CONFLICT]
    assert account.budgets()[1] == theirs.micros


def test_a_sender_that_merely_slept_sends_what_still_fits() -> None:
    """Nobody has moved the lever meanwhile: the change goes out, and the history tells whose it is."""
    account = live((None, "0.8", None))
    record = carried_out(account, Point.WORD_WRITTEN, lambda: account.step(minutes=5))
    assert states(record) == [State.UNKNOWN]
    account.step(minutes=11)

    steps = settling.settle(account.parts, epoch=0)

    assert [step.state for step in steps] == [State.APPLIED]


def test_under_a_faster_clock_a_send_has_as_much_real_time_as_ever() -> None:
    """At 288 times the speed of a real one, five minutes of the clock are one second of this machine."""
    account = live((None, "0.8", None))
    account.give(pace=lambda: 288.0)

    record = carried_out(account, Point.WORD_WRITTEN, lambda: account.step(minutes=5))

    assert states(record) == [State.APPLIED]


def test_a_value_that_is_read_long_after_the_send_does_not_tell_who_set_it() -> None:
    """The platform took it and did nothing; while the sender slept, a person set the very same value."""
    account = live((None, "0.8", None))
    account.give(writer=Hollow(account.adapter))
    wanted = account.plan().changes[0].after
    assert isinstance(wanted, Money)

    def sleeps() -> None:
        account.step(minutes=5)
        platform = account.adapter._platform
        campaign = platform.campaign(account.adapter.entities().ref(1).id)
        assert campaign is not None
        platform.set(
            Kind.CAMPAIGN_BUDGET, campaign.budget_id, Field.AMOUNT, wanted.micros, by="anna", client="web"
        )

    record = carried_out(account, Point.OUTCOME_RECORDED, sleeps)
    assert states(record) == [State.UNKNOWN]
    account.step(minutes=11)

    steps = settling.settle(account.parts, epoch=0)

    assert [step.state for step in steps] == [State.NOT_APPLIED]
    assert "anna" in steps[0].because


def test_what_expired_while_the_sender_slept_is_not_sent() -> None:
    """An approval is good until it expires, also for a word that was written before."""
    account = live((None, "0.8", None))
    before = account.budgets()

    record = carried_out(account, Point.WORD_WRITTEN, lambda: account.step(hours=25))

    assert states(record) == [State.NOT_APPLIED]
    assert account.budgets() == before


def test_a_sender_that_can_never_compare_in_time_sends_nothing() -> None:
    """A machine so slow that each look is old when it is over may not send on it."""
    account = live((None, "0.8", None))
    before = account.budgets()
    slow = account.adapter.read

    class Slow:
        def __getattr__(self, name: str) -> object:
            return getattr(account.adapter, name)

        def read(self, levers: object) -> object:
            account.clock.move_to(account.clock.now() + timedelta(minutes=1))
            return slow(levers)  # type: ignore[arg-type]

    account.give(writer=Slow())

    record = carried_out(account, Point.COMPARED, lambda: None)

    assert states(record) == [State.NOT_APPLIED]
    assert account.budgets() == before
