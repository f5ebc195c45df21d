"""Plans, approvals and the steps of changes: legal, whole, and never sent by who does not lead."""

from collections.abc import Sequence

import pytest
import sample
from seen import at

from agent.domain.approval import Approval
from agent.domain.errors import Deposed, Halted, LedgerError, Mistake
from agent.domain.lever import Lever
from agent.domain.money import Money
from agent.domain.outcome import State, Step
from agent.domain.plan import Change, Decision, Plan
from agent.domain.proposal import Proposal
from agent.domain.record import Halt, PlanRecord
from agent.domain.ref import AccountId, Kind, Ref
from agent.ports.ledger import Ledger


def drawn_up(n: int = 2, *, days: float = 0, account: AccountId = sample.ACCOUNT.id) -> Plan:
    """A plan of so many budget changes, drawn up so many days after the first Monday."""
    decisions = []
    for i in range(n):
        ref = Ref(account.platform, account.account, Kind.CAMPAIGN, f"{i:06d}")
        before, after = Money.of(50, "EUR"), Money.of(60, "EUR")
        wish = Proposal(ref, Lever.DAILY_BUDGET, after, "sells well", "test")
        decisions.append(Decision(wish, before, (), Change(ref, Lever.DAILY_BUDGET, before, after)))
    return Plan(account, at(days), at(days + 1), "policy", "snapshot", 7, tuple(decisions))


def steps(plan: Plan, state: State, *, of: slice = slice(None), because: str = "") -> list[Step]:
    return [Step(plan.id, change.id, state, because) for change in plan.changes[of]]


def word(plan: Plan, approved: Sequence[int] = (), rejected: Sequence[int] = (), **other: str) -> Approval:
    """An approval of the changes at these positions."""
    ids = [change.id for change in plan.changes]
    return Approval(
        plan_id=plan.id,
        fingerprint=other.get("fingerprint", plan.fingerprint),
        approved=frozenset(ids[i] for i in approved),
        rejected=frozenset(ids[i] for i in rejected),
        by="ada",
        at=at(0.1),
        comment="fine",
    )


def stored(ledger: Ledger, plan: Plan) -> PlanRecord:
    record = ledger.plan(plan.fingerprint)
    assert record is not None
    return record


def states(ledger: Ledger, plan: Plan) -> list[State]:
    return [record.state for record in stored(ledger, plan).changes.values()]


def test_a_plan_comes_back_with_its_changes_proposed_in_order(ledger: Ledger) -> None:
    """Nothing of what a reviewer must see is lost."""
    plan = drawn_up(3)

    ledger.record_plan(plan)
    ledger.record_plan(plan)

    record = stored(ledger, plan)
    assert record.plan == plan
    assert list(record.changes) == [change.id for change in plan.changes]
    assert {change.state for change in record.changes.values()} == {State.PROPOSED}
    assert record.changes[plan.changes[0].id].since == plan.drawn_up_at
    assert record.open
    assert len(ledger.plans()) == 1


def test_a_plan_is_found_by_the_beginning_of_its_fingerprint_if_it_is_the_only_one(ledger: Ledger) -> None:
    """People type eight characters, or fewer."""
    plans = [drawn_up(1, days=i) for i in range(20)]
    for plan in plans:
        ledger.record_plan(plan)

    assert stored(ledger, plans[3]).plan == plans[3]
    assert (found := ledger.plan(plans[5].id)) is not None
    assert found.plan == plans[5]
    assert ledger.plan("") is None  # twenty plans begin so
    assert ledger.plan("xyz") is None
    assert ledger.plan("%") is None


def test_plans_are_listed_newest_first_by_account_and_openness(ledger: Ledger) -> None:
    """A reviewer sees what waits."""
    other = AccountId("simulated", "other")
    first, second, third = drawn_up(days=0), drawn_up(days=1, account=other), drawn_up(days=2)
    empty = drawn_up(0, days=3)
    for plan in (first, second, third, empty):
        ledger.record_plan(plan)
    ledger.record_approval(word(third, rejected=[0, 1]), steps(third, State.REJECTED))

    assert [record.plan for record in ledger.plans()] == [empty, third, second, first]
    assert [record.plan for record in ledger.plans(only_open=True)] == [second, first]
    assert [record.plan for record in ledger.plans(other)] == [second]
    assert [record.plan for record in ledger.plans(limit=1)] == [empty]
    assert list(ledger.plans(AccountId("simulated", "never seen"))) == []


def test_every_open_plan_is_found_however_many_came_after_it(ledger: Ledger) -> None:
    """What may have been applied is settled, also when it stands in a plan of long ago."""
    doubtful = drawn_up(1)
    ledger.record_plan(doubtful)
    for i in range(1, 105):
        ledger.record_plan(drawn_up(1, days=i / 100))

    found = ledger.plans(sample.ACCOUNT.id, only_open=True)

    assert len(found) == 105
    assert found[-1].plan == doubtful


def test_an_approval_is_kept_with_the_states_that_follow_from_it(ledger: Ledger) -> None:
    """Who decided what, when and why is there for ever."""
    plan = drawn_up(3)
    ledger.record_plan(plan)
    approval = word(plan, approved=[0], rejected=[2])
    follows = [*steps(plan, State.APPROVED, of=slice(0, 1)), *steps(plan, State.REJECTED, of=slice(2, 3))]

    ledger.record_approval(approval, follows)

    assert stored(ledger, plan).approvals == (approval,)
    assert states(ledger, plan) == [State.APPROVED, State.PROPOSED, State.REJECTED]
    assert stored(ledger, plan).changes[plan.changes[0].id].since == approval.at


@pytest.mark.parametrize("fault", ["plan", "fingerprint", "change", "decided", "both", "step"])
def test_a_word_that_does_not_fit_the_plan_is_refused_whole(ledger: Ledger, fault: str) -> None:
    """Approval is of this plan as it stands, or of nothing."""
    plan = drawn_up(3)
    ledger.record_plan(plan)
    ledger.record_approval(word(plan, rejected=[2]), steps(plan, State.REJECTED, of=slice(2, 3)))
    follows = steps(plan, State.APPROVED, of=slice(0, 1))
    unfit = {
        "plan": word(drawn_up(1, days=9), approved=[0]),
        "fingerprint": word(plan, approved=[0], fingerprint="0" * 64),
        "change": Approval(plan.id, plan.fingerprint, frozenset({"none"}), frozenset(), "ada", at(1)),
        "decided": word(plan, approved=[0, 2]),
        "both": word(plan, approved=[0], rejected=[0]),
        "step": word(plan, rejected=[0]),
    }[fault]

    with pytest.raises(Mistake):
        ledger.record_approval(unfit, follows)

    assert states(ledger, plan) == [State.PROPOSED, State.PROPOSED, State.REJECTED]
    assert len(stored(ledger, plan).approvals) == 1


def test_a_change_goes_its_way_step_by_step(ledger: Ledger) -> None:
    """The last step and its reason stand in the record."""
    plan = drawn_up(1)
    epoch = ledger.take_lead(sample.ACCOUNT.id, "here", 1, at(0))
    ledger.record_plan(plan)
    ledger.record_approval(word(plan, approved=[0]), steps(plan, State.APPROVED))

    ledger.advance(steps(plan, State.SENDING), at(0.2), epoch=epoch)
    ledger.advance(steps(plan, State.UNKNOWN, because="timeout"), at(0.3), epoch=epoch)
    ledger.advance(steps(plan, State.APPLIED, because="seen on the platform"), at(0.4), epoch=epoch)

    (record,) = stored(ledger, plan).changes.values()
    assert (record.state, record.since, record.because) == (State.APPLIED, at(0.4), "seen on the platform")
    assert not stored(ledger, plan).open


def test_one_illegal_step_undoes_all_of_them(ledger: Ledger) -> None:
    """Nothing is half advanced."""
    plan = drawn_up(2)
    epoch = ledger.take_lead(sample.ACCOUNT.id, "here", 1, at(0))
    ledger.record_plan(plan)
    ledger.record_approval(word(plan, approved=[0]), steps(plan, State.APPROVED, of=slice(0, 1)))

    with pytest.raises(LedgerError, match="cannot become"):
        ledger.advance(steps(plan, State.SENDING), at(0.2), epoch=epoch)
    with pytest.raises(LedgerError, match="has no change"):
        ledger.advance(
            [*steps(plan, State.EXPIRED), Step(plan.id, "none", State.EXPIRED)], at(0.2), epoch=epoch
        )

    assert states(ledger, plan) == [State.APPROVED, State.PROPOSED]


def test_who_no_longer_leads_writes_nothing(ledger: Ledger) -> None:
    """A frozen leader that wakes up must neither send nor tell what it saw before it froze."""
    plan = drawn_up(2)
    old = ledger.take_lead(sample.ACCOUNT.id, "here", 1, at(0))
    ledger.record_plan(plan)
    ledger.record_approval(word(plan, approved=[0, 1]), steps(plan, State.APPROVED))
    ledger.advance(steps(plan, State.SENDING, of=slice(0, 1)), at(0.2), epoch=old)
    new = ledger.take_lead(sample.ACCOUNT.id, "there", 2, at(0.3))

    with pytest.raises(Deposed, match="epoch"):
        ledger.advance(steps(plan, State.SENDING, of=slice(1, 2)), at(0.4), epoch=old)
    with pytest.raises(Deposed, match="epoch"):
        ledger.advance(steps(plan, State.APPLIED, of=slice(0, 1)), at(0.4), epoch=old)
    ledger.advance(steps(plan, State.UNKNOWN, of=slice(0, 1)), at(0.4), epoch=new)

    assert new > old
    assert states(ledger, plan) == [State.UNKNOWN, State.APPROVED]


def test_nothing_is_sent_while_halted(ledger: Ledger) -> None:
    """The stop is asked in the same transaction that lets a change go."""
    plan = drawn_up(1)
    epoch = ledger.take_lead(sample.ACCOUNT.id, "here", 1, at(0))
    ledger.record_plan(plan)
    ledger.record_approval(word(plan, approved=[0]), steps(plan, State.APPROVED))
    ledger.halt(Halt("ada", at(0.1), "odd spend"))

    with pytest.raises(Halted, match="odd spend"):
        ledger.advance(steps(plan, State.SENDING), at(0.2), epoch=epoch)
    assert states(ledger, plan) == [State.APPROVED]
    ledger.resume("ada", at(0.3))
    ledger.advance(steps(plan, State.SENDING), at(0.4), epoch=epoch)

    assert states(ledger, plan) == [State.SENDING]


def test_ends_are_ends_and_only_reading_settles_the_unknown() -> None:
    """The life of a change has no way back and no second send."""
    ends = [state for state in State if not state.open]

    assert not any(end.may_become(state) for end in ends for state in State)
    assert not any(state.may_become(State.SENDING) for state in State if state is not State.APPROVED)
    assert not any(state.may_become(State.APPROVED) for state in State if state is not State.PROPOSED)
    assert not State.PROPOSED.may_become(State.APPLIED)
