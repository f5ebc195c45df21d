"""Approve: what is refused, and what the policy lets through unasked."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest
from live import START, Live, live

from agent import cycle
from agent.domain.approval import Approval
from agent.domain.board import OPEN, Board
from agent.domain.errors import Mistakes
from agent.domain.lever import Lever
from agent.domain.money import Money
from agent.domain.outcome import State
from agent.domain.plan import Change, Decision, Plan
from agent.domain.proposal import Proposal
from agent.domain.record import PlanRecord
from agent.domain.ref import Kind, Ref
from agent.domain.role import Role
from agent.domain.seal import UNKEYED
from agent.steps.approve import Nobody, Policy, approve


def record(account: Live) -> PlanRecord:
    account.give(approver=Nobody())
    return cycle.put_forward(account.parts, account.plan(), epoch=0)


def approval(plan: Plan, **changed: object) -> Approval:
    ids = frozenset(change.id for change in plan.changes)
    return replace(Approval(plan.id, plan.fingerprint, ids, frozenset(), "ben", START), **changed)  # type: ignore[arg-type]  # named by the test


def test_an_approval_of_another_version_by_a_stranger_too_late_is_refused_for_all_three_reasons() -> None:
    """Everything that speaks against it is said at once."""
    waiting = record(live())
    forged = approval(waiting.plan, fingerprint="0" * 64, by="mallory")
    board = Board({"anna": Role.APPROVER, "ben": Role.APPROVER})

    with pytest.raises(Mistakes) as caught:
        approve(waiting, forged, board=board, seal=UNKEYED, now=START + timedelta(days=2))

    words = " ".join(str(fault) for fault in caught.value.each())
    assert "another version" in words and "mallory" in words and "expired" in words


def test_a_change_cannot_be_decided_twice() -> None:
    """Nor approved and rejected in one breath."""
    waiting = record(live())
    first = waiting.plan.changes[0].id
    both = approval(waiting.plan, approved=frozenset({first}), rejected=frozenset({first}))
    with pytest.raises(Mistakes, match="not approved"):
        approve(waiting, both, board=OPEN, seal=UNKEYED, now=START)

    decided = replace(
        waiting, changes={id_: replace(item, state=State.REJECTED) for id_, item in waiting.changes.items()}
    )
    with pytest.raises(Mistakes):
        approve(decided, approval(waiting.plan), board=OPEN, seal=UNKEYED, now=START)


def change(before: int, after: int, id_: str = "1", currency: str = "EUR") -> Change:
    ref = Ref("simulated", "demo", Kind.CAMPAIGN, id_)
    return Change(ref, Lever.DAILY_BUDGET, Money.of(before, currency), Money.of(after, currency))


def plan_of(*changes: Change) -> Plan:
    decisions = tuple(
        Decision(Proposal(one.ref, one.lever, one.after, "x", "s"), one.before, (), one) for one in changes
    )
    account = changes[0].ref.account_id
    return Plan(account, START, START + timedelta(days=1), "policy", "snapshot", 1, decisions)


def test_the_policy_lets_small_changes_through_and_leaves_the_rest_to_people() -> None:
    """By the size of each, and by what they raise together."""
    policy = Policy(frozenset({Lever.DAILY_BUDGET}), Fraction(1, 10), Money.of(50, "EUR"))
    small, large, cut = change(100, 110, "1"), change(100, 111, "2"), change(100, 95, "3")

    given = policy.review(plan_of(small, large, cut))

    assert given is not None and given.approved == {small.id, cut.id} and given.by == "policy"


def test_raises_that_are_too_much_together_all_wait() -> None:
    """Ten small raises are one large one."""
    policy = Policy(frozenset({Lever.DAILY_BUDGET}), Fraction(1, 10), Money.of(50, "EUR"))
    raises = [change(100, 106, str(n)) for n in range(9)]
    cut = change(100, 95, "cut")

    given = policy.review(plan_of(*raises, cut))

    assert given is not None and given.approved == {cut.id}


def test_raises_in_another_money_than_the_policy_speaks_of_all_wait() -> None:
    """5,000 JPY unasked are not 5,000 EUR unasked; cuts go."""
    policy = Policy(frozenset({Lever.DAILY_BUDGET}), Fraction(1, 10), Money.of(5_000, "JPY"))
    cut = change(100, 95, "cut")

    given = policy.review(plan_of(change(10_000, 10_900), cut))

    assert given is not None and given.approved == {cut.id}
