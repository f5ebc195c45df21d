"""Restless levers: how often a day, and there and back."""

from datetime import timedelta

import pytest
import sample
from moved import moved
from wishes import told, wish

from agent.domain.lever import Lever, Status
from agent.domain.verdict import Deny
from agent.guardrails.restless import ChangesPerDay, FlipFlop

BUDGET = Lever.DAILY_BUDGET
TABLE = sample.entities([50])


@pytest.mark.parametrize(("last_day", "verdict"), [(0, "allow"), (3, "allow"), (4, "deny"), (9, "deny")])
def test_a_lever_moves_so_many_times_a_day(last_day: int, verdict: str) -> None:
    """Four are allowed: after three there is room for one more."""
    snapshot = moved(sample.snapshot(TABLE), last_day=last_day)

    said = ChangesPerDay(BUDGET, 4).judge(wish(TABLE, 51), snapshot)

    assert told(said) == verdict
    assert told(ChangesPerDay(Lever.CPC_BID, 1).judge(wish(TABLE, 51), snapshot)) == "allow"


def test_how_often_it_moved_is_said() -> None:
    """With the numbers, in words."""
    snapshot = moved(sample.snapshot(TABLE), last_day=2)

    said = ChangesPerDay(BUDGET, 2).judge(wish(TABLE, 51), snapshot)

    assert said == Deny("it moved twice within 24 h; 2 a day are allowed")


@pytest.mark.parametrize(("hours", "verdict"), [(1, "deny"), (47.99, "deny"), (48, "allow"), (90, "allow")])
def test_what_went_there_and_back_rests(hours: float, verdict: str) -> None:
    """For two days, to the hour."""
    snapshot = moved(sample.snapshot(TABLE), flipped_at=timedelta(hours=hours))

    assert told(FlipFlop(timedelta(days=2)).judge(wish(TABLE, 51), snapshot)) == verdict
    assert told(FlipFlop(None).judge(wish(TABLE, 51), snapshot)) == "deny"


def test_what_never_moved_is_free() -> None:
    """Watched or not; of other levers nothing is said."""
    snapshot = moved(sample.snapshot(TABLE), flipped_at=timedelta(hours=1), last_day=9)
    pause = wish(TABLE, Status.PAUSED, lever=Lever.STATUS)

    for guardrail in (FlipFlop(None), ChangesPerDay(BUDGET, 1)):
        assert told(guardrail.judge(wish(TABLE, 51), sample.snapshot(TABLE))) == "allow"
        assert told(guardrail.judge(wish(TABLE, 51), moved(sample.snapshot(TABLE)))) == "allow"
        assert told(guardrail.judge(pause, snapshot)) == "allow"


def test_an_absent_number_denies_and_zero_is_refused() -> None:
    """As with every limit."""
    said = ChangesPerDay(BUDGET, None).judge(wish(TABLE, 51), sample.snapshot(TABLE))

    assert said == Deny("no daily_budget.max_changes_per_day is set")
    with pytest.raises(ValueError, match="above zero"):
        ChangesPerDay(BUDGET, 0)
    with pytest.raises(ValueError, match="above zero"):
        FlipFlop(timedelta(0))
