"""Learning phase: what learns is left alone, but money can be stopped."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
import sample
from wishes import eur, told, wish

from agent.domain.lever import Lever, Ratio, Status, Value
from agent.domain.portfolio import Goal, Portfolio
from agent.domain.ref import Kind
from agent.domain.snapshot import Snapshot
from agent.domain.verdict import Deny
from agent.guardrails.learning_phase import LearningPhase
from agent.steps.guard import Fence, guard

BUDGET = Lever.DAILY_BUDGET


def learner(stands: float = 50, *, learning: bool = True, lever: Lever = BUDGET, kind: str = "") -> Snapshot:
    """A campaign and, where a kind is given, something in it; the campaign is learning."""
    table = sample.entities([stands, stands], levers={Lever.TARGET_ROAS: [4_000_000] * 2})
    kinds = np.array([Kind.CAMPAIGN, kind or Kind.CAMPAIGN])
    parents = np.array(["", "000001" if kind else ""])
    return sample.snapshot(replace(table, kinds=kinds, parents=parents, learning=np.array([learning, False])))


@pytest.mark.parametrize(
    ("target", "wait", "verdict"), [(55, True, "deny"), (45, None, "deny"), (55, False, "allow")]
)
def test_what_is_learning_is_left_alone(target: float, wait: bool | None, verdict: str) -> None:
    """Raised or cut; unset waits, "ignore" goes on."""
    snapshot = learner()

    said = LearningPhase(wait).judge(wish(snapshot.entities, str(target)), snapshot)

    assert told(said) == verdict
    assert told(LearningPhase(wait).judge(wish(snapshot.entities, 55, row=1), snapshot)) == "allow"
    if isinstance(said, Deny):
        assert said.because == "the platform says that it is learning; a change would make it learn anew"


@pytest.mark.parametrize(
    ("kind", "verdict"), [(Kind.AD_GROUP, "deny"), (Kind.KEYWORD, "deny"), (Kind.AD_SET, "allow")]
)
def test_what_is_in_a_campaign_that_learns_learns(kind: Kind, verdict: str) -> None:
    """Meta's ad sets learn each for itself."""
    snapshot = learner(kind=kind)

    assert told(LearningPhase(True).judge(wish(snapshot.entities, 55, row=1), snapshot)) == verdict


def test_it_may_be_paused_and_not_started() -> None:
    """To stop money is always allowed."""
    snapshot = learner()
    pause = wish(snapshot.entities, Status.PAUSED, lever=Lever.STATUS)
    start = wish(snapshot.entities, Status.ENABLED, lever=Lever.STATUS)

    assert told(LearningPhase(True).judge(pause, snapshot)) == "allow"
    assert told(LearningPhase(True).judge(start, snapshot)) == "deny"


@pytest.mark.parametrize(
    ("lever", "stands", "cap", "target", "verdict"),
    [
        (BUDGET, 50, eur(40), "40", "allow"),  # the edge
        (BUDGET, 50, eur(40), "45", "allow"),
        (BUDGET, 50, eur(40), "30", "clamp 40.00 EUR"),
        (BUDGET, 50, eur(50), "45", "deny"),
        (BUDGET, 50, eur(40), "55", "deny"),
        (Lever.TARGET_ROAS, 50, Ratio.of("5"), "5.0", "allow"),  # higher asks for less spend
        (Lever.TARGET_ROAS, 50, Ratio.of("5"), "6.0", "clamp 5.00"),
        (Lever.TARGET_ROAS, 50, Ratio.of("3"), "5.0", "deny"),
    ],
)
def test_a_ceiling_forces_a_cut_and_no_more_of_it(
    lever: Lever, stands: float, cap: Value, target: str, verdict: str
) -> None:
    """For a target ROAS the floor is what protects money."""
    snapshot = learner(stands)

    said = LearningPhase(True, {lever: cap}).judge(wish(snapshot.entities, target, lever=lever), snapshot)  # type: ignore[dict-item]  # money or ratio

    assert told(said) == verdict


def test_a_pot_that_is_exceeded_forces_cuts_of_daily_budgets() -> None:
    """A smaller pot, or a month that runs out, does not wait for the platform to have learned."""
    snapshot = learner()
    guardrail = LearningPhase(True, over_pot=frozenset({snapshot.entities.ref(0)}))

    assert told(guardrail.judge(wish(snapshot.entities, 30), snapshot)) == "allow"
    assert told(guardrail.judge(wish(snapshot.entities, 60), snapshot)) == "deny"


def test_guarding_knows_whose_pot_is_exceeded() -> None:
    """Two budgets of 50 and a pot of 90: what learns may be cut. With a pot of 100 it waits."""
    snapshot = learner()
    rows = np.arange(len(snapshot))
    fence = Fence((LearningPhase(True),), 9, Fraction(1), eur(1000), 9, Fraction(1))

    for pot, change in ((90, True), (100, False)):
        cut = snapshot.only(rows, Portfolio("all", Goal.VALUE, eur(pot)))
        (decision,) = guard(snapshot, [cut], [wish(snapshot.entities, 45)], fence, {})
        assert (decision.change is not None) is change

    tight = replace(fence, account_ceiling=eur(150))  # twice 100 is more
    (decision,) = guard(snapshot, [], [wish(snapshot.entities, 45)], tight, {})
    assert decision.change is not None
