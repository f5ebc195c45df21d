"""Unit slips: a wish in the wrong unit never reaches the wire as it is."""

from datetime import timedelta
from fractions import Fraction

import pytest
import sample
from moved import moved
from test_judge import all_guardrails
from wishes import eur, wish

from agent.domain.lever import Lever, number_of
from agent.domain.money import Money
from agent.guardrails.judge import judge
from agent.guardrails.outside_edit import Quarantine
from agent.guardrails.slip import SLIP, Slip
from agent.guardrails.step import MaxStep

FACTORS = [
    Fraction(factor) for factor in ("1000000", "1000", "150", "100", "30.4", "24", "10", "7", "1.31")
]  # micros, milli, yen, cents, a month, hours, a digit, a week, and the smallest that must be seen
BUDGETS = [Fraction(1, 100), Fraction(1), Fraction(50), Fraction(4999, 10), Fraction(10_000)]


@pytest.mark.parametrize("budget", BUDGETS)
@pytest.mark.parametrize("factor", [*FACTORS, *(1 / factor for factor in FACTORS)])
def test_a_slip_is_denied_or_held_within_the_step(factor: Fraction, budget: Fraction) -> None:
    """From cents to thousands, up and down: what is left is at most 20 % away from what stands."""
    micros = int(budget * 1_000_000)
    table = sample.entities([float(budget)])
    snapshot = sample.snapshot(table, clicks=100, cost=1.0)
    slipped = Money(int(micros * factor), "EUR")

    (decision,) = judge([wish(table, slipped)], snapshot, all_guardrails(eur("0.01"), eur(20_000)))

    assert decision.words, "somebody must object"
    if decision.change is not None:
        assert abs(number_of(decision.change.after) - micros) * 5 <= micros


@pytest.mark.parametrize("factor", FACTORS)
def test_a_limit_in_the_wrong_unit_does_not_open_the_others(factor: Fraction) -> None:
    """A ceiling x100 too high leaves the step; a step x100 too wide leaves ceiling and week."""
    table = sample.entities([50])
    snapshot = sample.snapshot(table, clicks=100, cost=1.0)
    wide_ceiling = all_guardrails(eur(5), Money(int(500_000_000 * factor), "EUR"))
    wide_step = [
        MaxStep(Lever.DAILY_BUDGET, Fraction(1, 5) * factor) if isinstance(guardrail, MaxStep) else guardrail
        for guardrail in all_guardrails()
    ]

    (by_step,) = judge([wish(table, 40_000)], snapshot, wide_ceiling)
    (by_week,) = judge([wish(table, 40_000)], snapshot, wide_step)

    assert by_step.change is not None
    assert by_week.change is not None
    assert by_step.change.after == eur(60)
    assert number_of(by_week.change.after) <= 75_000_000


@pytest.mark.parametrize("budget", [Fraction(5), Fraction(50), Fraction(4999, 10)])
@pytest.mark.parametrize("factor", [one for one in FACTORS if one >= SLIP])
@pytest.mark.parametrize("up", [True, False])
def test_a_slip_between_two_units_is_denied_as_a_whole(factor: Fraction, budget: Fraction, up: bool) -> None:
    """A week's for a day's, a month's, cents, micros: not even a step of it is taken."""
    micros = int(budget * 1_000_000)
    table = sample.entities([float(budget)])
    target = Money(int(micros * factor) if up else int(micros / factor), "EUR")

    (decision,) = judge([wish(table, target)], sample.snapshot(table, clicks=100, cost=1.0), [Slip()])

    assert decision.change is None


@pytest.mark.parametrize("factor", FACTORS)
def test_a_slip_in_what_was_read_is_not_taken_for_where_it_stands(factor: Fraction) -> None:
    """A budget that is suddenly read as another one was set by somebody else: it rests in quarantine."""
    table = sample.entities([float(50 * factor)])
    snapshot = moved(
        sample.snapshot(table, clicks=100, cost=1.0),
        edited_at=timedelta(minutes=1),
        edited_from=50_000_000,
        edited_to=int(50_000_000 * factor),
    )
    target = Money(int(45_000_000 * factor) // 10_000 * 10_000, "EUR")

    (decision,) = judge([wish(table, target)], snapshot, [Quarantine(timedelta(days=1))])

    assert decision.change is None
