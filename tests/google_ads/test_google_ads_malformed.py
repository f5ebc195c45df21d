"""Figures and answers of Google that no document allows are refused, and never half taken."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from google_ads_rows import bare_row

from adapters.google_ads.errors import explained
from adapters.google_ads.hours import hours_of
from adapters.google_ads.memory import Memory
from adapters.google_ads.metrics import metrics_of
from adapters.google_ads.quota import Quota
from adapters.google_ads.targets import number_at
from agent.clock import SteppedClock
from agent.domain.errors import Misunderstood, RateLimited
from agent.domain.lever import Lever
from agent.domain.metrics import counted, micros_of

DAY = date(2026, 11, 20)


@pytest.mark.parametrize("figure", [float("nan"), float("inf"), -float("inf"), 1e300])
def test_a_figure_that_is_no_number_is_not_read_as_one(figure: float) -> None:
    """An infinite value once became -9223372036854 units of conversion value."""
    row = bare_row(campaign__id=7, segments__date=str(DAY), metrics__conversions_value=figure)

    with pytest.raises(ValueError, match=r"figure|amount"):
        metrics_of([row], DAY, DAY, None)
    with pytest.raises(ValueError, match=r"figure|amount"):
        hours_of([row], ZoneInfo("UTC"))


def test_what_overflows_is_an_answer_that_cannot_be_read() -> None:
    """A target of infinity is no ValueError of Python's; it is Google's answer all the same."""
    campaign = bare_row(campaign__target_roas__target_roas=float("inf")).campaign

    with pytest.raises(Misunderstood), explained("google_ads:1"):
        number_at(campaign.target_roas, "target_roas", Lever.TARGET_ROAS)


def test_a_wait_of_ages_is_a_day() -> None:
    """Whatever Google asks for, it is asked again once a day."""

    quota = Quota(Memory(None), SteppedClock(datetime(2026, 11, 21, tzinfo=UTC)), 15_000)

    quota.pause("", 2.0**62)

    with pytest.raises(RateLimited) as limited:
        quota.take("1", urgent=True)
    assert limited.value.retry_after_s == 86_400.0


def test_amounts_are_micros_to_the_nearest_one() -> None:
    """What is a number stays what it was."""
    assert micros_of([0.1, 12.345678, -1.0]).tolist() == [100_000, 12_345_678, -1_000_000]
    assert counted([]).tolist() == []
