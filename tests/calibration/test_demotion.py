"""Demotion, live: who boasts loses the right to act unasked, and everybody is told."""

from dataclasses import replace

from live import states
from seer import Morning, live_through, seen_by_a_seer

from agent import cycle
from agent.domain.approval import Approval
from agent.domain.calibration import Calibration, Reliability, Tolerance
from agent.domain.outcome import State, Step
from agent.domain.plan import Plan
from agent.parts import Parts

DOUBT = 0.5


def last_word(mornings: list[Morning]) -> Calibration:
    (found,) = mornings[-1].plan.calibration
    return found


def approve_by_hand(parts: Parts, plan: Plan, change_id: str) -> None:
    word = Approval(plan.id, plan.fingerprint, frozenset({change_id}), frozenset(), "ada", parts.clock.now())
    parts.ledger.record_approval(
        word.sealed(parts.seal), [Step(plan.id, change_id, State.APPROVED, "by ada")]
    )


def test_a_boaster_is_demoted_and_its_changes_wait_for_a_person() -> None:
    """Intervals ten times too narrow: 60 days of one market (seed 1), mode auto throughout."""
    mornings = live_through(seen_by_a_seer(1, doubt=DOUBT, narrower=10.0), 60)

    demoted = [bool(morning.plan.proposals_only) for morning in mornings]
    first = demoted.index(True)
    before, after = mornings[:first], mornings[first:]
    assert last_word(mornings[: first + 1]).n >= Tolerance().min_changes
    assert {state for one in before for state in states(one.record)} == {State.APPLIED}
    waiting = [one for one in after if one.plan.proposals_only and one.plan.changes]
    assert waiting and all(set(states(one.record)) == {State.PROPOSED} for one in waiting)
    assert any("wait for a person" in note for note in mornings[first].plan.notes)


def test_one_that_is_right_goes_on_unasked() -> None:
    """The same market, the same errors, honest intervals."""
    mornings = live_through(seen_by_a_seer(1, doubt=DOUBT, narrower=1.0), 60)

    found = last_word(mornings)
    assert found.n > 40 and found.reliability is not Reliability.TOO_NARROW
    assert not any(morning.plan.proposals_only for morning in mornings)
    assert {state for one in mornings for state in states(one.record)} == {State.APPLIED}


def test_what_a_person_approves_is_carried_out_all_the_same() -> None:
    """Demoted is not silenced: proposals go on, and a word of a person moves them."""
    account = seen_by_a_seer(1, doubt=DOUBT, narrower=10.0)
    live_through(account, 60)
    plan = account.plan()
    cycle.put_forward(account.parts, plan, epoch=0)
    (change,) = plan.changes[:1]

    approve_by_hand(account.parts, plan, change.id)
    after = cycle.carry_out(account.parts, plan.fingerprint, epoch=0)

    assert plan.proposals_only == {"seer"}
    assert after.changes[change.id].state is State.APPLIED
    assert [item.state for id_, item in after.changes.items() if id_ != change.id] == [State.PROPOSED] * (
        len(plan.changes) - 1
    )


def test_switched_off_it_is_told_and_nothing_else() -> None:
    """`demote = false` leaves the policy alone."""
    account = seen_by_a_seer(1, doubt=DOUBT, narrower=10.0)
    account.give(tolerance=Tolerance(demote=False))

    mornings = live_through(account, 60)

    assert last_word(mornings).reliability is Reliability.TOO_NARROW
    assert {state for one in mornings for state in states(one.record)} == {State.APPLIED}


def test_the_plan_is_the_same_whoever_asks_and_how_often() -> None:
    """Judging past changes draws nothing and depends on no order."""
    account = seen_by_a_seer(1, doubt=DOUBT, narrower=10.0)
    live_through(account, 40)

    one, two = account.plan(), account.plan()

    assert one.calibration and one == two
    assert one.fingerprint == replace(two, calibration=()).fingerprint
