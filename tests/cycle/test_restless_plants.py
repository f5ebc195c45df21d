"""Plants that would drive a lever back and forth: the guardrails on moves bring them to rest."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from fractions import Fraction

import pytest
from live import Live, fence, live
from numpy.random import Generator

from agent import cycle
from agent.domain.lever import Lever, Status, number_of
from agent.domain.money import Money
from agent.domain.outcome import State
from agent.domain.plan import Change
from agent.domain.proposal import Proposal
from agent.domain.snapshot import Snapshot
from agent.guardrails.outside_edit import Quarantine, TakeBack
from agent.guardrails.restless import ChangesPerDay, FlipFlop
from agent.ports.deciding import Guardrail

BUDGET = Lever.DAILY_BUDGET
ROOMY = Money.of(1_000_000, "EUR")


@dataclass(frozen=True)
class Inverting:
    """Undoes whatever was done last: what stands below the first budget is raised, all else is cut."""

    first: int

    def propose(self, snapshot: Snapshot, rng: Generator) -> Iterable[Proposal]:
        present = snapshot.entities.value(0, BUDGET)
        assert isinstance(present, Money)
        first = Money(self.first, present.currency)
        lower = first.times(Fraction(9, 10)).rounded_down(10_000)
        target = first if present < first else lower
        yield Proposal(snapshot.entities.ref(0), BUDGET, target, "to undo the last one", "inverting")


def guarded(account: Live, *guardrails: Guardrail) -> None:
    """Only these stand between the plant and the account, with the limits of a run."""
    account.give(fence=replace(fence(ceiling="10000000"), guardrails=guardrails))


def moves_within(account: Live, hours: int, *, every: timedelta) -> list[int]:
    """How many changes each hour of cycles made, one cycle after the other."""
    made = []
    end = account.clock.now() + timedelta(hours=hours)
    while account.clock.now() < end:
        record = account.carry_out()
        made.append(sum(item.state is State.APPLIED for item in record.changes.values()))
        account.clock.move_to(account.clock.now() + every)
    return made


def test_a_plant_that_inverts_every_change_comes_to_rest() -> None:
    """There, back, and then nothing for two days; without the guardrail it never ends."""
    wild, tame = live(campaigns=1, pot=ROOMY), live(campaigns=1, pot=ROOMY)
    for account in (wild, tame):
        account.decide(Inverting(account.budgets()[0]))
    guarded(wild)
    guarded(tame, FlipFlop(timedelta(days=2)))

    assert sum(moves_within(wild, 30, every=timedelta(hours=1))) == 30
    made = moves_within(tame, 50, every=timedelta(hours=1))

    assert made[:2] == [1, 1]
    assert sum(made[2:49]) == 0
    assert made[49] == 1


def test_a_lever_moves_at_most_so_often_a_day_whoever_restarts() -> None:
    """The count is in the ledger: parts that are made anew know it."""
    account = live(campaigns=1, pot=ROOMY)
    account.decide(Inverting(account.budgets()[0]))
    guarded(account, ChangesPerDay(BUDGET, 4))

    made = moves_within(account, 23, every=timedelta(hours=1))
    account.give(clock=account.clock)  # as after a restart: nothing but the ledger is kept

    assert sum(made) == 4
    assert sum(moves_within(account, 24, every=timedelta(hours=1))) == 4


def test_an_account_sends_at_most_so_many_changes_an_hour() -> None:
    """Six cycles of three changes each, ten an hour."""
    account = live(("1.01", "1.01", "1.01"), pot=ROOMY)
    account.give(
        fence=replace(fence(ceiling="10000000"), guardrails=(), max_changes_per_hour=10),
    )

    made = moves_within(account, 1, every=timedelta(minutes=10))

    assert made == [3, 3, 3, 1, 0, 0]


@pytest.mark.parametrize(("after", "taken_back"), [(None, False), (timedelta(days=3), True)])
def test_what_a_person_set_rests_and_is_taken_back_only_where_that_is_allowed(
    after: timedelta | None, taken_back: bool
) -> None:
    """A person doubles what gebot has cut; gebot rests for a day, and cuts again only when it may."""
    account = live(("0.9",), campaigns=1, pot=ROOMY)
    guarded(account, Quarantine(timedelta(days=1)), TakeBack({} if after is None else {BUDGET: after}))
    account.carry_out()
    by_hand = set_by_hand(account, 2)
    account.step(minutes=1)

    made = moves_within(account, 24 * 5, every=timedelta(hours=12))

    assert sum(made[:6]) == 0
    assert (account.budgets()[0] < by_hand) is taken_back
    assert (sum(made) > 0) is taken_back


def set_by_hand(account: Live, factor: int) -> int:
    """Somebody else's change of the first budget, which the next reading sees."""
    account.step(hours=1)
    table = account.adapter.entities()
    before = table.value(0, BUDGET)
    assert isinstance(before, Money)
    after = Money(before.micros * factor, before.currency)
    account.adapter.apply([Change(table.ref(0), BUDGET, before, after)])
    cycle.look(account.parts)
    return number_of(after)


def test_the_status_of_what_a_person_paused_is_left_alone() -> None:
    """A plant that starts whatever is paused."""

    class Starting:
        def propose(self, snapshot: Snapshot, rng: Generator) -> Iterable[Proposal]:
            yield Proposal(snapshot.entities.ref(1), Lever.STATUS, Status.ENABLED, "it sold well", "starting")

    account = live(("0.9", None, None))
    guarded(account, TakeBack({}))
    account.carry_out()  # from now on gebot has sent something
    account.step(hours=1)
    table = account.adapter.entities()
    pause = Change(table.ref(1), Lever.STATUS, Status.ENABLED, Status.PAUSED)
    account.adapter.apply([pause])
    account.decide(Starting())

    made = moves_within(account, 48, every=timedelta(hours=12))

    assert sum(made) == 0
