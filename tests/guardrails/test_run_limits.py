"""Run limits: how many changes an hour, and how much of the spend."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
import sample
from wishes import after, decided

from agent.domain.ref import Kind
from agent.guardrails.run_limits import ChangesPerHour, ShareOfSpend

TABLE = sample.entities([50] * 4)
COSTS = np.array([[40.0], [30.0], [20.0], [10.0]])
DECISIONS = decided(TABLE, [51, 52, 53, 54])  # the last one is the weightiest


@pytest.mark.parametrize(
    ("sent", "outcome"),
    [
        (0, ["51.00", "52.00", "53.00", "54.00"]),
        (6, ["51.00", "52.00", "53.00", "54.00"]),  # the edge: ten
        (7, ["-", "52.00", "53.00", "54.00"]),
        (10, ["-"] * 4),
        (25, ["-"] * 4),  # the limit was lowered meanwhile
    ],
)
def test_what_was_sent_within_the_hour_counts(sent: int, outcome: list[str]) -> None:
    """Ten are allowed; the weightiest of the rest go."""
    settled = ChangesPerHour(10, sent).settle(DECISIONS, sample.snapshot(TABLE))

    assert after(settled) == outcome
    if sent == 7:
        assert "4 changes, and 7 were sent within the last hour; 10 are allowed" in str(settled[0].words)


@pytest.mark.parametrize(
    ("share", "outcome"),
    [
        (Fraction(1), ["51.00", "52.00", "53.00", "54.00"]),
        (Fraction(6, 10), ["-", "52.00", "53.00", "54.00"]),  # the edge: 10 + 20 + 30 of 100
        (Fraction(59, 100), ["-", "-", "53.00", "54.00"]),
        (Fraction(1, 100), ["-", "-", "-", "54.00"]),  # one in any case
    ],
)
def test_a_run_touches_a_share_of_the_spend(share: Fraction, outcome: list[str]) -> None:
    """Of the last 14 days, the weightiest changes first."""
    settled = ShareOfSpend(share).settle(DECISIONS, sample.snapshot(TABLE, cost=COSTS))

    assert after(settled) == outcome
    if outcome[0] == "-":
        assert "what would change made 100 % of what entities of kind campaign cost" in str(settled[0].words)


def test_keywords_do_not_make_campaigns_a_small_share() -> None:
    """Each kind is counted for itself."""
    table = replace(TABLE, kinds=np.array([Kind.CAMPAIGN, Kind.CAMPAIGN, Kind.KEYWORD, Kind.KEYWORD]))
    decisions = decided(table, [51, 52, None, None])

    settled = ShareOfSpend(Fraction(1, 2)).settle(decisions, sample.snapshot(table, cost=COSTS))

    assert after(settled) == ["-", "52.00"]


def test_what_costs_nothing_is_no_share() -> None:
    """A new account may begin."""
    settled = ShareOfSpend(Fraction(1, 10)).settle(DECISIONS, sample.snapshot(TABLE, cost=0.0))

    assert after(settled) == after(DECISIONS)


def test_absent_limits_deny_and_zero_is_refused() -> None:
    """Cuts as well."""
    for balance in (ChangesPerHour(None), ShareOfSpend(None)):
        assert after(balance.settle(DECISIONS, sample.snapshot(TABLE))) == ["-"] * 4
    for make in (
        lambda: ChangesPerHour(0),
        lambda: ShareOfSpend(Fraction(0)),
        lambda: ShareOfSpend(Fraction(2)),
    ):
        with pytest.raises(ValueError, match="is right"):
            make()
