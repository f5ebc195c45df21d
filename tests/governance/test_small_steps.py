"""Ten steps of +10 % within a day are one large step, for people and for the policy."""

from fractions import Fraction
from pathlib import Path

import pytest
from house import House
from live import Scale

from agent import cycle
from agent.domain.lever import Lever
from agent.domain.money import Money
from agent.domain.outcome import State
from agent.steps.approve import Policy


def test_the_step_at_which_the_sum_crosses_needs_two(tmp_path: Path) -> None:
    """The first goes with one word, each one after it with two; after a day of rest one is enough again."""
    house = House(tmp_path, ("1.1",))
    words = []

    for step in range(10):
        house.at(2 * step)
        plan = house.draws_up()
        house.approves(plan, "anna")
        words.append(1)
        if house.ticks(plan) == [State.PROPOSED]:
            house.approves(plan, "ben")
            words[-1] = 2
            assert house.ticks(plan) == [State.APPLIED]
    house.at(18 + 23.6)
    plan = house.draws_up()
    house.approves(plan, "anna")

    assert words == [1] + [2] * 9
    assert house.ticks(plan) == [State.APPLIED]
    house.ledger.close()


def test_what_fell_and_rises_again_is_measured_from_both(tmp_path: Path) -> None:
    """-15 % and then +16 % is near where it began; each is small, and so is their sum."""
    house = House(tmp_path, ("0.85",))
    for hours, factor in ((0, "0.85"), (2, "1.16"), (4, "1.16"), (6, "1.16")):
        house.at(hours)
        house.account.decide(Scale((factor,)))
        plan = house.draws_up()
        house.approves(plan, "anna")
        found = house.ticks(plan)

        assert found == [State.APPLIED if hours < 6 else State.PROPOSED], hours
    house.ledger.close()


def test_the_policy_lets_one_small_step_through_and_no_second(tmp_path: Path) -> None:
    """Within 15 % unasked: +10 % goes, and another +10 % waits."""
    house = House(tmp_path, ("1.1",))
    policy = Policy(frozenset({Lever.DAILY_BUDGET}), Fraction(3, 20), Money.of(1000, "EUR"))
    house.account.give(approver=policy)

    first = house.draws_up()
    assert house.ticks(first) == [State.APPLIED]
    house.at(2)
    second = house.draws_up()

    assert house.ticks(second) == [State.PROPOSED]


@pytest.mark.parametrize(("limit", "second"), [("12", State.PROPOSED), ("1000", State.APPLIED)])
def test_the_total_that_goes_unasked_counts_what_rose_before(
    tmp_path: Path, limit: str, second: State
) -> None:
    """Two raises of about 10 EUR come to 20 EUR on the second."""
    house = House(tmp_path, ("1.1",))
    first = house.account.budgets()[0]
    step = first // 10
    total = Money(step * int(limit) // 10, "EUR")
    policy = Policy(frozenset({Lever.DAILY_BUDGET}), Fraction(1, 2), total)
    house.account.give(approver=policy)

    one = house.draws_up()
    states = house.ticks(one)
    house.at(2)
    two = house.draws_up()

    assert states == [State.APPLIED]
    assert house.ticks(two) == [second]
    house.ledger.close()


def test_the_policy_lets_nothing_through_that_a_tier_covers(house: House) -> None:
    """However large its own limits are."""
    policy = Policy(frozenset(Lever), Fraction(1), Money.of(100_000, "EUR"), house.settings.approval.board)
    house.account.give(approver=policy)

    plan = house.draws_up()

    assert house.ticks(plan) == [State.PROPOSED, State.APPLIED]


def test_the_policy_may_not_send_later_what_a_new_tier_covers(house: House) -> None:
    """It is asked again right before the send, with the board of then."""
    limits = frozenset(Lever), Fraction(1), Money.of(100_000, "EUR")
    house.account.give(approver=Policy(*limits))
    plan = house.draws_up()
    assert house.states(plan) == [State.APPROVED, State.APPROVED]

    house.account.give(approver=Policy(*limits, house.settings.approval.board))
    record = cycle.carry_out(house.account.parts, plan.fingerprint, epoch=0)

    large, small = record.changes.values()
    assert (large.state, small.state) == (State.NEEDS_REVIEW, State.APPLIED)
    assert large.because == "not sent: the policy would not let it through now"
