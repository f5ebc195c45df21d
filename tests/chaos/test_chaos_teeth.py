"""Teeth: each invariant of chaos is seen to break when something does what must not be done."""

from collections.abc import Sequence
from datetime import timedelta
from fractions import Fraction

import pytest

from agent.domain.approval import Approval
from agent.domain.lever import Lever
from agent.domain.money import Money
from agent.domain.outcome import State, Step
from agent.domain.plan import Change, Decision, Plan
from agent.domain.proposal import Proposal
from agent.domain.record import Halt
from agent.ledger.memory.ledger import MemoryLedger
from simulations.chaos.calm import Calm
from simulations.chaos.campaigns import enough_done
from simulations.chaos.chance import EditTo, PersonEdits, Stop
from simulations.chaos.findings import Useful
from simulations.chaos.invariants import Invariant
from simulations.chaos.judge import judge
from simulations.chaos.platform import ACCOUNT, START
from simulations.chaos.shape import THREE
from simulations.chaos.wire import Sender
from simulations.chaos.witness import Witness
from simulations.chaos.world import World

LIFE = 1
REF = THREE.campaigns[0]
SOON = timedelta(minutes=1)


class Told:
    """A world in which a test plays the part of the product."""

    def __init__(self, factor: str = "0.9") -> None:
        self.ledger = MemoryLedger()
        self.world = World(self.ledger, Calm(), lambda words: None)
        self.epoch = self.ledger.take_lead(ACCOUNT.id, "a", 1, START)
        self.witness = Witness(self.ledger, self.world.intents, Calm(), LIFE)
        before = Money(self.world.platform.stands[REF], "EUR")
        after = before.times(Fraction(factor)).rounded_down(ACCOUNT.unit_micros)
        self.change = Change(REF, Lever.DAILY_BUDGET, before, after)
        proposal = Proposal(REF, Lever.DAILY_BUDGET, after, "to see", "test")
        decision = Decision(proposal, before, (), self.change)
        self.plan = Plan(ACCOUNT.id, START, START + timedelta(days=1), "policy", "data", 1, (decision,))
        self.ledger.record_plan(self.plan)
        approval = Approval(
            self.plan.id, self.plan.fingerprint, frozenset({self.change.id}), frozenset(), "anna", START
        )
        self.witness.record_approval(approval, [self.step(State.APPROVED, "by anna")])

    def step(self, state: State, because: str = "") -> Step:
        return Step(self.plan.id, self.change.id, state, because)

    def tell(self, *states: State) -> None:
        """The ledger is told these, one after the other."""
        for state in states:
            self.witness.advance([self.step(state, "so it is said")], self.world.now, epoch=self.epoch)

    def send(self, epoch: int | None = None) -> None:
        """The request leaves, and the platform does as asked."""
        seen = dict(self.world.platform.stands)
        sender = Sender(LIFE, self.epoch if epoch is None else epoch, seen)
        for operation in self.world.wire.leaves([self.change], sender):
            self.world.platform.carries_out(operation, timedelta(0), timedelta(0))

    def look(self) -> None:
        self.ledger.record_entities(self.world.platform.table(), self.world.now)

    def judged(self) -> list[Invariant]:
        judge(self.world)
        return self.broken()

    def broken(self) -> list[Invariant]:
        return [breach.invariant for breach in self.world.book.breaches]


def test_a_change_that_goes_as_it_should_breaks_nothing() -> None:
    """Word, send, read, told: every invariant that applies was tried."""
    told = Told()
    told.tell(State.SENDING)
    told.send()
    told.tell(State.APPLIED)
    told.look()

    assert told.judged() == []


def test_a_request_before_its_word_is_seen() -> None:
    """Whoever sends first and commits then has forgotten it after a crash."""
    told = Told()

    told.send()

    assert told.broken() == [Invariant.WORD_FIRST]


def test_a_second_request_for_one_intent_is_seen() -> None:
    """There is no retry of writes."""
    told = Told()
    told.tell(State.SENDING)
    told.send()

    told.send()

    assert Invariant.ONCE in told.broken()


def test_a_request_with_an_old_epoch_is_seen() -> None:
    """Somebody else leads by now."""
    told = Told()
    told.tell(State.SENDING)
    told.ledger.take_lead(ACCOUNT.id, "b", 2, told.world.now)

    told.send()

    assert told.broken() == [Invariant.EPOCH]


@pytest.mark.parametrize("by_file", [True, False])
def test_a_request_after_a_stop_is_seen(*, by_file: bool) -> None:
    """What was on its way when the stop came is let go; what leaves later is not."""
    told = Told()
    told.tell(State.SENDING)
    told.world.put_up_stop(Stop(timedelta(hours=1), by_file=by_file))
    told.world.passes(SOON)

    told.send()

    assert told.broken() == [Invariant.STOP]


def test_a_request_after_the_end_of_its_plan_is_seen() -> None:
    """What was approved for a day is not approved for the next one; clocks may differ a little."""
    told = Told()
    told.tell(State.SENDING)
    told.world.passes(timedelta(days=1) + SOON)

    told.send()

    assert told.broken() == [Invariant.EXPIRY]


def test_a_halt_over_nothing_is_seen() -> None:
    """Whoever cries wolf is switched off."""
    told = Told()
    told.look()
    told.tell(State.SENDING)
    told.send()
    told.tell(State.APPLIED)
    told.look()
    told.witness.halt(Halt("gebot", told.world.now, "the statement differs", ACCOUNT.id))

    assert told.judged() == [Invariant.ALARM]


def test_a_halt_over_a_false_entry_is_no_false_alarm() -> None:
    """It is what the halt is for."""
    told = Told()
    told.tell(State.SENDING, State.APPLIED)
    told.look()
    told.witness.halt(Halt("gebot", told.world.now, "the statement differs", ACCOUNT.id))

    assert told.judged() == [Invariant.TRUE_ENTRY]


def test_a_raise_into_room_that_a_change_in_doubt_may_take_is_seen() -> None:
    """The platform has not heard of the other one; but nobody who sends can know that."""
    told = Told(factor="1.1")
    told.world.platform.person_sets(THREE.campaigns[1], 30_000_000, timedelta(0))
    key = ("another plan", "another change")
    full = Change(THREE.campaigns[1], Lever.DAILY_BUDGET, Money.of("30", "EUR"), Money.of("40", "EUR"))
    told.world.intents.approved(key[0], {key[1]: full})
    told.world.intents.took(Step(*key, State.SENDING), LIFE + 1)
    told.world.intents.took(Step(*key, State.UNKNOWN), LIFE + 1)
    told.tell(State.SENDING)

    told.send()

    assert told.broken() == [Invariant.CAP]


def test_a_request_onto_an_edit_that_could_be_seen_is_seen() -> None:
    """The person wins."""
    told = Told()
    told.tell(State.SENDING)
    told.world.person_edits(PersonEdits(EditTo.ANYTHING))
    told.world.passes(SOON)

    told.send()

    assert told.broken() == [Invariant.PERSON]


def test_a_raise_beyond_the_pot_is_seen() -> None:
    """With what is on its way counted as if it stood."""
    told = Told(factor="1.1")
    told.tell(State.SENDING)

    told.send()

    assert told.broken() == [Invariant.CAP]


@pytest.mark.parametrize(
    ("claims", "sent"),
    [
        ([State.SENDING, State.APPLIED], False),
        ([State.SENDING, State.NOT_APPLIED], True),
        ([State.SENDING, State.UNKNOWN, State.NOT_APPLIED], True),
    ],
)
def test_an_entry_that_the_platform_belies_is_seen(claims: Sequence[State], *, sent: bool) -> None:
    """Whichever way the ledger is wrong."""
    told = Told()
    told.tell(State.SENDING)
    if sent:
        told.send()
    told.tell(*claims[1:])
    told.look()

    assert told.judged() == [Invariant.TRUE_ENTRY]


def test_a_change_that_stays_open_is_seen() -> None:
    """Stuck, and without an end."""
    told = Told()
    told.tell(State.SENDING)
    told.look()

    assert told.judged() == [Invariant.NOT_LOST, Invariant.NOT_STUCK]


def test_an_end_without_a_reason_is_seen() -> None:
    """A reviewer is owed one."""
    told = Told()
    told.witness.advance([told.step(State.CAPPED)], told.world.now, epoch=told.epoch)
    told.look()

    assert told.judged() == [Invariant.NOT_LOST]


def test_a_ledger_that_shows_what_no_longer_stands_is_seen() -> None:
    """At rest the two are the same."""
    told = Told()
    told.tell(State.SENDING)
    told.look()
    told.send()
    told.tell(State.APPLIED)

    assert told.judged() == [Invariant.AT_REST]


def test_doing_nothing_is_seen() -> None:
    """A product that never sends breaks no invariant but this one."""
    assert enough_done(Useful(0, 800)).violations > 0
    assert enough_done(Useful(610, 800)).violations == 0


def test_what_a_dead_process_tells_reaches_nobody() -> None:
    """A crash ends everything, also what stands behind `finally`."""
    told = Told()
    told.witness.dead = True

    with pytest.raises(SystemExit):
        told.tell(State.SENDING)
    with pytest.raises(SystemExit):
        told.witness.plans(ACCOUNT.id)
