"""The watch over conversion tracking: what sets it off, what does not, and what ends it."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.domain.entity import Floats
from agent.domain.tracking import UNSEEN, Spans, missing, nearly_all_missing, returned
from agent.domain.tracking_due import Arrivals, Due, due
from agent.domain.tracking_rate import Told

FIRST = np.datetime64("2026-03-02", "us")
HOUR = np.timedelta64(1, "h")


def spans(due_: Floats, came: Floats) -> Spans:
    """One span an hour."""
    since = FIRST + np.arange(len(due_)) * HOUR
    return Spans(since, since + HOUR, np.arange(len(due_)) // 24, due_, np.asarray(came, dtype=float))


def counted(a_day: float, days: int, seed: int) -> Spans:
    """What chance alone makes of so many conversions a day."""
    owed = np.full(24 * days, a_day / 24)
    return spans(owed, np.random.default_rng(seed).poisson(owed))


def and_then(before: Spans, hours: int, came: float) -> Spans:
    """So many hours more with the same due, of which so many came each."""
    owed = np.append(before.due, np.full(hours, before.due[-1]))
    return spans(owed, np.append(before.came, np.full(hours, came)))


@pytest.mark.parametrize("a_day", [5.0, 20.0, 100.0, 200.0])
def test_twenty_that_were_due_and_did_not_come_are_a_break(a_day: float) -> None:
    """However large the account: not at ten, and surely at thirty."""
    found = []
    for seed in range(20):
        before = counted(a_day, 25, seed)
        hours = [int(np.ceil(owed / (a_day / 24))) for owed in (UNSEEN / 2, 1.5 * UNSEEN)]
        found.append([nearly_all_missing(and_then(before, one, 0.0)) is not None for one in hours])

    early, late = np.mean(found, axis=0)
    assert early <= 0.1 and late == 1.0


def test_it_says_since_when_and_how_many() -> None:
    """The words of a freeze are made of these."""
    before = counted(240.0, 20, seed=1)

    found = missing(and_then(before, 3, 0.0), 0.15)

    assert found is not None
    assert abs(found.begins - before.until[-1]) <= HOUR
    assert found.due >= UNSEEN and found.came <= 2


@pytest.mark.parametrize("share", [0.7, 1.0, 3.0])
def test_a_fall_to_seven_tenths_is_no_break_and_neither_is_a_rush(share: float) -> None:
    """Demand does that; 20 years of 240 a day, judged at the end of each day of four weeks."""
    for seed in range(20):
        calm = counted(240.0, 28, seed)
        other = spans(calm.due, np.random.default_rng([seed, 1]).poisson(share * calm.due))

        assert nearly_all_missing(other) is None


def test_half_of_all_missing_is_found_within_days() -> None:
    """By the second test: a hundred a day, half of them lost, found within ten days in 19 of 20 seeds."""
    found = 0
    for seed in range(20):
        before = counted(100.0, 18, seed)
        owed = np.append(before.due, np.full(240, 100 / 24))
        came = np.append(before.came, np.random.default_rng([seed, 2]).poisson(50 / 24, 240))

        found += missing(spans(owed, came), 0.15) is not None

    assert found >= 19


def test_an_account_that_is_often_silent_for_long_is_given_more_time() -> None:
    """Its own past tells how near it comes to an alarm without cause, a nightly upload for one."""
    owed = np.full(24 * 20, 1.0)
    came = np.where(np.arange(24 * 20) % 48 == 47, 48.0, 0.0)  # an upload every other day; 47 h of silence
    steady = np.ones(24 * 20)

    uploads = nearly_all_missing(and_then(spans(owed[:46], steady[:46]), 24, 0.0))
    used_to_it = nearly_all_missing(spans(np.append(owed, np.ones(40)), np.append(came, np.zeros(40))))

    assert uploads is not None
    assert used_to_it is None


def test_arrears_in_one_heap_are_no_return() -> None:
    """Conversions must come as they are due for a while."""
    heap = spans(np.full(48, 4.0), np.append(np.zeros(24), [200.0, *np.zeros(23)]))
    again = spans(np.full(48, 4.0), np.append(np.zeros(24), np.full(24, 4.0)))

    assert not returned(heap)
    assert returned(again)


@given(st.lists(st.floats(0, 50), min_size=1, max_size=60), st.integers(0, 59))
def test_more_conversions_never_make_a_break(owed: list[float], where: int) -> None:
    """A law: what came on top cannot be what is missing."""
    came = np.zeros(len(owed))
    more = came.copy()
    more[where % len(owed)] = 5.0

    found = nearly_all_missing(spans(np.array(owed), came))

    assert found is not None or nearly_all_missing(spans(np.array(owed), more)) is None


def told(clicks: Floats, conversions: Floats, running: float) -> Told:
    """One campaign; all conversions are told on the day of the click."""
    n = len(clicks)
    return Told(
        days=np.arange(np.datetime64("2026-03-02") - n, np.datetime64("2026-03-02")),
        clicks=clicks[None, :],
        running=np.array([running]),
        conversions=conversions[None, :],
        by_own_date=np.full(n, np.nan),
        reported=np.ones(31),
        learnable=np.ones(n, dtype=bool),
    )


def read_hourly(told_: Told, by_day: Floats, hours_today: int) -> Due:
    """Readings at each full hour; a day's conversions come evenly."""
    hours = 24 * 14 + hours_today
    new = np.repeat(by_day[-15:] / 24, 24)[-(hours + 24 - hours_today) :][: hours + 1]
    now = datetime(2026, 3, 2, hours_today, tzinfo=UTC)
    at = np.datetime64(now.replace(tzinfo=None), "us") - np.arange(hours, -1, -1) * HOUR
    found = due(told_, Arrivals(at, new), now, "UTC")
    assert found is not None
    return found


def test_what_is_due_follows_clicks_down() -> None:
    """A real fall of demand owes nothing: a tenth of the clicks, a tenth of the conversions due."""
    clicks = np.full(60, 1000.0)
    usual = read_hourly(told(clicks, clicks / 20, 500.0), np.full(61, 50.0), 12)
    quiet = read_hourly(told(clicks, clicks / 20, 50.0), np.full(61, 50.0), 12)

    assert usual.spans.due[-12:].sum() == pytest.approx(25.0, rel=0.1)
    assert quiet.spans.due[-12:].sum() == pytest.approx(2.5, rel=0.1)


def test_a_sale_of_some_days_does_not_raise_what_is_due() -> None:
    """Or its end would look like a break."""
    clicks = np.full(60, 1000.0)
    conversions = clicks / 20
    conversions[-6:-2] *= 3.0

    found = read_hourly(told(clicks, conversions, 500.0), np.append(conversions, 50.0), 12)

    assert found.spans.due[-12:].sum() == pytest.approx(25.0, rel=0.15)
    assert missing(found.spans, found.spread) is None


def test_too_little_is_not_judged() -> None:
    """Fewer than 14 conversions, or 7 days, say nothing of a rate."""
    clicks = np.full(60, 10.0)
    few = np.zeros(60)
    few[::10] = 1.0
    now = datetime(2026, 3, 2, 12, tzinfo=UTC)
    none = Arrivals(np.empty(0, "datetime64[us]"), np.empty(0))

    assert due(told(clicks, few, 5.0), none, now, "UTC") is None


def test_before_the_readings_days_are_judged_by_the_date_of_the_conversion() -> None:
    """Where the platform tells it; a gebot that was installed yesterday sees the break of last week."""
    clicks = np.full(60, 1000.0)
    account = told(clicks, clicks / 20, 0.0)
    dated = np.full(60, 50.0)
    dated[-3:] = 0.0
    now = datetime(2026, 3, 2, tzinfo=UTC) + timedelta(minutes=5)
    none = Arrivals(np.empty(0, "datetime64[us]"), np.empty(0))

    untold = due(account, none, now, "UTC")
    found = due(
        Told(
            account.days,
            account.clicks,
            account.running,
            account.conversions,
            dated,
            account.reported,
            account.learnable,
        ),
        none,
        now,
        "UTC",
    )

    assert untold is not None and missing(untold.spans, untold.spread) is None
    assert found is not None
    lost = missing(found.spans, found.spread)
    assert lost is not None and lost.begins == np.datetime64("2026-02-27")
