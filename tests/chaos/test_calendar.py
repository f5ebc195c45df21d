"""Calendar: one decision for each local date, whatever clocks do; and a daemon that errs is found."""

from datetime import UTC, datetime, time, timedelta

import pytest

from agent.daemon import rounds
from agent.daemon.due import decide_slot
from simulations.chaos import calendar
from simulations.chaos.calendar import CALENDAR, NONE_MISSED, ONCE, live, transitions, zones
from simulations.chaos.malformed.hostile import chance
from simulations.chaos.volume import Notes


def test_every_local_date_is_decided_on_once() -> None:
    """A few of the zones and changes of the full profile."""
    result = CALENDAR.run(12, 0, 1, lambda _: None)

    assert result.violations == 0, [(one.invariant, one.seeds) for one in result.tallies]
    assert result.counts[0].number > 30


def test_the_changes_are_those_that_the_world_knows() -> None:
    """Berlin changes twice a year, Kolkata never, and most of the world is there."""
    assert len(transitions("Europe/Berlin")) == 24
    assert transitions("Europe/Berlin")[0] == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert len(transitions("Asia/Kolkata")) == 1
    assert len(zones()) > 500


def _decided(zone: str, around: datetime, at: time) -> tuple[dict[str, int], set[str]]:
    ticks = [around + timedelta(minutes=30 * step) for step in range(-96, 96)]
    decided, due = live(chance(1), zone, ticks, at, Notes())
    return dict(decided), due


def test_the_hour_that_spring_skips_is_decided_on() -> None:
    """02:30 does not exist in Berlin on that day."""
    decided, due = _decided("Europe/Berlin", datetime(2026, 3, 29, 1, 0, tzinfo=UTC), time(2, 30))

    assert "2026-03-29" in decided
    assert set(decided) == due


def test_a_daemon_that_compares_clock_times_alone_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """It decides at the tick of the hour and so never on the day that has no such hour."""

    def at_the_hour(now: datetime, zone: str, at: time, last: str | None) -> str | None:
        local = now.astimezone(calendar.ZoneInfo(zone))
        slot = decide_slot(now, zone, at, last)
        return slot if (local.hour, local.minute) == (at.hour, at.minute) else None

    monkeypatch.setattr(rounds, "decide_slot", at_the_hour)

    decided, due = _decided("Europe/Berlin", datetime(2026, 3, 29, 1, 0, tzinfo=UTC), time(2, 30))

    assert "2026-03-29" in due - set(decided)


def test_a_claim_that_is_not_kept_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A daemon that forgets what it has decided on does so at each tick."""
    monkeypatch.setattr(rounds, "decide_slot", lambda now, zone, at, last: decide_slot(now, zone, at, None))
    monkeypatch.setattr(rounds, "_claim", lambda *_: True)
    monkeypatch.setattr(calendar._Counting, "begin_run", lambda self, *_: True)
    monkeypatch.setattr(
        calendar._Counting,
        "finish_run",
        lambda self, account, kind, slot, at, error="": self.decided.update(
            [slot] if kind == "decide" else []
        ),
    )

    notes = Notes()
    calendar.trial(0, notes)

    assert {tally.invariant for tally in notes.result.tallies if tally.violations} >= {ONCE}
    assert NONE_MISSED in {tally.invariant for tally in notes.result.tallies}
