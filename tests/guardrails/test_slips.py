"""Slips: seven times, or a seventh, is a unit that was mixed up, and not a wish to be met half-way."""

import pytest
import sample
from wishes import eur, told, wish

from agent.domain.lever import Lever, Ratio, Status
from agent.domain.verdict import Deny
from agent.guardrails.slip import Slip


@pytest.mark.parametrize(
    ("target", "verdict"),
    [
        ("349.99", "allow"),
        ("350.00", "deny"),  # the edges: a week's for a day's
        ("7.15", "allow"),
        ("7.14", "deny"),
        ("5000", "deny"),
        ("0.01", "deny"),
    ],
)
def test_seven_times_what_stands_is_a_slip(target: str, verdict: str) -> None:
    """And so is a seventh of it."""
    table = sample.entities([50])

    assert told(Slip().judge(wish(table, target), sample.snapshot(table))) == verdict


def test_the_reason_says_how_far_it_is() -> None:
    """The factor tells which unit it was."""
    table = sample.entities([50])
    snapshot = sample.snapshot(table)

    assert Slip().judge(wish(table, eur(1520)), snapshot) == Deny(
        "1520.00 EUR is 30.4 times what stands, 50.00 EUR: that looks like a slip of the unit"
    )
    assert "one 100th of" in str(Slip().judge(wish(table, "0.50"), snapshot))


def test_ratios_slip_and_switches_do_not() -> None:
    """400 for 4.00 is a slip; a status is on or off."""
    table = sample.entities([50], levers={Lever.TARGET_ROAS: [4_000_000]})
    snapshot = sample.snapshot(table)

    assert told(Slip().judge(wish(table, Ratio.of(400), lever=Lever.TARGET_ROAS), snapshot)) == "deny"
    assert told(Slip().judge(wish(table, Status.PAUSED, lever=Lever.STATUS), snapshot)) == "allow"
