"""Quota: operations are counted before they go out, and some are kept back for writes."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.google_ads.memory import Memory
from adapters.google_ads.minimum import Minimum
from adapters.google_ads.quota import Quota
from agent.clock import SteppedClock
from agent.domain.errors import Mistake, RateLimited

NOW = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)
A, B = "1111111111", "2222222222"


def quota(per_day: int, memory: Memory | None = None, now: datetime = NOW) -> tuple[Quota, SteppedClock]:
    clock = SteppedClock(now)
    return Quota(memory or Memory(None), clock, per_day), clock


def test_reads_stop_where_writes_may_still_go() -> None:
    """One operation in five is kept for writing and for reading back what was written."""
    counted, _ = quota(10)

    counted.take(A, 8, urgent=False)
    with pytest.raises(RateLimited, match="8 of 10 operations of 24 hours are used, 2 are kept") as raised:
        counted.take(A, urgent=False)
    counted.take(A, 2, urgent=True)
    with pytest.raises(RateLimited):
        counted.take(A, urgent=True)

    assert raised.value.retry_after_s == pytest.approx(24.5 * 3600)
    assert (counted.used(), counted.room(5)) == (10, 0)


def test_a_batch_that_has_no_room_is_not_counted() -> None:
    """What did not go out costs nothing."""
    counted, _ = quota(10)

    with pytest.raises(RateLimited):
        counted.take(A, 11, urgent=True)

    assert (counted.used(), counted.room(99)) == (0, 10)


def test_operations_are_forgotten_a_day_later_and_not_before() -> None:
    """Google's window slides; an hour is forgotten when all of it is a day old."""
    counted, clock = quota(10)
    counted.take(A, 10, urgent=True)

    clock.move_to(NOW + timedelta(hours=24, minutes=29))
    before = counted.used()
    clock.move_to(NOW + timedelta(hours=24, minutes=30))

    assert (before, counted.used()) == (10, 0)


@given(st.lists(st.tuples(st.integers(0, 7200), st.integers(1, 40), st.booleans()), max_size=60))
def test_no_24_hours_hold_more_than_allowed(wishes: list[tuple[int, int, bool]]) -> None:
    """Whatever is asked for, and whenever."""
    counted, clock = quota(100)
    went: list[tuple[datetime, int]] = []

    for wait_s, operations, urgent in wishes:
        clock.move_to(clock.now() + timedelta(seconds=wait_s))
        try:
            counted.take(A, operations, urgent=urgent)
        except RateLimited as limit:
            assert limit.retry_after_s > 0
        else:
            went.append((clock.now(), operations))

    for last, _ in went:
        assert sum(n for at, n in went if last - timedelta(days=1) < at <= last) <= 100


@given(st.integers(1, 100), st.integers(0, 3600))
def test_what_must_wait_may_go_after_the_wait_that_was_named(operations: int, late_s: int) -> None:
    """The seconds are true, so that whoever waits does so once."""
    counted, clock = quota(100)
    counted.take(A, 60, urgent=True)
    clock.move_to(NOW + timedelta(seconds=late_s))

    try:
        counted.take(A, operations, urgent=True)
    except RateLimited as limit:
        clock.move_to(clock.now() + timedelta(seconds=limit.retry_after_s))
        counted.take(A, operations, urgent=True)

    assert counted.used() in (operations, 60 + operations)


def test_accounts_of_one_project_share_a_count_and_processes_do_too(tmp_path: Path) -> None:
    """Google counts by Cloud project; what was counted outlives the process."""
    file = tmp_path / "google_ads" / "operations.json"
    first, _ = quota(10, Memory(file))
    second, _ = quota(10, Memory(file))

    first.take(A, 5, urgent=False)
    second.take(B, 3, urgent=False)

    assert (first.used(), second.used()) == (8, 8)
    with pytest.raises(RateLimited):
        first.take(A, urgent=False)


def test_a_project_that_google_stopped_is_left_alone_and_an_account_by_itself() -> None:
    """Its own delay, for the scope that it named; writes wait as well."""
    counted, clock = quota(0)

    counted.pause(A, 600)
    with pytest.raises(RateLimited) as of_account:
        counted.take(A, urgent=True)
    counted.take(B, urgent=True)
    counted.pause("", 900)
    with pytest.raises(RateLimited) as of_project:
        counted.take(B, urgent=True)
    clock.move_to(NOW + timedelta(seconds=900))
    counted.take(A, urgent=False)

    assert (of_account.value.retry_after_s, of_project.value.retry_after_s) == (600.0, 900.0)


def test_without_a_limit_everything_goes() -> None:
    """Standard access has none."""
    counted, _ = quota(0)

    counted.take(A, 1_000_000, urgent=False)

    assert counted.room(10_000) == 10_000


@pytest.mark.parametrize("content", ["", "not json", "[1, 2]", '{"a": "b"}', "{"])
def test_a_page_that_cannot_be_read_is_begun_anew(tmp_path: Path, content: str) -> None:
    """A count that is lost costs a refusal by Google at worst."""
    file = tmp_path / "operations.json"
    file.write_text(content)
    counted, _ = quota(10, Memory(file))

    counted.take(A, urgent=False)

    assert counted.used() == 1


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """Where, and why."""
    (tmp_path / "google_ads").write_text("a file where a directory should be")
    counted, _ = quota(10, Memory(tmp_path / "google_ads" / "operations.json"))

    with pytest.raises(Mistake, match="cannot be written"):
        counted.take(A, urgent=False)


def test_the_least_budget_that_google_named_is_kept(tmp_path: Path) -> None:
    """Minimums differ by campaign: only the lowest is known to hold for the account."""
    file = tmp_path / "minimum.json"
    for micros in (5_000_000, 1_000_000, 3_000_000):
        Minimum(Memory(file)).learn(micros, "EUR")

    assert Minimum(Memory(file)).micros("EUR") == 1_000_000
    assert Minimum(Memory(file)).micros("USD") == 0
