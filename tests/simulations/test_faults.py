"""The faulty adapter: it fails as planned, and only as planned."""

import numpy as np
import pytest
from simulated_account import noon, platform

from agent.clock import SteppedClock
from agent.domain.errors import RateLimited, Unreachable
from agent.domain.lever import Lever
from agent.domain.money import Money
from agent.domain.outcome import Accepted, Ambiguous, Refused
from agent.domain.plan import Change
from agent.ports.platform import Adapter
from simulations.faults import FAULTS_OF_WRITES, Befalls, Faulty, drawn
from simulations.simulated.adapter import SimulatedAdapter


def account() -> SimulatedAdapter:
    return SimulatedAdapter(platform(SteppedClock(noon(3))))


def four_changes(of: Adapter) -> list[Change]:
    table = of.entities()
    money = Money.of(7, "EUR")
    return [Change(table.ref(row), Lever.DAILY_BUDGET, money, money) for row in range(4)]


@pytest.mark.parametrize(
    ("fault", "receipts", "applied"),
    [
        (Befalls.NOTHING, [Accepted] * 4, [0, 1, 2, 3]),
        (Befalls.LOST_REQUEST, [Ambiguous] * 4, []),
        (Befalls.LOST_REPLY, [Ambiguous] * 4, [0, 1, 2, 3]),
        (Befalls.HALF_REFUSED, [Accepted, Refused] * 2, [0, 2]),
        (Befalls.HALF_LOST, [Accepted, Ambiguous] * 2, [0, 1, 2, 3]),
    ],
)
def test_receipts_and_truth_part_as_planned(fault: Befalls, receipts: list[type], applied: list[int]) -> None:
    simulated = account()
    changes = four_changes(simulated)

    given = Faulty(simulated, writes=[fault]).apply(changes)

    assert [type(receipt) for receipt in given] == receipts
    assert [edit.ref for edit in simulated.history(noon(0))] == [changes[row].ref for row in applied]


@pytest.mark.parametrize(
    ("fault", "error"), [(Befalls.UNREACHABLE, Unreachable), (Befalls.RATE_LIMITED, RateLimited)]
)
def test_what_is_raised_was_not_applied(fault: Befalls, error: type[Exception]) -> None:
    simulated = account()
    changes = four_changes(simulated)
    faulty = Faulty(simulated, writes=[fault])

    with pytest.raises(error):
        faulty.apply(changes)

    assert simulated.history(noon(0)) == []
    assert [type(receipt) for receipt in faulty.apply(changes)] == [Accepted] * 4


def test_reads_fail_by_their_own_plan() -> None:
    faulty = Faulty(account(), reads=[Befalls.NOTHING, Befalls.UNREACHABLE])

    faulty.entities()
    with pytest.raises(Unreachable):
        faulty.history(noon(0))

    assert len(faulty.entities()) == 20


def test_a_drawn_plan_is_as_faulty_as_asked() -> None:
    plan = drawn(np.random.default_rng(1), 5000, 0.3, FAULTS_OF_WRITES)

    assert plan == drawn(np.random.default_rng(1), 5000, 0.3, FAULTS_OF_WRITES)
    assert sum(each is not Befalls.NOTHING for each in plan) == pytest.approx(1500, abs=150)
    assert set(plan) == set(Befalls)
