"""What is told of ad groups, keywords, hours and late conversions adds up to what was told of campaigns."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from simulated_account import DEEP, FIRST_DAY, day, everything, noon, platform, total

from agent.clock import SteppedClock
from agent.domain.hours import HourlyMetrics
from agent.domain.metrics import MetricsTable
from agent.domain.ref import Kind
from simulations.journal import Field
from simulations.platform import Platform

COLUMNS = ("cost_micros", "impressions", "clicks", "conversions", "conversion_value_micros")


def account(clock: SteppedClock, *, day_parts: bool = False) -> Platform:
    """Seed 1, something of everything, some levers moved at odd hours."""
    made = platform(clock, depth=DEEP, day_parts=day_parts)
    bids = [(slot.kind, slot.id, slot.field) for slot in made.structure.slots if slot.field is Field.CPC_BID]
    for number, (kind, id_, field) in enumerate(bids[:12]):
        standing = made.standing(kind, id_, field)
        assert standing is not None
        made.set(kind, id_, field, standing * (4 + number) // 8 // 10_000 * 10_000, by="anybody")
    return made


def of_campaigns(made: Platform, table: MetricsTable) -> dict[tuple[str, int], list[float]]:
    """Sums of all columns by campaign and day."""
    above = {group.id: group.campaign_id for group in made.groups}
    above |= {keyword.id: above[keyword.group_id] for keyword in made.keywords}
    sums: dict[tuple[str, int], list[float]] = {}
    for row, id_ in enumerate(table.ids.tolist()):
        key = (above.get(id_, id_), int(table.days[row].astype(np.int64)))
        entry = sums.setdefault(key, [0.0] * len(COLUMNS))
        for place, column in enumerate(COLUMNS):
            entry[place] += getattr(table, column)[row]
    return sums


def test_groups_and_keywords_sum_to_their_campaigns_day() -> None:
    """To the last click and cent, on days that are over and on the running one."""
    clock = SteppedClock(noon(5))
    made = account(clock)
    clock.move_to(noon(12))
    days = (day(0), day(12))

    campaigns = of_campaigns(made, made.metrics(*days))
    groups = of_campaigns(made, made.metrics(*days, Kind.AD_GROUP))
    groups |= of_campaigns(made, made.metrics(*days, Kind.AD_SET))
    keywords = of_campaigns(made, made.metrics(*days, Kind.KEYWORD))

    shown = {key: sums for key, sums in campaigns.items() if any(sums)}
    assert groups == shown
    searching = {campaign.id for campaign in made.campaigns if campaign.channel == "search"}
    assert keywords == {key: sums for key, sums in shown.items() if key[0] in searching}
    assert len(keywords) > 50


def test_nobody_pays_without_a_click_and_each_click_was_an_impression() -> None:
    clock = SteppedClock(noon(12))
    made = account(clock)

    table = made.metrics(day(0), day(12), Kind.KEYWORD)

    assert (table.clicks[table.cost_micros > 0] > 0).mean() > 0.999
    assert (table.impressions >= table.clicks).all()
    assert (table.cost_micros % made.account.unit_micros == 0).all()
    assert (table.conversions <= table.clicks + 1).mean() > 0.99


def test_conversions_of_a_keyword_only_grow() -> None:
    """What was told of a day is not taken back when more of it is reported."""
    clock = SteppedClock(noon(11))
    made = account(clock)
    known: dict[str, float] = {}

    for number in range(11, 40, 3):
        clock.move_to(noon(number))
        table = made.metrics(day(10), day(10), Kind.KEYWORD)
        now = dict(zip(table.ids.tolist(), table.conversions.tolist(), strict=True))
        assert all(now.get(id_, 0) >= before for id_, before in known.items())
        known = now

    assert sum(known.values()) > 0


@pytest.mark.parametrize("day_parts", [False, True])
def test_hours_sum_to_their_day(day_parts: bool) -> None:  # as pytest gives it
    """Also on the running day, and when budgets were moved within it."""
    clock = SteppedClock(noon(5))
    made = account(clock, day_parts=day_parts)
    clock.move_to(noon(6))
    made.set(Kind.CAMPAIGN_BUDGET, made.budgets[3].id, Field.AMOUNT, 5_000_000, by="anybody")
    clock.move_to(noon(8) + timedelta(minutes=20))

    hours, table = made.hours(day(4), day(8)), made.metrics(day(4), day(8))

    for column in COLUMNS:
        for number in range(4, 9):
            assert of_day(hours, column, number) == total(table, column, day(number)), (column, number)
    assert hours.hours.max() == np.datetime64(noon(8).replace(tzinfo=None), "h")


def of_day(hours: HourlyMetrics, column: str, number: int) -> float:
    """Days of Berlin in winter begin at 23:00 UTC."""
    local_days = (hours.hours + np.timedelta64(1, "h")).astype("datetime64[D]")
    return float(getattr(hours, column)[local_days == np.datetime64(day(number))].sum())


def test_an_hour_that_is_over_does_not_change() -> None:
    """But for conversions that are reported later."""
    clock = SteppedClock(noon(5))
    made = account(clock, day_parts=True)

    early = made.hours(day(5), day(5))
    clock.move_to(noon(9))
    late = made.hours(day(5), day(5))

    cut = late.hours < np.datetime64(noon(5).replace(tzinfo=None), "h")
    for column in ("ids", "hours", "cost_micros", "clicks", "impressions"):
        np.testing.assert_array_equal(getattr(early, column), getattr(late, column)[cut])


def test_people_click_by_day_where_hours_differ() -> None:
    clock = SteppedClock(noon(9))
    flat, lively = (platform(clock, day_parts=parts).hours(day(2), day(8)) for parts in (False, True))

    def at_night(hours: HourlyMetrics) -> float:
        local = (hours.hours.astype("datetime64[h]") + 1).astype(np.int64) % 24
        return float(hours.clicks[local < 6].sum() / hours.clicks.sum())

    assert at_night(flat) == pytest.approx(0.25, abs=0.02)
    assert at_night(lively) == pytest.approx(0.07, abs=0.03)


def test_days_on_which_clocks_change_have_their_hours() -> None:
    """25 hours on 25 October 2026, of which the repeated one stands once."""
    made = platform(SteppedClock(datetime(2026, 10, 28, 12, tzinfo=UTC)), day_parts=True)
    the_day = day(297)

    hours, table = made.hours(the_day, the_day), made.metrics(the_day, the_day)

    assert the_day.isoformat() == "2026-10-25"
    assert len(np.unique(hours.hours)) == 24
    for column in COLUMNS:
        assert getattr(hours, column).sum() == getattr(table, column).sum()


def test_conversions_by_their_own_day_come_to_the_same_in_the_end() -> None:
    """On each day, all that was reported up to now is the same, whichever way it is dated."""
    clock = SteppedClock(noon(0))
    made = platform(clock, depth=DEEP)

    for number in (0, 3, 20, 45):
        clock.move_to(noon(number))
        table = everything(made)
        assert table.conversions_by_conversion_date is not None
        assert table.conversion_value_by_conversion_date_micros is not None
        assert table.conversions_by_conversion_date.sum() == table.conversions.sum()
        value = table.conversion_value_by_conversion_date_micros
        assert value.sum() == table.conversion_value_micros.sum()


def test_conversions_by_their_own_day_are_final_when_the_day_is_over() -> None:
    clock = SteppedClock(noon(20))
    made = platform(clock)

    early = made.metrics(day(0), day(19))
    clock.move_to(noon(50))
    late = made.metrics(day(0), day(19))

    np.testing.assert_array_equal(early.conversions_by_conversion_date, late.conversions_by_conversion_date)
    assert early.conversions.sum() < late.conversions.sum()


def test_the_lag_report_is_of_the_conversions_that_are_known() -> None:
    """Counts by delay sum to the days' conversions, and younger days lack the long ones."""
    clock = SteppedClock(noon(40))
    made = account(clock)

    ripe, young = made.lag(day(0), day(9)), made.lag(day(36), day(39))

    assert ripe.sum() == made.metrics(day(0), day(9)).conversions.sum()
    assert young.sum() == made.metrics(day(36), day(39)).conversions.sum()
    assert young[5:].sum() == 0 < ripe[5:].sum()
    one = [made.lag(day(0), day(9), campaign.id) for campaign in made.campaigns]
    np.testing.assert_array_equal(np.sum(one, axis=0), ripe)


def test_reading_below_campaigns_is_not_a_cause() -> None:
    """Nor is asking for hours, lag or simulations: the account goes on as if nobody had asked."""
    often, seldom = SteppedClock(noon(2)), SteppedClock(noon(2))
    asked, quiet = account(often), account(seldom)
    for number in range(3, 8):
        often.move_to(noon(number))
        asked.metrics(FIRST_DAY, asked.today(), Kind.KEYWORD)
        asked.hours(day(1), day(2))
        asked.lag(day(0), day(5))
        asked.responses()
    seldom.move_to(noon(7))

    one, other = everything(asked), everything(quiet)

    for column in (*COLUMNS, "ids", "days"):
        np.testing.assert_array_equal(getattr(one, column), getattr(other, column))


def test_lifetime_budgets_are_spent_evenly_and_end() -> None:
    """A campaign and, apart from it, ad sets; never more than the amount, and nothing afterwards."""
    clock = SteppedClock(noon(60))
    depth = replace(DEEP, lifetime_budgets=2, group_budgets=2, lifetime_days=50, bidding=("lowest_cost",))
    made = platform(clock, depth=depth)
    (budget,) = [one for one in made.budgets if one.ends is not None]
    groups = [one for one in made.groups if one.ends is not None]
    owners = [(Kind.CAMPAIGN, budget.campaign_ids[0]), *((one.kind, one.id) for one in groups)]

    tables = {kind: made.metrics(day(0), day(59), kind) for kind in (Kind.CAMPAIGN, Kind.AD_SET)}

    assert len(groups) == 3
    for kind, id_ in owners:
        table, amount = tables[kind], made.standing(kind, id_, Field.LIFETIME_AMOUNT)
        own = (table.ids == id_) & (table.cost_micros > 0)
        first, later = (table.cost_micros[own & (table.days < np.datetime64(day(end)))] for end in (25, 50))
        assert amount is not None
        assert made.standing(kind, id_, Field.AMOUNT) is None
        assert 0 < table.cost_micros[own].sum() <= amount
        assert first.sum() == pytest.approx(later.sum() / 2, rel=0.15)
        assert table.days[own].max() == np.datetime64(day(49))


def test_no_ad_set_costs_more_than_its_budget_on_any_day() -> None:
    """Chance with clicks breaks no budget: over-delivery is off."""
    made = platform(SteppedClock(noon(30)), depth=replace(DEEP, lifetime_budgets=0))

    table = made.metrics(day(0), day(29), Kind.AD_SET)

    own = [(one, made.standing(one.kind, one.id, Field.AMOUNT)) for one in made.groups]
    budgets = {one.id: amount for one, amount in own if amount is not None}
    assert len(budgets) == 3
    for id_, amount in budgets.items():
        assert 0 < table.cost_micros[table.ids == id_].max() <= amount


def test_simulations_are_near_the_truth_and_rise() -> None:
    """Of campaigns with a target or a daily budget of their own; the last full week, seed 1."""
    clock = SteppedClock(noon(30))
    made = platform(clock, depth=DEEP)

    curves = made.responses()

    table = made.metrics(day(23), day(29))
    for campaign in made.campaigns:
        curve = made.response(campaign.id)
        if campaign.strategy_id or campaign.group_budgets:
            assert curve is None
            continue
        if curve is None:
            continue
        own = table.ids == campaign.id
        numbers = [point.number for point in curve.points]
        field = {"target_cpa": Field.TARGET_CPA, "target_roas": Field.TARGET_ROAS}.get(campaign.bidding)
        standing = made.standing(Kind.CAMPAIGN, campaign.id, field or Field.AMOUNT)
        assert numbers == sorted(set(numbers))
        (here,) = [point for point in curve.points if point.number == standing]
        assert here.cost_micros == pytest.approx(table.cost_micros[own].sum(), rel=0.15)
        assert here.clicks == pytest.approx(table.clicks[own].sum(), rel=0.25)
    assert len(curves) > 10
