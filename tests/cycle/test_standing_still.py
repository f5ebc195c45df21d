"""Standing still: a process that sleeps between its last look and the wire overwrites nobody."""

from collections.abc import Callable
from datetime import timedelta

from live import Live, live, states

from agent import cycle
from agent.domain.lever import Lever
from agent.domain.money import Money
from agent.domain.outcome import State
from agent.domain.plan import Change
from agent.domain.points import Point
from agent.domain.record import PlanRecord


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
    """Nobody has moved the lever in the meantime: the change goes out, once."""
    account = live((None, "0.8", None))

    record = carried_out(account, Point.WORD_WRITTEN, lambda: account.step(minutes=5))

    assert states(record) == [State.APPLIED]


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
