"""Judge: every guardrail is asked in order, and a wish can only come closer to what stands."""

import time
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction

import numpy as np
import sample
from hypothesis import given
from hypothesis import strategies as st
from wishes import eur, wish

from agent.domain.lever import Lever, Status, number_of
from agent.domain.money import Money
from agent.domain.plan import Change
from agent.domain.proposal import Proposal
from agent.domain.snapshot import Snapshot
from agent.domain.verdict import Clamp, Deny, Verdict, Word
from agent.guardrails.cooldown import Cooldown
from agent.guardrails.evidence import Freshness, Maturity, MinimumEvidence
from agent.guardrails.judge import judge
from agent.guardrails.permission import LeverAllowed, Protected, StatusAllowed
from agent.guardrails.range import Ceiling, Floor, PlatformMinimum
from agent.guardrails.sane import Sane
from agent.guardrails.step import MaxStep, RollingCap
from agent.ports.deciding import Guardrail

BUDGET = Lever.DAILY_BUDGET


def all_guardrails(floor: Money | None = None, ceiling: Money | None = None) -> list[Guardrail]:
    """Fifteen, in the order in which the agent asks them."""
    return [
        LeverAllowed(frozenset({BUDGET})),
        Sane(),
        Protected(frozenset({"brand"})),
        StatusAllowed(frozenset({Status.PAUSED})),
        Freshness(timedelta(hours=36)),
        MinimumEvidence(50, 14),
        Maturity(Fraction(4, 5)),
        Cooldown(BUDGET, timedelta(hours=20)),
        Floor(BUDGET, floor or eur(5)),
        Ceiling(BUDGET, ceiling or eur(500)),
        MaxStep(BUDGET, Fraction(1, 5)),
        RollingCap(BUDGET, Fraction(1, 2)),
        PlatformMinimum(),
        Floor(Lever.CPC_BID, None),
        Ceiling(Lever.CPC_BID, None),
    ]


@dataclass(frozen=True)
class Stubborn:
    """A guardrail that clamps everything to one amount, right or wrong."""

    to: Money
    name: str = "stubborn"

    def judge(self, proposal: Proposal, snapshot: Snapshot) -> Verdict:
        return Clamp(self.to, "so it is")


def test_each_guardrail_judges_what_the_ones_before_left() -> None:
    """500 is clamped to the ceiling of 70 and that to the step of 60."""
    table = sample.entities([50])
    guardrails = [Ceiling(BUDGET, eur(70)), MaxStep(BUDGET, Fraction(1, 5))]

    (decision,) = judge([wish(table, 500)], sample.snapshot(table), guardrails)

    assert decision.change == Change(table.ref(0), BUDGET, eur(50), eur(60))
    assert [(word.guardrail, word.verdict.to) for word in decision.words] == [  # type: ignore[union-attr]  # clamps
        ("daily_budget.ceiling", eur(70)),
        ("daily_budget.max_step", eur(60)),
    ]
    assert decision.proposal.target == eur(500)


def test_the_first_denial_ends_the_matter() -> None:
    """Nobody after it is asked."""
    table = sample.entities([50])

    (decision,) = judge(
        [wish(table, 60)], sample.snapshot(table), [Floor(BUDGET, None), Ceiling(BUDGET, None)]
    )

    assert decision.change is None
    assert decision.words == (Word("daily_budget.floor", Deny("no daily_budget.floor is set")),)


def test_a_wish_for_what_stands_needs_no_words() -> None:
    """It is neither a change nor a denial."""
    table = sample.entities([50])

    (decision,) = judge([wish(table, 50)], sample.snapshot(table), [Floor(BUDGET, None)])

    assert (decision.change, decision.words, decision.before) == (None, (), eur(50))


def test_a_wish_for_a_lever_that_is_not_there_is_denied_even_without_guardrails() -> None:
    """There is no value to come back to."""
    table = sample.entities([50])

    (decision,) = judge([wish(table, 1, lever=Lever.CPC_BID)], sample.snapshot(table), [])

    assert decision.change is None
    assert decision.before is None
    assert decision.words[0].guardrail == "judge"


def test_a_guardrail_cannot_raise_a_wish_or_turn_a_cut_into_a_raise() -> None:
    """Whoever wrote it: such a clamp counts as a denial."""
    table = sample.entities([50])
    snapshot = sample.snapshot(table)

    higher = judge([wish(table, 55)], snapshot, [Stubborn(eur(60))])
    turned = judge([wish(table, 45)], snapshot, [Stubborn(eur(51))])
    other_money = judge([wish(table, 55)], snapshot, [Stubborn(Money.of(52, "USD"))])

    assert [decisions[0].change for decisions in (higher, turned)] == [None, None]
    assert "not between" in str(higher[0].words[0].verdict)
    assert other_money[0].change is None


@given(
    present=st.integers(1, 100_000),
    baseline=st.integers(0, 100_000),
    target=st.integers(-10, 10**12),
    floor=st.integers(1, 50_000),
    ceiling=st.integers(1, 100_000),
)
def test_no_guardrail_ever_turns_a_wish_around(
    present: int, baseline: int, target: int, floor: int, ceiling: int
) -> None:
    """Whatever the limits (even a floor above the ceiling), a change lies between what stands and the wish.

    And where a change is let through, it is within the step, a whole cent and above zero.
    """
    cent = 10_000
    table = sample.entities([present / 100])
    memory = {BUDGET: sample.LeverMemory.unseen(np.array([baseline * cent]), 30)}
    snapshot = sample.snapshot(table, clicks=100, cost=1.0, memory=memory)
    guardrails = all_guardrails(Money(floor * cent, "EUR"), Money(ceiling * cent, "EUR"))

    (decision,) = judge([wish(table, Money(target * cent, "EUR"))], snapshot, guardrails)

    if decision.change is not None:
        before, after = present * cent, number_of(decision.change.after)
        assert min(before, target * cent) <= after <= max(before, target * cent)
        assert abs(after - before) * 5 <= before
        assert after > 0
        assert after % cent == 0


def test_ten_thousand_wishes_are_judged_in_a_second() -> None:
    """14 guardrails each; about half a second of CPU, with room for a slow machine."""
    n = 10_000
    table = sample.entities([50.0] * n)
    snapshot = sample.snapshot(table, n_days=90, cost=40.0, clicks=20)
    cents = np.random.default_rng(1).integers(3500, 7000, n).tolist()
    proposals = [wish(table, Money(cent * 10_000, "EUR"), row=row) for row, cent in enumerate(cents)]

    began = time.process_time()
    decisions = judge(proposals, snapshot, all_guardrails())
    took_s = time.process_time() - began

    assert sum(decision.change is not None for decision in decisions) > n * 0.9
    assert took_s < 2.0
