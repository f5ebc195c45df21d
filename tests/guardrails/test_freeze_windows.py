"""Freeze windows: a calendar in the account's own time, on the days when clocks are changed too."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import sample
from hypothesis import given
from hypothesis import strategies as st
from wishes import told, wish

from agent.domain.entity import Account
from agent.domain.freeze_window import FreezeWindow, WeekTime
from agent.domain.lever import Lever, Status
from agent.domain.snapshot import Snapshot
from agent.domain.verdict import Deny
from agent.guardrails.freeze import Frozen

BERLIN = ZoneInfo("Europe/Berlin")
FRIDAY = FreezeWindow("Black Friday", datetime(2026, 11, 26, 18), datetime(2026, 12, 1))
WEEKEND = FreezeWindow("weekend", WeekTime(4, time(18)), WeekTime(0, time(6)))


def at(local: datetime, zone: str = "Europe/Berlin") -> Snapshot:
    account = Account(sample.ACCOUNT.id, "Demo", "EUR", zone)
    moment = local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    return replace(sample.snapshot(sample.entities([50], account=account)), as_of=moment)


@pytest.mark.parametrize(
    ("local", "verdict"),
    [
        (datetime(2026, 11, 26, 17, 59, 59), "allow"),
        (datetime(2026, 11, 26, 18), "deny"),  # the edges
        (datetime(2026, 11, 30, 23, 59, 59), "deny"),
        (datetime(2026, 12, 1), "allow"),
    ],
)
def test_nothing_changes_between_two_dates(local: datetime, verdict: str) -> None:
    """Raises, cuts and pauses."""
    snapshot, frozen = at(local), Frozen((FRIDAY,))
    pause = wish(snapshot.entities, Status.PAUSED, lever=Lever.STATUS)

    assert [told(frozen.judge(one, snapshot)) for one in (wish(snapshot.entities, 40), pause)] == [
        verdict
    ] * 2


@pytest.mark.parametrize(
    ("day", "hour", "verdict"),
    [
        (19, 18, "allow"),
        (20, 17, "allow"),
        (20, 18, "deny"),
        (22, 12, "deny"),
        (23, 5, "deny"),
        (23, 6, "allow"),
    ],
)
def test_a_window_comes_every_week_across_its_end(day: int, hour: int, verdict: str) -> None:
    """From Friday evening to Monday morning; 20 November 2026 is a Friday."""
    snapshot = at(datetime(2026, 11, day, hour))

    assert told(Frozen((WEEKEND,)).judge(wish(snapshot.entities, 40), snapshot)) == verdict


def test_the_reason_names_the_window_that_closes_last() -> None:
    """And when, in the account's time."""
    snapshot = at(datetime(2026, 11, 27, 20))

    said = Frozen((WEEKEND, FRIDAY)).judge(wish(snapshot.entities, 40), snapshot)

    assert said == Deny("nothing changes until Tue 2026-12-01 00:00 (Europe/Berlin): Black Friday")


def test_a_window_is_about_its_levers() -> None:
    """Without a list about all but marked hours, which move no money."""
    snapshot = at(datetime(2026, 11, 27))
    budgets = replace(FRIDAY, levers=frozenset({Lever.DAILY_BUDGET}))
    pause = wish(snapshot.entities, Status.PAUSED, lever=Lever.STATUS)

    assert told(Frozen((budgets,)).judge(pause, snapshot)) == "allow"
    assert told(Frozen((budgets,)).judge(wish(snapshot.entities, 40), snapshot)) == "deny"
    assert not FRIDAY.holds(Lever.DATA_EXCLUSION)
    assert replace(FRIDAY, levers=frozenset({Lever.DATA_EXCLUSION})).holds(Lever.DATA_EXCLUSION)
    assert told(Frozen(()).judge(pause, snapshot)) == "allow"


@pytest.mark.parametrize(
    ("begins", "ends", "utc", "is_open"),
    [
        # 02:30 comes twice on 25 October 2026: from the first one, until the second one.
        (datetime(2026, 10, 25, 2, 30), datetime(2026, 10, 26), (25, 0, 30), True),
        (datetime(2026, 10, 25, 2, 30), datetime(2026, 10, 26), (25, 0, 29), False),
        (datetime(2026, 10, 24), datetime(2026, 10, 25, 2, 30), (25, 1, 29), True),
        (datetime(2026, 10, 24), datetime(2026, 10, 25, 2, 30), (25, 1, 30), False),
    ],
)
def test_an_hour_that_comes_twice_makes_the_window_longer(
    begins: datetime, ends: datetime, utc: tuple[int, ...], is_open: bool
) -> None:
    """Deny wins."""
    day, hour, minute = utc
    moment = datetime(2026, 10, day, hour, minute, tzinfo=UTC)

    assert (FreezeWindow("x", begins, ends).open_until(moment, BERLIN) is not None) is is_open


def test_a_window_over_an_hour_that_never_comes_is_still_a_window() -> None:
    """From 02:15 to 02:45 on 28 March 2027, when 02:00 is 03:00."""
    window = FreezeWindow("x", datetime(2027, 3, 28, 2, 15), datetime(2027, 3, 28, 2, 45))
    midnight = datetime(2027, 3, 27, 23, tzinfo=UTC)
    minutes = [midnight + timedelta(minutes=m) for m in range(300)]

    assert sum(window.open_until(one, BERLIN) is not None for one in minutes) >= 30


@given(
    zone=st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"]),
    day=st.integers(0, 3650),
    minute=st.integers(0, 24 * 60 - 1),
    begins=st.integers(0, 7 * 24 * 60 - 1),
    lasts=st.integers(1, 7 * 24 * 60 - 1),
)
def test_a_weekly_window_is_open_wherever_the_wall_clock_says_so(
    zone: str, day: int, minute: int, begins: int, lasts: int
) -> None:
    """Whatever the clocks do: a local time that comes once is inside exactly when the week says so."""
    local = datetime(2026, 1, 5) + timedelta(days=day, minutes=minute)  # a Monday
    first, last = (WeekTime(m // 1440 % 7, time(m // 60 % 24, m % 60)) for m in (begins, begins + lasts))
    moment = local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    late = local.replace(tzinfo=ZoneInfo(zone), fold=1).astimezone(UTC)
    into = (local.weekday() * 1440 + minute - begins) % (7 * 1440)

    until = FreezeWindow("x", first, last).open_until(moment, ZoneInfo(zone))

    if late == moment and into < lasts:
        assert until is not None and until > moment
    if late == moment and lasts + 60 <= into < 7 * 1440 - 60:  # an hour that is changed may lengthen it
        assert until is None


def test_a_window_without_an_inside_is_refused() -> None:
    """Before it can be thought to protect anything."""
    for begins, ends in (
        (datetime(2026, 12, 1), datetime(2026, 12, 1)),
        (datetime(2026, 12, 2), datetime(2026, 12, 1)),
        (WeekTime(0, time(6)), WeekTime(0, time(6))),
        (WeekTime(0, time(6)), datetime(2026, 12, 1)),
    ):
        with pytest.raises(ValueError, match="is right"):
            FreezeWindow("x", begins, ends)
