"""Insights: one action type is one conversion, whatever else Meta lists beside it."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.meta_ads.fields import HOUR
from adapters.meta_ads.insights import Figures, first_unsettled_day, hours_of, metrics_of
from agent.domain.ref import Kind

ROW: dict[str, Any] = {
    "campaign_id": "11",
    "spend": "26.03",
    "impressions": "1204",
    "inline_link_clicks": "31",
    "actions": [
        {"action_type": "link_click", "value": "31"},
        {"action_type": "purchase", "value": "4"},
        {"action_type": "omni_purchase", "value": "5"},
        {"action_type": "offsite_conversion.fb_pixel_purchase", "value": "3"},
    ],
    "action_values": [
        {"action_type": "offsite_conversion.fb_pixel_purchase", "value": "120.10"},
        {"action_type": "omni_purchase", "value": "180.55"},
    ],
    "date_start": "2026-11-20",
    "date_stop": "2026-11-20",
}
SINCE, UNTIL = date(2026, 11, 19), date(2026, 11, 20)


def figures(*rows: dict[str, Any], actions: tuple[str, ...] | None = None) -> Figures:
    found = Figures() if actions is None else Figures(actions)
    found.add(Kind.CAMPAIGN, rows)
    return found


def test_a_row_becomes_columns() -> None:
    """Money in micros, exact to the cent; shares that Meta does not have are unknown."""
    table = metrics_of(figures(ROW), SINCE, UNTIL, None)

    assert (table.kinds.tolist(), table.ids.tolist()) == (["campaign"], ["11"])
    assert table.days.astype(str).tolist() == ["2026-11-20"]
    assert table.cost_micros.tolist() == [26_030_000]
    assert (table.impressions.tolist(), table.clicks.tolist()) == ([1204], [31])
    assert table.conversions.tolist() == [5.0]
    assert table.conversion_value_micros.tolist() == [180_550_000]
    assert np.isnan(table.search_impression_share).all()


def test_the_widest_purchase_is_read_and_no_other() -> None:
    """They contain each other: adding them up would count one sale three times."""
    without_omni = {**ROW, "actions": ROW["actions"][:2] + ROW["actions"][3:]}
    only_pixel = {**ROW, "actions": ROW["actions"][3:]}
    none = {**ROW, "actions": ROW["actions"][:1]}

    assert list(figures(ROW, without_omni, only_pixel, none).conversions) == [5.0, 4.0, 3.0, 0.0]


def test_another_action_can_be_the_conversion() -> None:
    """A shop counts purchases, a dealer leads."""
    assert list(figures(ROW, actions=("link_click",)).conversions) == [31.0]
    assert list(figures(ROW, actions=("lead",)).conversions) == [0.0]


def test_what_a_row_leaves_out_is_zero() -> None:
    """Meta drops what is zero."""
    table = metrics_of(figures({"campaign_id": "11", "date_start": "2026-11-20"}), SINCE, UNTIL, None)

    assert table.cost_micros.tolist() == [0]
    assert table.conversions.tolist() == [0.0]


@given(st.lists(st.decimals(0, 9_000_000, places=2, allow_nan=False), min_size=1, max_size=20))
def test_no_cent_is_lost(amounts: list[Any]) -> None:
    """A float holds two decimals of every amount that an account can spend in a day."""
    rows = [{**ROW, "spend": str(amount)} for amount in amounts]

    assert figures(*rows).cost_micros.tolist() == [int(amount * 1_000_000) for amount in amounts]


def hourly(day: str, hour: int, spend: str) -> dict[str, Any]:
    return {
        "campaign_id": "11",
        "date_start": day,
        "spend": spend,
        "impressions": "10",
        HOUR: f"{hour:02d}:00:00 - {hour:02d}:59:59",
    }


def test_an_hour_is_one_of_the_accounts_zone() -> None:
    """Ten in New York is three in the afternoon in UTC."""
    table = hours_of(figures(hourly("2026-11-20", 10, "1.50")), ZoneInfo("America/New_York"))

    assert table.hours.astype(str).tolist() == ["2026-11-20T15:00"]
    assert table.cost_micros.tolist() == [1_500_000]


@pytest.mark.parametrize(("hour", "utc"), [(0, "2026-11-19T18:30"), (10, "2026-11-20T04:30")])
def test_an_hour_begins_at_half_past_where_the_zone_does(hour: int, utc: str) -> None:
    """Cut to the hour of UTC, midnight in Kolkata would be of the day before."""
    table = hours_of(figures(hourly("2026-11-20", hour, "1.50")), ZoneInfo("Asia/Kolkata"))

    assert table.hours.astype(str).tolist() == [utc]


def test_hours_of_a_clock_change_do_not_stand_twice() -> None:
    """Two o'clock does not exist on that night, so what stands there is what came at three."""
    rows = [hourly("2026-03-08", 2, "1.00"), hourly("2026-03-08", 3, "2.00"), hourly("2026-03-08", 1, "4.00")]

    table = hours_of(figures(*rows), ZoneInfo("America/New_York"))

    assert table.hours.astype(str).tolist() == ["2026-03-08T06:00", "2026-03-08T07:00"]
    assert table.cost_micros.tolist() == [4_000_000, 3_000_000]
    assert table.impressions.tolist() == [10, 20]


def test_hours_without_any_conversion_do_not_say_that_there_were_none() -> None:
    """Meta leaves what happens on a web site out of hourly reports."""
    silent = hours_of(figures(hourly("2026-11-20", 10, "1.50")), ZoneInfo("America/New_York"))
    told = hours_of(
        figures(hourly("2026-11-20", 10, "1"), {**hourly("2026-11-20", 11, "1"), "actions": ROW["actions"]}),
        ZoneInfo("America/New_York"),
    )

    assert np.isnan(silent.conversions).all()
    assert told.conversions.tolist() == [0.0, 5.0]


@pytest.mark.parametrize(
    ("now", "first"),
    [
        (datetime(2026, 11, 21, 15, 30, tzinfo=UTC), date(2026, 11, 21)),
        (datetime(2026, 11, 21, 7, 30, tzinfo=UTC), date(2026, 11, 20)),
        (datetime(2026, 11, 22, 4, 30, tzinfo=UTC), date(2026, 11, 21)),
    ],
)
def test_today_is_not_over_and_yesterday_not_for_some_hours(now: datetime, first: date) -> None:
    """By the account's clock, not by ours."""
    zone = ZoneInfo("America/New_York")

    assert first_unsettled_day(now, zone, date(2026, 11, 21)) == first
    assert first_unsettled_day(now, zone, date(2026, 11, 19)) is None
