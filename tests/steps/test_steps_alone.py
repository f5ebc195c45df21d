"""Each step for itself: what it refuses, what it keeps, what it tells."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import pytest
import sample
from live import Scale, live
from numpy.random import Generator
from polars.exceptions import PanicException

from agent import cycle
from agent.domain.entity import Account, EntityTable
from agent.domain.errors import Misunderstood, Unreachable
from agent.domain.lever import Lever
from agent.domain.money import Money
from agent.domain.portfolio import Goal, Portfolio
from agent.domain.proposal import Evidence, Interval, Proposal
from agent.domain.snapshot import Grade, Snapshot
from agent.steps.approve import Nobody
from agent.steps.decide import Decider, Desk, Membership, decide, members
from simulations.faults import Befalls, Faulty
from simulations.simulated.adapter import SimulatedAdapter


@dataclass(frozen=True)
class Broken:
    """A decider with a bug."""

    def propose(self, snapshot: Snapshot, rng: Generator) -> Iterable[Proposal]:
        yield from Scale(("1.1",)).propose(snapshot, rng)
        raise ZeroDivisionError("a bug")


def desk(*deciders: object, membership: Membership | None = None, name: str = "all") -> Desk:
    named = tuple(Decider(f"d{n}", one) for n, one in enumerate(deciders))  # type: ignore[arg-type]  # strategies
    return Desk(Portfolio(name, Goal.VALUE), membership or Membership(), named)


def test_a_decider_that_fails_proposes_nothing_and_the_others_go_on() -> None:
    """Not even what it had proposed before it failed; the plan says so."""
    snapshot = sample.snapshot(sample.entities([50.0, 60.0]))

    (wishes,) = decide(snapshot, [desk(Broken(), Scale((None, "1.1")))], seed=1)

    assert [proposal.ref.id for proposal in wishes.heard] == ["000002"]
    assert "ZeroDivisionError" in wishes.notes[0]


def test_a_panic_below_python_costs_no_more_than_one_decider() -> None:
    """What Polars raises then is no Exception."""

    class Panics:
        def propose(self, snapshot: Snapshot, rng: Generator) -> Iterable[Proposal]:
            raise PanicException("index out of bounds")

    snapshot = sample.snapshot(sample.entities([50.0]))

    (wishes,) = decide(snapshot, [desk(Panics(), Scale(("1.1",)))], seed=1)

    assert [proposal.ref.id for proposal in wishes.heard] == ["000001"]
    assert "index out of bounds" in wishes.notes[0]


def test_of_two_wishes_for_one_lever_the_earlier_decider_is_heard() -> None:
    """And the later one stays on record."""
    snapshot = sample.snapshot(sample.entities([50.0]))

    (wishes,) = decide(snapshot, [desk(Scale(("1.1",), "first"), Scale(("0.9",), "second"))], seed=1)

    assert [proposal.source for proposal in wishes.heard] == ["first"]
    assert [(proposal.source, heard) for proposal, heard in wishes.not_heard] == [("second", "first")]


def test_an_entity_belongs_to_the_first_portfolio_that_holds_it() -> None:
    """By name, whatever its case; by label; and not if it is excluded."""
    table = sample.entities(
        [1.0] * 4,
        names=["Brand search", "BRAND video", "Generic", "Other"],
        labels=[frozenset(), frozenset(), frozenset({"eu"}), frozenset()],
    )
    brand = desk(membership=Membership(("brand*",), exclude=("*video*",)), name="brand")
    eu = desk(membership=Membership(labels=frozenset({"eu"})), name="eu")
    rest = desk(name="rest")

    rows = members(sample.snapshot(table), [brand, eu, rest])

    assert [taken.tolist() for taken in rows] == [[0], [2], [1, 3]]


def test_each_decider_has_its_own_chance() -> None:
    """Adding a decider does not change what another one draws."""

    @dataclass(frozen=True)
    class Draws:
        name: str

        def propose(self, snapshot: Snapshot, rng: Generator) -> Iterable[Proposal]:
            target = Money(int(rng.integers(1, 10**9)) * 10_000, "EUR")
            evidence = Evidence(posterior=Interval(1.0, 0.0, 2.0))
            ref = snapshot.entities.ref(int(self.name))
            yield Proposal(ref, Lever.DAILY_BUDGET, target, "drawn", self.name, evidence=evidence)

    snapshot = sample.snapshot(sample.entities([50.0, 60.0]))
    alone = decide(snapshot, [Desk(Portfolio("p", Goal.VALUE), Membership(), (Decider("a", Draws("0")),))], 7)
    both = decide(
        snapshot,
        [
            Desk(
                Portfolio("p", Goal.VALUE), Membership(), (Decider("b", Draws("1")), Decider("a", Draws("0")))
            )
        ],
        7,
    )

    assert alone[0].heard[0] in both[0].heard
    assert alone[0].heard[0].evidence.seed == 7


def test_a_platform_that_answers_for_another_account_is_not_believed() -> None:
    """Nothing of its answer is recorded."""
    account = live()

    class Stranger(Faulty):
        def account(self) -> Account:
            return replace(super().account(), currency="USD")

    account.plan()
    account.give(reader=Stranger(account.adapter))

    with pytest.raises(Misunderstood, match="currency"):
        cycle.look(account.parts)


def test_an_account_that_suddenly_has_no_entities_is_not_believed() -> None:
    """An empty answer is an outage until proven otherwise."""
    account = live()
    account.plan()

    class Emptied(Faulty):
        def entities(self) -> EntityTable:
            return super().entities().take(np.array([], dtype=np.intp))

    account.give(reader=Emptied(account.adapter))

    with pytest.raises(Misunderstood, match="no"):
        cycle.look(account.parts)


def test_an_outage_leaves_no_hole_once_it_is_over() -> None:
    """Days that nobody read are read when the platform is back, beyond the days read anew each time."""
    account = live()
    account.give(reread_days=3)
    account.plan()
    account.step(days=10)
    account.give(reader=Faulty(account.adapter, reads=[Befalls.UNREACHABLE] * 3))
    with pytest.raises(Unreachable):
        cycle.look(account.parts)
    account.give(reader=account.adapter)

    cycle.look(account.parts)

    snapshot = cycle.known(account.parts)
    assert snapshot is not None and snapshot.freshness.grade is Grade.FRESH
    assert snapshot.metrics.known.all()


def test_old_metrics_are_stale_and_their_age_is_told() -> None:
    """Six hours without a look, and the snapshot says so."""
    account = live()
    account.plan()
    account.step(hours=7)

    snapshot = cycle.known(account.parts)

    assert snapshot is not None and snapshot.freshness.grade is Grade.STALE


def test_the_lag_of_conversions_is_learned_from_looking_again() -> None:
    """After weeks of looking, the share reported on the day itself is near the market's own."""
    account = live(campaigns=20)
    account.give(reread_days=30, approver=Nobody())
    for _ in range(40):
        account.step(days=1)
        cycle.look(account.parts)

    snapshot = cycle.known(account.parts)

    assert snapshot is not None and snapshot.maturity_learned
    assert (np.diff(snapshot.maturity) <= 0).all()
    assert 0.3 < snapshot.maturity[-1] < 0.9


def test_a_budget_below_what_the_platform_accepts_is_told_in_a_note_of_the_plan() -> None:
    """Once, with what a person can do; one that stands at it is well."""
    account = live((None, None, None))
    stands = min(account.budgets())
    facts = replace(account.adapter.account(), min_daily_budget_micros=stands + 1_000_000)
    account.give(reader=Stricter(account.adapter, facts))
    below = account.plan()
    facts = replace(facts, min_daily_budget_micros=stands)
    account.give(reader=Stricter(account.adapter, facts))
    account.step(hours=1)
    well = account.plan()

    told = [note for note in below.notes if "the least that the platform accepts" in note]

    assert len(told) == 1 and "set them to it at the platform" in told[0]
    assert not [note for note in well.notes if "the least that the platform accepts" in note]


class Stricter(Faulty):
    """A platform that tells other facts of its account."""

    def __init__(self, inner: SimulatedAdapter, facts: Account) -> None:
        super().__init__(inner)
        self._facts = facts

    def account(self) -> Account:
        return self._facts

    def entities(self) -> EntityTable:
        return replace(super().entities(), account=self._facts)
