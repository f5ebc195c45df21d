"""Settle: balances are asked until none objects, and money is never made."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import sample
from hypothesis import given
from hypothesis import strategies as st
from wishes import after, decided, eur

from agent.domain.lever import number_of
from agent.domain.money import Money
from agent.domain.plan import Change, Decision
from agent.domain.snapshot import Snapshot
from agent.guardrails.pot import AccountCeiling, PortfolioPot
from agent.guardrails.run_limits import ChangesPerRun, ShareOfEntities
from agent.guardrails.settle import settle
from agent.ports.deciding import Balance

CENT = 10_000
cents = st.integers(1, 20_000)


@dataclass(frozen=True)
class Restless:
    """A balance that never comes to rest."""

    name: str = "restless"

    def settle(self, decisions: Sequence[Decision], snapshot: Snapshot) -> Sequence[Decision]:
        def lower(change: Change) -> Change:
            return Change(
                change.ref, change.lever, change.before, Money(number_of(change.after) - CENT, "EUR")
            )

        return [
            Decision(d.proposal, d.before, d.words, None if d.change is None else lower(d.change))
            for d in decisions
        ]


def test_a_raise_falls_with_the_cut_that_was_to_pay_for_it() -> None:
    """Without the cut there is no room: the raise that was let through at first is taken back."""
    table = sample.entities([50, 50])
    balances = [PortfolioPot(None), ChangesPerRun(1)]

    settled = settle(decided(table, [40, 60]), sample.snapshot(table), balances)
    turned = settle(decided(table, [60, 40]), sample.snapshot(table), balances)

    assert after(settled) == ["40.00", "-"]
    assert after(turned) == ["-", "-"]


def test_every_objection_of_every_round_leaves_a_word() -> None:
    """The pot lowers to 54.66 and 52.33, then the cut is lost, then the pot lowers once more."""
    table = sample.entities([50, 50, 50, 50])
    balances = [PortfolioPot(eur(205)), ChangesPerRun(2)]

    settled = settle(decided(table, [48, None, 70, 60]), sample.snapshot(table), balances)

    assert after(settled) == ["-", "53.33", "51.66"]
    assert [word.guardrail for word in settled[1].words] == ["daily_pot", "daily_pot"]


def test_balances_that_never_rest_end_in_no_change() -> None:
    """A balance that somebody else wrote cannot hold the run up, nor let anything through."""
    table = sample.entities([50])

    (decision,) = settle(decided(table, [60]), sample.snapshot(table), [Restless()])

    assert decision.change is None
    assert decision.words[-1].guardrail == "settle"


def sum_after(decisions: Sequence[Decision]) -> int:
    """What the decided budgets come to, in cents."""
    return (
        sum(
            number_of(
                d.proposal.target if d.before is None else d.before if d.change is None else d.change.after
            )
            for d in decisions
        )
        // CENT
    )


@given(
    wishes=st.lists(st.tuples(cents, cents), min_size=1, max_size=8),
    pot=st.none() | st.integers(1, 100_000),
    ceiling=st.none() | st.integers(1, 200_000),
    most=st.none() | st.integers(1, 8),
    percent=st.none() | st.integers(1, 100),
)
def test_balances_never_make_money_and_never_touch_a_cut_but_to_deny_it(
    wishes: list[tuple[int, int]],
    pot: int | None,
    ceiling: int | None,
    most: int | None,
    percent: int | None,
) -> None:
    """For any wishes and limits: each change is what it was, or a lower raise, or gone.

    The sum ends at or below the pot, or where it stands today; the worst case at or below the
    ceiling, unless it is above it today; both in whole cents.
    """
    table = sample.entities([before / 100 for before, _ in wishes])
    decisions = decided(table, [Money(target * CENT, "EUR") for _, target in wishes])
    balances: list[Balance] = [
        ChangesPerRun(most),
        ShareOfEntities(None if percent is None else Fraction(percent, 100)),
        PortfolioPot(None if pot is None else Money(pot * CENT, "EUR")),
        AccountCeiling(None if ceiling is None else Money(ceiling * CENT, "EUR")),
    ]

    settled = settle(decisions, sample.snapshot(table), balances)

    present = sum(before for before, _ in wishes)
    changes = [(was.change, now.change) for was, now in zip(decisions, settled, strict=True)]
    for was, now in changes:
        if was is None or now is None:
            assert now is None
        elif now != was:
            assert number_of(was.before) < number_of(now.after) < number_of(was.after)
            assert number_of(now.after) % CENT == 0
    assert sum_after(settled) <= max(pot or 0, present)
    raised = [number_of(now.after) - number_of(now.before) for _, now in changes if now is not None]
    worst = present * CENT + sum(rise for rise in raised if rise > 0)
    assert 2 * worst <= (ceiling or 0) * CENT or worst == present * CENT
    assert sum(now is not None for _, now in changes) <= (most or 0)
