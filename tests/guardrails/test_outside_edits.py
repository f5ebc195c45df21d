"""Outside edits: the human wins for a while, and is taken back only where that was allowed."""

from datetime import timedelta

import pytest
import sample
from moved import moved
from wishes import told, wish

from agent.domain.lever import Lever, Status
from agent.domain.snapshot import Snapshot
from agent.domain.verdict import Deny
from agent.guardrails.outside_edit import Quarantine, TakeBack

BUDGET = Lever.DAILY_BUDGET
DAY = timedelta(days=1)


def edited(stands: float, before: float, after: float, ago: timedelta = timedelta(days=2)) -> Snapshot:
    """Somebody set it from `before` to `after`; it stands elsewhere where gebot has gone on since."""
    snapshot = sample.snapshot(sample.entities([stands]))
    return moved(snapshot, edited_at=ago, edited_from=round(before * 1e6), edited_to=round(after * 1e6))


@pytest.mark.parametrize(("hours", "verdict"), [(1, "deny"), (23.99, "deny"), (24, "allow"), (99, "allow")])
def test_what_somebody_else_set_rests_for_the_quarantine(hours: float, verdict: str) -> None:
    """Up and down alike."""
    snapshot = edited(80, 50, 80, timedelta(hours=hours))

    for target in (81, 79):
        assert told(Quarantine(DAY).judge(wish(snapshot.entities, target), snapshot)) == verdict
        assert told(Quarantine(None).judge(wish(snapshot.entities, target), snapshot)) == "deny"


def test_the_reason_says_what_was_set_and_when() -> None:
    """A reviewer knows whom to ask."""
    snapshot = edited(80, 50, 80, timedelta(hours=3))

    assert Quarantine(DAY).judge(wish(snapshot.entities, 81), snapshot) == Deny(
        "somebody else set it from 50.00 EUR to 80.00 EUR 3 h ago; it rests for 1 day"
    )


@pytest.mark.parametrize(
    ("stands", "before", "after", "target", "verdict"),
    [
        (80, 50, 80, "79.99", "deny"),  # raised by a person
        (80, 50, 80, "95.00", "allow"),
        (90, 50, 80, "85.00", "allow"),  # gebot went on; its own part it may take back
        (90, 50, 80, "80.00", "allow"),
        (90, 50, 80, "70.00", "clamp 80.00 EUR"),
        (70, 50, 80, "60.00", "deny"),  # it stands behind it already, by an undo
        (50, 80, 50, "50.01", "deny"),  # cut by a person
        (50, 80, 50, "40.00", "allow"),
        (40, 80, 50, "60.00", "clamp 50.00 EUR"),
    ],
)
def test_nothing_goes_back_behind_what_a_person_set(
    stands: float, before: float, after: float, target: str, verdict: str
) -> None:
    """Unless that was opted into for the lever, and so much time has passed."""
    snapshot = edited(stands, before, after)
    proposal = wish(snapshot.entities, target)

    assert told(TakeBack({}).judge(proposal, snapshot)) == verdict
    assert told(TakeBack({BUDGET: 3 * DAY}).judge(proposal, snapshot)) == verdict
    assert told(TakeBack({BUDGET: 2 * DAY}).judge(proposal, snapshot)) == "allow"  # the edge
    assert told(TakeBack({Lever.CPC_BID: DAY}).judge(proposal, snapshot)) == verdict


def test_what_a_person_paused_is_not_started() -> None:
    """And what a person started is not paused, without a word of opting in."""
    table = sample.entities([50, 50], levers={Lever.STATUS: [0, 1]})
    snapshot = sample.snapshot(table)
    start = wish(table, Status.ENABLED, lever=Lever.STATUS)
    pause = wish(table, Status.PAUSED, row=1, lever=Lever.STATUS)

    paused = moved(snapshot, Lever.STATUS, edited_at=9 * DAY, edited_from=1, edited_to=0)
    started = moved(snapshot, Lever.STATUS, edited_at=9 * DAY, edited_from=0, edited_to=1)

    assert told(TakeBack({}).judge(start, paused)) == "deny"
    assert "from enabled to paused" in str(TakeBack({}).judge(start, paused))
    assert told(TakeBack({}).judge(pause, started)) == "deny"
    assert told(TakeBack({Lever.STATUS: DAY}).judge(start, paused)) == "allow"


def test_where_nobody_else_has_set_anything_nothing_is_said() -> None:
    """Watched, not watched, and no edit."""
    table = sample.entities([50])
    for snapshot in (sample.snapshot(table), moved(sample.snapshot(table))):
        for guardrail in (Quarantine(None), TakeBack({})):
            assert told(guardrail.judge(wish(table, 10), snapshot)) == "allow"


def test_a_quarantine_of_zero_is_refused() -> None:
    """To have none is no setting."""
    with pytest.raises(ValueError, match="above zero"):
        Quarantine(timedelta(0))
