"""Back to how levers stood at a moment: what gebot moved since, and nothing that a person has touched."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import pytest
from live import START, Live
from numpy.random import Generator
from taking_back import account, back_to, budget, carried_out, edit

from agent import cycle
from agent.clock import SteppedClock
from agent.domain.lever import Lever, Status
from agent.domain.money import Money
from agent.domain.proposal import Proposal
from agent.domain.snapshot import Snapshot
from agent.guardrails.permission import LeverAllowed, StatusAllowed
from agent.guardrails.sane import Sane
from agent.steps.undo import restore


@dataclass(frozen=True)
class Pause:
    """A decider that pauses the first campaign."""

    name: str = "pause"

    def propose(self, snapshot: Snapshot, rng: Generator) -> Iterable[Proposal]:
        yield Proposal(snapshot.entities.ref(0), Lever.STATUS, Status.PAUSED, "to see", self.name)


def lived(*factors: str | None, days: int = 3) -> Live:
    """An account that was observed, and then steered for some days."""
    one = account(*factors)
    cycle.look(one.parts)
    one.step(hours=1)
    for _ in range(days):
        one.carry_out()
        one.step(days=1)
    return one


def test_levers_go_back_over_several_plans_at_once() -> None:
    """Each lever once, to where it stood at that moment."""
    one = account("1.1", "0.9", None)
    before = one.budgets()
    one = lived("1.1", "0.9", None)
    assert one.budgets() != before

    back = carried_out(one, back_to(one, START))

    assert one.budgets() == before
    assert len(back.plan.changes) == 2
    assert all("3 times since" in decision.proposal.because for decision in back.plan.decisions)


def test_a_moment_between_two_plans_goes_back_to_between_them() -> None:
    """Not to the beginning."""
    one = lived("1.1", None, None, days=1)
    between = one.budgets()
    moment = one.clock.now()
    one.step(hours=1)
    one.carry_out()
    one.step(hours=1)
    assert one.budgets() != between

    carried_out(one, back_to(one, moment))

    assert one.budgets() == between


def test_what_gebot_paused_goes_on() -> None:
    """Pausing is a lever like any other."""
    one = account(None)
    switches = (Sane(), LeverAllowed(frozenset({Lever.STATUS})), StatusAllowed(frozenset(Status)))
    one.give(fence=replace(one.parts.fence, guardrails=switches, for_undo=switches))
    one.decide(Pause())
    cycle.look(one.parts)
    one.step(hours=1)
    record = one.carry_out()
    assert record.plan.changes
    one.step(hours=1)

    carried_out(one, back_to(one, START))

    ref = record.plan.changes[0].ref
    assert one.adapter.read([(ref, Lever.STATUS)])[ref, Lever.STATUS] is Status.ENABLED


def test_what_a_person_has_set_since_is_left_alone() -> None:
    """The last word is theirs, and it is told whose."""
    one = lived("1.1", "0.9", None)
    first, second = (change.ref for change in one.parts.ledger.plans(limit=1)[0].plan.changes)
    edit(one, first, 77)
    one.step(minutes=5)

    found = back_to(one, START)

    assert [wish.ref for wish in found.wishes] == [second]
    assert "set by anna@example.com" in found.left[0].because


def test_what_a_person_had_set_before_gebot_moved_it_is_not_overrun() -> None:
    """Between that moment and gebot's change a person chose another value: that is not restored over."""
    one = account("1.1", None, None)
    cycle.look(one.parts)
    one.step(hours=1)
    ref = one.adapter.entities().ref(0)
    edit(one, ref, 77)
    cycle.look(one.parts)
    one.step(days=1)
    one.carry_out()
    stood = budget(one, ref)
    one.step(hours=1)

    found = back_to(one, START)

    assert not found.wishes
    assert "somebody had set 77.00 EUR before" in found.left[0].because
    assert budget(one, ref) == stood


def test_a_person_between_two_changes_of_gebot_is_seen() -> None:
    """In the middle of the chain as well."""
    one = lived("1.1", None, None, days=1)
    ref = one.adapter.entities().ref(0)
    edit(one, ref, 77)
    cycle.look(one.parts)
    one.step(days=1)
    one.carry_out()
    one.step(hours=1)

    assert "somebody had set 77.00 EUR before" in back_to(one, START).left[0].because


def test_what_is_gone_is_named() -> None:
    """A removed campaign cannot be brought back, nor a new one to where it never stood."""
    one = lived("1.1", None, None)
    snapshot, then = cycle.known(one.parts), cycle.known(replace(one.parts, clock=SteppedClock(START)))
    assert snapshot is not None and then is not None
    history = one.parts.ledger.applied(one.parts.account, START)

    gone = restore(then, history, snapshot.only(np.array([1, 2])), [])
    new = restore(then.only(np.array([1, 2])), history, snapshot, [])

    assert not gone.wishes and "is gone" in gone.left[0].because
    assert not new.wishes and "was not known at that time" in new.left[0].because


@pytest.mark.parametrize(("lever", "wishes"), [(Lever.DAILY_BUDGET, 1), (Lever.STATUS, 0)])
def test_only_the_levers_that_were_asked_for_go_back(lever: Lever, wishes: int) -> None:
    """The others stay, and nothing is said of them."""
    one = lived("1.1", None, None)

    found = back_to(one, START, [lever])

    assert (len(found.wishes), found.left) == (wishes, ())


def test_levers_that_gebot_has_not_moved_are_none_of_its_business() -> None:
    """People's own work since that moment stays."""
    one = lived("1.1", None, None)
    other = one.adapter.entities().ref(2)
    edit(one, other, 55)
    one.step(minutes=5)

    carried_out(one, back_to(one, START))

    assert budget(one, other) == Money.of(55, "EUR")
