"""The example of docs/governance.md, lived through on a stepped clock."""

from pathlib import Path

import pytest
from house import House, example

from agent import approving
from agent.config.may import check_may
from agent.domain.due import DueKind
from agent.domain.errors import Halted, Mistake, Mistakes
from agent.domain.outcome import State
from agent.domain.role import Act
from agent.report.asked_lines import asked_lines
from agent.stopping import Stopping

LARGE, SMALL = 0, 1


def told(house: House, plan: object) -> list[tuple[str, tuple[str, ...], int]]:
    """Why, whom, and since which hour; of what is in the tier."""
    large = plan.changes[LARGE].id  # type: ignore[attr-defined]  # a plan
    return [
        (one.kind.value, one.to, one.since.hour)
        for one in house.due(plan)  # type: ignore[arg-type]  # a plan
        if large in one.change_ids
    ]


def test_two_approve_what_is_large_and_one_what_is_not(house: House) -> None:
    """07:00 anna approves both: the small one goes, the large one when ben has approved it too."""
    plan = house.draws_up()
    assert told(house, plan) == [("waits", ("anna", "ben"), 6)]

    house.at(1)
    house.approves(plan, "anna")

    assert house.ticks(plan) == [State.PROPOSED, State.APPLIED]
    asked = approving.asked_now(house.office, house.record(plan))
    assert asked_lines(asked.values(), house.account.clock.now()) == [
        "1 change in 'large': waits for a second approval by ben; anna said yes; goes to chief at 10:00 UTC"
    ]

    house.at(2.5)
    house.approves(plan, "ben", LARGE)

    assert house.ticks(plan) == [State.APPLIED, State.APPLIED]
    assert house.record(plan).changes[plan.changes[LARGE].id].sent_at is not None


def test_the_chief_is_asked_after_four_hours_and_not_before(house: House) -> None:
    """What the chief said too early is refused, and is no word later."""
    plan = house.draws_up()
    house.at(1)
    house.approves(plan, "anna")

    with pytest.raises(Mistakes, match="not approved") as caught:
        house.approves(plan, "chief", LARGE)
    house.at(2)

    (fault,) = caught.value.each()
    assert "chief is not asked in its tier 'large'; ben can; chief from 2026-11-21 10:00 UTC on" in str(fault)
    assert told(house, plan) == [("waits", ("ben",), 6), ("reminder", ("ben",), 8)]

    house.at(4)

    assert told(house, plan)[-1] == ("escalated", ("chief",), 10)
    asked = approving.asked_now(house.office, house.record(plan))[plan.changes[LARGE].id]
    assert asked.asked == ("ben", "chief")
    house.approves(plan, "Chief", LARGE)
    assert house.ticks(plan) == [State.APPLIED, State.APPLIED]


def test_where_nobody_answers_the_plan_expires_and_is_never_applied(house: House) -> None:
    """Neither with one word of two, nor with none."""
    before = house.account.budgets()
    plan = house.draws_up()
    house.at(23)
    house.approves(plan, "eva", SMALL)
    house.account.give(writer=None)  # the daemon has no way to write just then
    house.at(24)

    assert house.due(plan) == []
    with pytest.raises(Mistakes, match="not approved"):
        house.approves(plan, "anna", LARGE)
    house.account.give(writer=house.account.adapter)
    assert house.ticks(plan) == [State.EXPIRED, State.EXPIRED]
    assert house.account.budgets() == before


def test_one_no_is_enough(house: House) -> None:
    """Also of somebody whose yes would not count yet, and against a yes that came first."""
    plan = house.draws_up()
    house.approves(plan, "anna")

    house.rejects(plan, "chief", LARGE)

    assert house.ticks(plan) == [State.REJECTED, State.APPLIED]
    with pytest.raises(Mistakes):
        house.approves(plan, "ben", LARGE)


def test_nobody_counts_twice(house: House) -> None:
    """However the name is spelled."""
    plan = house.draws_up()
    house.approves(plan, "anna", LARGE)

    for again in ("anna", "Anna", " ANNA ", "\uff41nna"):
        with pytest.raises(Mistakes) as caught:
            house.approves(plan, again, LARGE)
        assert "anna has approved it already; ben can" in str(caught.value.each()[0])

    assert house.ticks(plan)[LARGE] is State.PROPOSED


@pytest.mark.parametrize("who", ["otto", "guest", "a stranger", "policy", ""])
def test_who_may_not_decide_does_not(house: House, who: str) -> None:
    """Neither yes nor no; nothing is on record."""
    plan = house.draws_up()

    for says in (house.approves, house.rejects):
        with pytest.raises(Mistake, match="may not approve or reject"):
            says(plan, who)

    assert house.record(plan).approvals == ()


def test_the_author_is_not_the_approver(house: House) -> None:
    """What anna wishes for takes two others; the small of it one other."""
    large = house.wishes("1.5", by="anna")
    with pytest.raises(Mistakes) as caught:
        house.approves(large, "Anna")
    house.approves(large, "ben")
    house.at(5)
    assert house.states(large) == [State.PROPOSED]
    house.approves(large, "chief")

    small = house.wishes("1.1", by="chief")
    with pytest.raises(Mistakes):
        house.approves(small, "chief")
    house.approves(small, "anna")

    assert "anna drew it up and cannot approve it; ben can" in str(caught.value.each()[0])
    assert house.states(small) == [State.APPROVED]
    assert house.ticks(large) == [State.APPLIED]


def test_the_author_may_where_the_board_says_so(house: House, tmp_path: Path) -> None:
    """Or take back their own wish, always."""
    plan = house.wishes("1.5", by="anna")
    house.rejects(plan, "anna")
    house.now_has(example(tmp_path, anyone_may_stop="true\nauthor_may_approve = true"))
    again = house.wishes("1.4", by="anna")

    house.approves(again, "anna")
    house.approves(again, "ben")

    assert house.states(plan) == [State.REJECTED]
    assert house.ticks(again) == [State.APPLIED]


def test_anybody_stops_everything_and_an_admin_resumes(house: House, tmp_path: Path) -> None:
    """Nothing of what was approved is sent in between."""
    plan = house.draws_up()
    house.approves(plan, "anna")
    stopping = Stopping(house.settings, lambda: house.ledger)

    stopping.halt(check_may(house.settings, "guest", Act.STOP), "that cannot be right")

    assert check_may(house.settings, "a passer-by", Act.STOP) == "a passer-by"
    with pytest.raises(Halted, match="halted by guest: that cannot be right"):
        house.ticks(plan)
    assert house.states(plan) == [State.PROPOSED, State.APPROVED]
    for who in ("guest", "otto", "anna", "chief"):
        with pytest.raises(Mistake, match="eva may"):
            check_may(house.settings, who, Act.RESUME)

    stopping.resume(check_may(house.settings, "eva", Act.RESUME))

    assert house.ticks(plan) == [State.PROPOSED, State.APPLIED]
    with pytest.raises(Mistake, match="anna, ben, chief, eva or otto may"):
        check_may(example(tmp_path, anyone_may_stop="false"), "guest", Act.STOP)


def test_what_is_due_has_a_name_that_lasts(house: House) -> None:
    """Asked again, the same is due under the same key; who said a word is not told again."""
    plan = house.draws_up()
    house.at(3)

    first = {one.key for one in house.due(plan)}
    house.at(3.5)
    second = {one.key for one in house.due(plan)}

    assert first == second and len(first) == 4
    assert {one.kind for one in house.due(plan)} == {DueKind.WAITS, DueKind.REMINDER}
    house.approves(plan, "anna", LARGE)
    assert told(house, plan) == [("waits", ("ben",), 6), ("reminder", ("ben",), 8)]
