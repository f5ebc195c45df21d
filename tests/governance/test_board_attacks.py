"""Attacks on the board: words that are forged, replayed, too early, too late or of a laxer board."""

from dataclasses import replace
from pathlib import Path

import pytest
from house import House, example

from agent import cycle
from agent.domain.approval import Approval
from agent.domain.errors import Mistake
from agent.domain.lever import Value
from agent.domain.money import Money
from agent.domain.outcome import State, Step
from agent.domain.plan import Plan
from agent.ledger.codec import encode
from agent.ledger.steps import check_approval

LARGE, SMALL = 0, 1


def _halved(value: Value | None) -> Value | None:
    return replace(value, micros=value.micros // 2) if isinstance(value, Money) else value


def word(house: House, plan: Plan, by: str, hours: float = 0) -> Approval:
    """A genuine word on all changes, whether its author might say it or not."""
    ids = frozenset(change.id for change in plan.changes)
    at = house.at(hours)
    return Approval(plan.id, plan.fingerprint, ids, frozenset(), by, at).sealed(house.seal)


def smuggles(house: House, *words: Approval) -> None:
    """Past the check of when it was said: as another gebot, or a race, might record it."""
    for one in words[:-1]:
        house.ledger.record_approval(one, [])
    last = words[-1]
    steps = [Step(last.plan_id, id_, State.APPROVED, "smuggled") for id_ in sorted(last.approved)]
    house.ledger.record_approval(last, steps)


def large(house: House, plan: Plan) -> tuple[State, str]:
    """Where the change in the tier ends at a tick, and why."""
    cycle.carry_out(house.account.parts, plan.fingerprint, epoch=0)
    found = house.record(plan).changes[plan.changes[LARGE].id]
    return found.state, found.because


def test_one_word_of_two_is_not_enough_at_the_send(house: House) -> None:
    """Whatever the ledger calls the change."""
    before = house.account.budgets()[LARGE]
    plan = house.draws_up()
    smuggles(house, word(house, plan, "anna"))

    state, because = large(house, plan)

    assert state is State.NEEDS_REVIEW
    assert because.startswith("not sent: of 2 approvals it needs it has 1: it waits for a second approval")
    assert house.account.budgets()[LARGE] == before


def test_two_words_of_one_person_are_one(house: House) -> None:
    """In two spellings."""
    plan = house.draws_up()
    smuggles(house, word(house, plan, "anna"), word(house, plan, "Anna"), word(house, plan, "\uff41nna "))

    assert large(house, plan)[0] is State.NEEDS_REVIEW


def test_a_word_before_its_time_does_not_come_to_count(house: House) -> None:
    """The chief said yes an hour too early, and is asked since."""
    plan = house.draws_up()
    smuggles(house, word(house, plan, "anna", 1), word(house, plan, "chief", 3))
    house.at(5)

    assert large(house, plan)[0] is State.NEEDS_REVIEW


def test_a_word_on_time_counts(house: House) -> None:
    """The test above has no other reason than the hour."""
    plan = house.draws_up()
    smuggles(house, word(house, plan, "anna", 1), word(house, plan, "chief", 4))
    house.at(5)

    assert large(house, plan)[0] is State.APPLIED


def test_the_authors_word_does_not_count_at_the_send(house: House) -> None:
    """Neither for the tier nor beside it."""
    plan = house.wishes("1.5", by="anna")
    smuggles(house, word(house, plan, "anna"), word(house, plan, "ben"))

    assert large(house, plan)[0] is State.NEEDS_REVIEW


def test_a_word_on_another_plan_does_not_count(house: House) -> None:
    """The same changes an hour later: ben has approved those of the first plan."""
    first = house.draws_up()
    smuggles(house, word(house, first, "ben"))
    house.at(1)
    second = house.draws_up()
    assert {one.id for one in first.changes} == {one.id for one in second.changes}
    replayed = replace(
        word(house, first, "ben", 1), plan_id=second.id, fingerprint=second.fingerprint
    )  # with the signature of the first

    smuggles(house, word(house, second, "anna", 1), replayed)

    state, because = large(house, second)
    assert state is State.NEEDS_REVIEW
    assert because == "not sent: its approval by 'ben' does not bear gebot's seal"


def test_a_word_after_the_end_does_not_count(house: House) -> None:
    """Signed and all, but said when the plan was void."""
    plan = house.draws_up()
    smuggles(
        house,
        word(house, plan, "anna"),
        replace(word(house, plan, "ben"), at=plan.expires_at).sealed(house.seal),
    )

    state, because = large(house, plan)

    assert state is State.NEEDS_REVIEW and "came when the plan had expired" in because


STRICTER = {
    "more people": {"above": '"4%"'},
    "others": {"approvers": '["cleo", "chief", "ben"]', "by": '["cleo", "ben"]'},
    "another one": {"by": '["ben", "eva"]'},
}


@pytest.mark.parametrize("what", STRICTER)
def test_the_board_of_the_send_counts(house: House, tmp_path: Path, what: str) -> None:
    """What was enough when it was approved is not sent when more is asked for since."""
    plan = house.draws_up()
    house.approves(plan, "anna")
    house.approves(plan, "ben", LARGE)
    before = house.account.budgets()

    house.now_has(example(tmp_path, **STRICTER[what]))
    cycle.carry_out(house.account.parts, plan.fingerprint, epoch=0)

    held = {"more people": [SMALL], "others": [LARGE, SMALL], "another one": [LARGE]}[what]
    states = house.states(plan)
    assert [place for place, state in enumerate(states) if state is State.NEEDS_REVIEW] == held
    assert [house.account.budgets()[place] == before[place] for place in (LARGE, SMALL)] == [
        place in held for place in (LARGE, SMALL)
    ]


def test_another_policy_makes_it_void_before(house: House) -> None:
    """A change of config.toml that touches approvals or limits: open plans expire at the next tick."""
    plan = house.draws_up()
    house.approves(plan, "anna")
    house.approves(plan, "ben", LARGE)
    house.account.give(policy="another")

    assert house.ticks(plan) == [State.EXPIRED, State.EXPIRED]


SQL = {
    "a second word": "INSERT INTO approval (plan, decided_by, at_us, comment, approved, rejected, signature) "
    "SELECT plan, 'ben', at_us, comment, approved, rejected, signature FROM approval; "
    "UPDATE change SET state = 'approved'",
    "the state alone": "UPDATE change SET state = 'approved'",
    "ben for anna": "UPDATE approval SET decided_by = 'ben'; UPDATE change SET state = 'approved'",
    "another hour": "UPDATE approval SET at_us = at_us + 14400000000; UPDATE change SET state = 'approved'",
    "a bit of the signature": "UPDATE approval SET signature = "
    "CASE substr(signature, 1, 1) WHEN '0' THEN '1' ELSE '0' END || substr(signature, 2); "
    "UPDATE change SET state = 'approved'",
    "a rejection taken out": "UPDATE approval SET rejected = ''; UPDATE change SET state = 'approved'",
}


@pytest.mark.parametrize("what", SQL)
def test_sql_is_no_second_word(house: House, what: str) -> None:
    """Anna has approved the large one; nobody else has."""
    plan = house.draws_up()
    before = house.account.budgets()
    house.approves(plan, "anna", LARGE)
    house.rejects(plan, "ben", SMALL)
    house.sql(*SQL[what].split("; "))

    cycle.carry_out(house.account.parts, plan.fingerprint, epoch=0)

    assert State.APPLIED not in house.states(plan)
    assert house.account.budgets() == before


def test_a_plan_whose_anchor_was_altered_is_not_sent(house: House) -> None:
    """The anchor is in no fingerprint, but the chain knows the plan as it was recorded."""
    plan = house.draws_up()
    house.approves(plan, "anna")
    house.approves(plan, "ben", LARGE)
    altered = replace(
        plan,
        decisions=tuple(replace(one, anchor=_halved(one.before)) for one in plan.decisions),
    )
    assert altered.fingerprint == plan.fingerprint
    house.sql(f"UPDATE plan SET body = x'{encode(altered).hex()}' WHERE id = '{plan.id}'")

    state, because = large(house, plan)

    assert state is State.NEEDS_REVIEW
    assert "chain does not know the plan as it stands" in because


def test_who_comes_second_at_the_same_moment_is_told_of_the_first(house: House) -> None:
    """Both read one plan, and both say yes: the second word is worked out anew, and completes it."""
    plan = house.draws_up()
    stale = house.record(plan)
    house.approves(plan, "anna", LARGE)

    assert not house.ledger.record_approval(word(house, plan, "ben"), [], known=len(stale.approvals))

    house.approves(plan, "ben", LARGE)
    assert house.states(plan)[LARGE] is State.APPROVED


def test_a_step_that_no_word_is_for_is_refused(house: House) -> None:
    """The ledger's own check: nobody's yes lets through what it does not name."""
    plan = house.draws_up()
    one = replace(word(house, plan, "anna"), approved=frozenset({plan.changes[SMALL].id}))
    steps = [Step(plan.id, plan.changes[LARGE].id, State.APPROVED)]

    with pytest.raises(Mistake, match="says no such"):
        check_approval(one, steps, plan.fingerprint, {change.id: State.PROPOSED for change in plan.changes})
