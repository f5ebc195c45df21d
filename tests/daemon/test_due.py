"""Which runs are due: level-triggered, keyed by local date, whatever the clocks do."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from agent.daemon.due import decide_slot, next_decision, observe_slot

AT = time(6, 0)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_new_account_is_decided_on_at_once() -> None:
    """A newcomer does not wait until the morning, and the morning's decision is not used up."""
    assert decide_slot(utc("2026-11-21T02:00"), "UTC", AT, None) == "2026-11-20"
    assert decide_slot(utc("2026-11-21T06:00"), "UTC", AT, "2026-11-20") == "2026-11-21"
    assert decide_slot(utc("2026-11-21T08:00"), "UTC", AT, None) == "2026-11-21"


def test_a_date_is_due_once_its_hour_has_come() -> None:
    """Not a minute before, and only once."""
    assert decide_slot(utc("2026-11-21T05:59"), "UTC", AT, "2026-11-20") is None
    assert decide_slot(utc("2026-11-21T06:00"), "UTC", AT, "2026-11-20") == "2026-11-21"
    assert decide_slot(utc("2026-11-21T23:59"), "UTC", AT, "2026-11-21") is None


def test_a_date_that_passed_undone_is_made_up_for_and_older_ones_are_not() -> None:
    """After an outage of days one decision is enough."""
    assert decide_slot(utc("2026-11-21T03:00"), "UTC", AT, "2026-11-10") == "2026-11-20"
    assert decide_slot(utc("2026-11-21T07:00"), "UTC", AT, "2026-11-10") == "2026-11-21"


@pytest.mark.parametrize("zone", ["America/New_York", "Europe/Berlin", "Australia/Sydney", "Asia/Kolkata"])
@pytest.mark.parametrize("at", [time(0, 0), time(0, 30), time(2, 30), time(23, 59)])
def test_every_local_date_of_a_year_is_decided_exactly_once(zone: str, at: time) -> None:
    """Also on the days on which clocks spring forward and fall back; ticks come every 20 minutes."""
    now = utc("2026-01-01T12:00")
    last = str((now.astimezone(ZoneInfo(zone))).date())
    done = [last]

    while now < utc("2027-01-02T12:00"):
        slot = decide_slot(now, zone, at, done[-1])
        if slot is not None:
            done.append(slot)
        now += timedelta(minutes=20)

    first = datetime.fromisoformat(last).date()
    assert done[:365] == [str(first + timedelta(days=day)) for day in range(365)]


def test_the_next_decision_is_in_the_future_until_it_is_due() -> None:
    """What the status page promises is what happens."""
    now = utc("2026-03-28T20:00")

    promised = next_decision(now, "Europe/Berlin", AT, "2026-03-28")

    assert promised == utc("2026-03-29T04:00")
    assert decide_slot(promised, "Europe/Berlin", AT, "2026-03-28") == "2026-03-29"


def test_observation_slots_count_from_local_midnight() -> None:
    """An account in India observes on its own full hours."""
    assert observe_slot(utc("2026-11-21T14:10"), "Asia/Kolkata", timedelta(hours=1)) == "2026-11-21T19:00"
    assert observe_slot(utc("2026-11-21T14:40"), "Asia/Kolkata", timedelta(minutes=15)) == "2026-11-21T20:00"
