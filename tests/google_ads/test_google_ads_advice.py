"""Advice and hours without any wire: lag, simulations, and hours of clock changes."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from google_ads_rows import bare_row, write

from adapters.google_ads.hours import hours_of
from adapters.google_ads.lag import LONGEST_DAYS, lag_days, reported_of
from adapters.google_ads.responses import responses_of
from agent.domain.lever import Lever

BERLIN = ZoneInfo("Europe/Berlin")


def late(bucket: str, conversions: float, campaign: int = 7) -> Any:
    return bare_row(
        campaign__id=campaign, segments__conversion_lag_bucket=bucket, metrics__conversions=conversions
    )


def simulation(type_: str, method: str, points: str, *figures: dict[str, float]) -> Any:
    row = bare_row(
        campaign_simulation__campaign_id=7,
        campaign_simulation__type=type_,
        campaign_simulation__modification_method=method,
        campaign_simulation__start_date="2026-11-10",
        campaign_simulation__end_date="2026-11-16",
    )
    for figure in figures:
        point = getattr(row.campaign_simulation, points).points.add()
        for name, value in figure.items():
            write(point, name, value)
    return row


def test_lag_is_summed_over_campaigns_into_shares_by_days() -> None:
    """Day by day for two weeks; the wide buckets spread evenly; unknown lags left out."""
    reported = reported_of(
        [
            late("LESS_THAN_ONE_DAY", 40.0),
            late("LESS_THAN_ONE_DAY", 20.0, campaign=8),
            late("ONE_TO_TWO_DAYS", 10.0),
            late("FOURTEEN_TO_TWENTY_ONE_DAYS", 28.0),
            late("THIRTY_TO_FORTY_FIVE_DAYS", 2.0),
            late("UNKNOWN", 1000.0),
        ]
    )

    assert reported.n == pytest.approx(100.0)
    assert reported.shares[:3] == pytest.approx((0.6, 0.7, 0.7))
    assert reported.shares[13:16] == pytest.approx((0.7, 0.74, 0.78))
    assert reported.shares[20:30] == pytest.approx([0.98] * 10)
    assert (len(reported.shares), reported.shares[-1]) == (45, 1.0)
    assert all(np.diff(reported.shares) >= 0)


def test_every_bucket_of_the_api_is_known_and_none_reaches_beyond_90_days() -> None:
    """A bucket that is left out would make the rest look complete too early."""
    enum = bare_row().segments.DESCRIPTOR.fields_by_name["conversion_lag_bucket"].enum_type
    names = [value.name for value in enum.values if value.number > 1]

    each = [reported_of([late(name, 1.0)]) for name in names]

    assert all(reported.n == pytest.approx(1.0) for reported in each)
    assert max(len(reported.shares) for reported in each) == LONGEST_DAYS


def test_without_conversions_nothing_is_told_of_lag() -> None:
    """Missing is not zero."""
    assert reported_of([]).shares == ()
    assert reported_of([late("ONE_TO_TWO_DAYS", 0.0)]).shares == ()


def test_lag_is_asked_of_clicks_whose_conversions_have_come() -> None:
    """Thirty days is Google's usual window."""
    assert lag_days(date(2026, 11, 21)) == (date(2026, 7, 24), date(2026, 10, 21))


def test_simulations_are_curves_of_the_lever_by_rising_number() -> None:
    """Budgets and targets; what only scales the bids of ad groups is left out."""
    budget = simulation(
        "BUDGET",
        "UNIFORM",
        "budget_point_list",
        {
            "budget_amount_micros": 60_000_000,
            "cost_micros": 400_000_000,
            "clicks": 90,
            "biddable_conversions": 9.5,
        },
        {
            "budget_amount_micros": 30_000_000,
            "cost_micros": 200_000_000,
            "clicks": 50,
            "biddable_conversions": 6.0,
        },
    )
    roas = simulation(
        "TARGET_ROAS",
        "UNIFORM",
        "target_roas_point_list",
        {"target_roas": 3.5, "cost_micros": 1, "biddable_conversions_value": 12.5},
    )
    scaled = simulation("TARGET_CPA", "SCALING", "target_cpa_point_list", {"target_cpa_micros": 1})
    other = simulation("CPC_BID", "UNIFORM", "cpc_bid_point_list", {"cpc_bid_micros": 1})
    empty = simulation("TARGET_CPA", "UNIFORM", "target_cpa_point_list")

    curves = list(responses_of([budget, roas, scaled, other, empty]))

    assert [(curve.id, curve.lever) for curve in curves] == [
        ("7", Lever.DAILY_BUDGET),
        ("7", Lever.TARGET_ROAS),
    ]
    assert (curves[0].since, curves[0].until) == (date(2026, 11, 10), date(2026, 11, 16))
    assert [(point.number, point.clicks, point.conversions) for point in curves[0].points] == [
        (30_000_000, 50.0, 6.0),
        (60_000_000, 90.0, 9.5),
    ]
    assert (curves[1].points[0].number, curves[1].points[0].value_micros) == (3_500_000, 12_500_000)


@pytest.mark.parametrize(
    ("day", "hour", "zone", "utc"),
    [
        ("2026-11-20", 0, BERLIN, "2026-11-19T23:00"),
        ("2026-07-20", 14, BERLIN, "2026-07-20T12:00"),
        ("2026-10-25", 2, BERLIN, "2026-10-25T00:00"),  # the repeated hour begins in summer time
        ("2026-10-25", 3, BERLIN, "2026-10-25T02:00"),
        ("2026-03-29", 3, BERLIN, "2026-03-29T01:00"),  # two o'clock was left out
        ("2026-11-20", 9, ZoneInfo("Asia/Kolkata"), "2026-11-20T03:30"),
    ],
)
def test_an_hour_begins_where_the_accounts_clock_says(day: str, hour: int, zone: ZoneInfo, utc: str) -> None:
    """Also on the two days of the year that have 23 and 25 hours."""
    table = hours_of([bare_row(campaign__id=7, segments__date=day, segments__hour=hour)], zone)

    assert table.hours.tolist() == np.array([utc], dtype="datetime64[m]").tolist()
    assert (table.ids.tolist(), table.kinds.tolist()) == (["7"], ["campaign"])


def test_an_account_without_hours_gives_an_empty_table() -> None:
    """No rows is a state, not an error."""
    assert len(hours_of([], BERLIN)) == 0
