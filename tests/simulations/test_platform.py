"""The platform: what stood when decides what was spent, and knowledge only grows."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from simulated_account import FIRST_DAY, day, everything, noon, platform, total

from agent.clock import SteppedClock
from agent.domain.lever import Status
from agent.domain.metrics import MetricsTable
from agent.domain.ref import Kind
from simulations.journal import Field
from simulations.worlds import BASE


def test_conversions_of_a_day_only_grow_and_come_to_what_the_market_brought() -> None:
    """Restatement: a day is known better each day, and fully after 28."""
    clock = SteppedClock(noon(10))
    account = platform(clock)
    known, worth = [], []

    for number in range(11, 45):
        clock.move_to(noon(number))
        known.append(total(account.metrics(day(10), day(10)), "conversions", day(10)))
        worth.append(total(account.metrics(day(10), day(10)), "conversion_value_micros", day(10)))

    budgets = np.array([account.budget_micros(campaign.budget_id) for campaign in account.campaigns])
    final = account.market.outcome(10, budgets)
    assert known == sorted(known)
    assert worth == sorted(worth)
    assert known[0] < known[-1] == known[-6] == final.conversions.sum()
    assert worth[-1] == final.value_micros.sum()


def test_clicks_and_cost_are_final_once_the_day_is_over() -> None:
    clock = SteppedClock(noon(11))
    account = platform(clock)

    early = account.metrics(day(10), day(10))
    clock.move_to(noon(60))
    late = account.metrics(day(10), day(10))

    np.testing.assert_array_equal(early.cost_micros, late.cost_micros)
    np.testing.assert_array_equal(early.clicks, late.clicks)


def test_it_makes_no_difference_how_often_the_account_is_read() -> None:
    """Reading is not a cause."""
    hourly, once = SteppedClock(noon(0)), SteppedClock(noon(0))
    often, seldom = platform(hourly), platform(once)
    for hour in range(24 * 5):
        hourly.move_to(noon(0) + timedelta(hours=hour))
        often.metrics(FIRST_DAY, often.today())
    hourly.move_to(noon(40))
    once.move_to(noon(40))

    one, other = everything(often), everything(seldom)

    for field in fields(MetricsTable):
        np.testing.assert_array_equal(getattr(one, field.name), getattr(other, field.name))


def test_the_running_day_is_partial_and_grows() -> None:
    """Half the day, half the money; yesterday is complete."""
    clock = SteppedClock(noon(5))
    account = platform(clock)

    at_noon = account.metrics(day(4), day(5))
    clock.move_to(noon(5) + timedelta(hours=6))
    at_six = account.metrics(day(4), day(5))
    clock.move_to(noon(6))
    afterwards = account.metrics(day(4), day(5))

    whole = total(afterwards, "cost_micros", day(5))
    assert total(at_noon, "cost_micros", day(5)) == pytest.approx(whole / 2, rel=0.01)
    assert total(at_six, "cost_micros", day(5)) == pytest.approx(whole * 0.75, rel=0.01)
    assert (
        total(at_noon, "clicks", day(5))
        <= total(at_six, "clicks", day(5))
        <= total(afterwards, "clicks", day(5))
    )
    assert at_noon.partial_since == np.datetime64(day(5))
    assert afterwards.partial_since is None


def test_days_to_come_and_before_the_start_have_no_rows() -> None:
    """The table speaks for the days before the start (zero) but not for tomorrow."""
    account = platform(SteppedClock(noon(3)))

    table = account.metrics(day(-5), day(30))

    assert (table.since, table.until) == (np.datetime64(day(-5)), np.datetime64(day(3)))
    assert (table.days >= np.datetime64(day(0))).all()
    assert len(account.metrics(day(-9), day(-2))) == len(account.metrics(day(4), day(9))) == 0


def test_a_budget_counts_for_the_hours_in_which_it_stood() -> None:
    """Cut to a tenth at noon: the day costs about 55 % of the old budget, and nothing is undone."""
    clock = SteppedClock(noon(5))
    account = platform(clock, world=replace(BASE, shortfall=0.0))
    campaign = account.campaigns[0]
    before = account.budget_micros(campaign.budget_id)
    spent = total(everything(account), "cost_micros", day(5), campaign.id)

    account.set(
        Kind.CAMPAIGN_BUDGET, campaign.budget_id, Field.AMOUNT, before // 10 // 10_000 * 10_000, by="anybody"
    )
    right_after = total(everything(account), "cost_micros", day(5), campaign.id)
    clock.move_to(noon(7))

    table = everything(account)
    assert right_after == spent == pytest.approx(before / 2, abs=20_000)
    assert total(table, "cost_micros", day(5), campaign.id) == pytest.approx(before * 0.55, rel=0.01)
    assert total(table, "cost_micros", day(6), campaign.id) == pytest.approx(before * 0.1, rel=0.01)


def test_a_paused_campaign_spends_nothing_and_its_late_conversions_arrive() -> None:
    """From then on its rows have nothing but conversions of earlier clicks, by their own day."""
    clock = SteppedClock(datetime(2026, 1, 10, 23, 0, tzinfo=UTC))  # local midnight
    account = platform(clock)
    campaign = account.campaigns[3]

    account.set(Kind.CAMPAIGN, campaign.id, Field.STATUS, Status.PAUSED.value, by="anybody")
    clock.move_to(noon(30))

    table = everything(account)
    assert account.status(campaign.id) is Status.PAUSED
    later = (table.ids == campaign.id) & (table.days > np.datetime64(day(9)))
    assert later.any()
    assert table.conversions_by_conversion_date is not None
    assert (table.conversions_by_conversion_date[later] > 0).all()
    for column in (table.cost_micros, table.impressions, table.clicks, table.conversions):
        assert not column[later].any()


def test_impression_shares_add_up_and_follow_the_budget() -> None:
    """Shares are for search and shopping; what budget and rank lose is what is missing."""
    clock = SteppedClock(noon(20))
    account = platform(clock)
    searching = [c for c in account.campaigns if c.channel in ("search", "shopping")]
    before = account.metrics(day(10), day(19))
    for campaign in searching:
        amount = account.budget_micros(campaign.budget_id) // 3 // 10_000 * 10_000
        account.set(Kind.CAMPAIGN_BUDGET, campaign.budget_id, Field.AMOUNT, amount, by="anybody")
    clock.move_to(noon(31))
    after = account.metrics(day(21), day(30))

    for table in (before, after):
        has_share = np.isin(table.ids, [campaign.id for campaign in searching])
        shares = table.search_impression_share
        lost = table.search_budget_lost_impression_share, table.search_rank_lost_impression_share
        assert np.isnan(shares[~has_share]).all()
        clamped = (shares == 0.0999) | (lost[0] == 0.9001)
        sums = (shares + lost[0] + lost[1])[has_share & ~clamped]
        np.testing.assert_allclose(sums, 1.0)
        assert np.nanmin(shares) >= 0.0999
    assert np.nanmean(after.search_impression_share) < np.nanmean(before.search_impression_share)
    assert np.nanmean(after.search_budget_lost_impression_share) > np.nanmean(
        before.search_budget_lost_impression_share
    )


def test_over_delivery_stretches_days_but_not_the_month() -> None:
    """Up to twice the budget on a day, at most 30.4 budgets a month; never when switched off."""
    clock = SteppedClock(noon(90))
    account = platform(clock, world=replace(BASE, over_delivery=2.0))
    table = account.metrics(day(0), day(89))

    budgets = {c.id: account.budget_micros(c.budget_id) for c in account.campaigns}
    ratio = table.cost_micros / np.array([budgets[id_] for id_ in table.ids.tolist()])
    month = table.days.astype("datetime64[M]")
    assert ratio.max() <= 2.0
    assert ratio.max() > 1.2
    for id_, budget in budgets.items():
        for each in np.unique(month):
            assert table.cost_micros[(table.ids == id_) & (month == each)].sum() <= 30.4 * budget


def test_history_budgets_wobble_until_gebot_begins() -> None:
    """World A8: 28 days near reference, then constant budgets."""
    clock = SteppedClock(noon(50))
    world = replace(BASE, history_days=28, history_jitter=0.1, shortfall=0.0)
    account = platform(clock, world=world)
    table = everything(account)

    first = account.campaigns[0]
    cost = table.cost_micros[table.ids == first.id]
    budget = account.budget_micros(first.budget_id)
    assert len(np.unique(cost[:28])) == 28
    assert np.std(np.log(cost[:28] / budget)) == pytest.approx(0.1, abs=0.05)
    np.testing.assert_allclose(cost[28:50], budget, atol=10_000)


def test_a_day_of_25_hours_costs_no_more_than_others() -> None:
    """The clocks of Berlin go back on 25 October 2026."""
    clock = SteppedClock(datetime(2026, 10, 28, 12, tzinfo=UTC))
    account = platform(clock, world=replace(BASE, shortfall=0.0))
    table = everything(account)

    on_the_day = table.cost_micros[table.days == np.datetime64("2026-10-25")]
    before = table.cost_micros[table.days == np.datetime64("2026-10-24")]
    assert on_the_day.sum() == pytest.approx(before.sum(), rel=0.05)
    assert (on_the_day <= [account.budget_micros(c.budget_id) for c in account.campaigns]).all()


def test_a_clock_that_is_set_back_undoes_nothing() -> None:
    """The account stands still meanwhile."""

    class SetBack:
        moment = noon(5)

        def now(self) -> datetime:
            return self.moment

    clock = SetBack()
    account = platform(clock)
    before = account.metrics(day(0), day(4))
    clock.moment = noon(3)

    after = account.metrics(day(0), day(4))

    rows = before.days <= np.datetime64(day(3))
    np.testing.assert_array_equal(after.cost_micros, before.cost_micros[rows])
