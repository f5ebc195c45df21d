"""What differs between a plan and the same plan drawn up again is shown with both values."""

from dataclasses import replace

from live import live

from agent.domain.money import Money
from agent.domain.plan import Plan
from agent.domain.verdict import Deny, Word
from agent.steps.explain import checks


def drawn_up() -> Plan:
    """A plan of two changes."""
    return live(("1.1", "0.8", None)).plan()


def test_the_same_plan_passes_every_check() -> None:
    """Data, seed, plan, decisions."""
    plan = drawn_up()

    assert all(check.same for check in checks(plan, plan, None))
    assert [check.what for check in checks(plan, plan, plan.decisions[0])][-1] == "decision"


def test_each_thing_that_differs_is_named_with_both_values() -> None:
    """Another wish, other words of a guardrail, a wish that nobody has any more."""
    plan = drawn_up()
    first, second = plan.decisions[:2]
    other = replace(first.proposal, target=Money.of(1, "EUR"), because="another reason")
    denied = replace(second, words=(Word("max_step", Deny("too far")),), change=None)

    wished, refused = checks(plan, replace(plan, decisions=(replace(first, proposal=other), denied)), None)[
        -2:
    ]
    gone = checks(plan, replace(plan, decisions=()), first)[-1]
    moved = checks(plan, replace(plan, seed=plan.seed + 1, snapshot="elsewhere"), None)

    assert f"wished: {first.proposal.target} and now 1.00 EUR" in wished.now
    assert "reason: to see what happens and now another reason" in wished.now
    assert refused.now.endswith(" and now max_step")
    assert f"changed: {second.change.after} and now nothing" in refused.now  # type: ignore[union-attr]  # it has one
    assert (gone.same, gone.now) == (False, "nobody wished for it")
    assert [check.what for check in moved if not check.same] == ["data as known then", "seed", "plan"]


def test_other_evidence_alone_is_a_difference() -> None:
    """Word for word means the figures too."""
    plan = drawn_up()
    first = plan.decisions[0]
    evidence = replace(first.proposal.evidence, maturity=0.5)
    again = replace(first, proposal=replace(first.proposal, evidence=evidence))

    (check,) = checks(plan, replace(plan, decisions=(again, *plan.decisions[1:])), first)[3:]

    assert (check.same, check.now) == (False, "other evidence")


def test_a_plan_of_before_anchors_were_written_down_comes_out_the_same() -> None:
    """An upgrade makes no decision of yesterday look altered; a wrong anchor does."""
    plan = drawn_up()
    older = replace(plan, decisions=tuple(replace(one, anchor=None, portfolio="") for one in plan.decisions))
    wrong = replace(plan, decisions=(replace(plan.decisions[0], anchor=None), *plan.decisions[1:]))

    assert plan.decisions[0].anchor is not None and plan.decisions[0].portfolio == "all"
    assert all(check.same for check in checks(older, plan, None))
    assert not all(check.same for check in checks(wrong, plan, None))
