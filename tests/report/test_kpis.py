"""KPIs: sums over known days, ratios of sums, and what they are held against."""

import math
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample import ACCOUNT
from told import N_DAYS, NOVEMBER, TODAY, figures

from agent.domain.entity import Account
from agent.report.account_report import board
from agent.report.kpis import change_of_ratio, change_of_sum
from agent.report.period import Period


def test_a_ratio_of_all_campaigns_is_a_ratio_of_sums() -> None:
    """A small campaign with a great return does not lift that of the account by more than its money."""
    told = figures(2, cost=[[100.0], [1.0]], value=[[100.0], [10.0]])

    found = board(told, NOVEMBER)

    assert found is not None
    assert found.total.roas.item() == pytest.approx(110 / 101)
    assert found.now.roas.tolist() == pytest.approx([1.0, 10.0])
    assert found.total.cost_micros.item() == 30 * 101_000_000


def test_days_that_are_not_known_are_missing_and_not_zero() -> None:
    """They are named, they are in no sum, and what is held against another month is per known day."""
    known = np.ones((2, N_DAYS), dtype=bool)
    known[:, 31 + 4 : 31 + 7] = False  # 5 to 7 November

    found = board(figures(2, known=known), NOVEMBER)

    assert found is not None
    assert found.missing == tuple(date(2026, 11, day) for day in (5, 6, 7))
    assert (found.total.n_days, found.total.known_days.item()) == (30, 27)
    assert change_of_sum(found.total, found.total_before, "cost_micros").item() == pytest.approx(0.0)
    assert np.isnan(found.daily.cost[4:7]).all() and not np.isnan(found.daily.cost[:4]).any()


def test_nothing_known_is_no_ratio_and_no_change() -> None:
    """NaN all the way, never a zero that looks like a bad month."""
    found = board(figures(1, known=False), NOVEMBER)

    assert found is None or (math.isnan(found.total.roas.item()) and math.isnan(found.total.reported.item()))


def test_young_conversions_do_not_look_like_a_fall() -> None:
    """Half reported is held against the month before as if all were; less than half says nothing."""
    reported = np.ones((2, N_DAYS))
    conversions = np.full((2, N_DAYS), 2.0)
    reported[:, 31:61], conversions[:, 31:61] = 0.6, 2.0 * 0.6

    found = board(figures(2, conversions=conversions, reported=reported), NOVEMBER)

    assert found is not None
    for name in ("conversions",):
        assert change_of_sum(found.total, found.total_before, name).item() == pytest.approx(0.0)
    for name in ("cpa_micros", "cvr"):
        assert change_of_ratio(found.total, found.total_before, name).item() == pytest.approx(0.0)
    reported[:, 31:61] = 0.4
    younger = board(figures(2, conversions=conversions, reported=reported), NOVEMBER)
    assert younger is not None
    assert math.isnan(change_of_sum(younger.total, younger.total_before, "conversions").item())
    assert change_of_sum(younger.total, younger.total_before, "cost_micros").item() == pytest.approx(0.0)


@given(
    st.lists(st.integers(0, 10**12), min_size=1, max_size=12),
    st.integers(0, N_DAYS),
)
def test_the_sum_of_all_campaigns_is_what_all_campaigns_sum_to(cost: list[int], gone: int) -> None:
    """No micro is lost or made, whichever days are missing."""
    known = np.ones((len(cost), N_DAYS), dtype=bool)
    known[:, :gone] = False
    units = np.array(cost, dtype=float)[:, None] / 1_000_000

    found = figures(len(cost), cost=units, known=known)
    all_days = np.ones(N_DAYS, dtype=bool)

    assert found.total(all_days).cost_micros.item() == sum(cost) * (N_DAYS - gone)
    assert found.kpis(all_days).cost_micros.sum() == found.total(all_days).cost_micros.item()


def test_what_is_below_a_campaign_is_not_added_to_it_again() -> None:
    """A keyword's cost is in its campaign's."""
    told = figures(2)
    told.kinds[1] = "keyword"

    found = board(told, NOVEMBER)

    assert found is not None and found.total.cost_micros.item() == 30 * 10_000_000


def test_impression_share_is_weighted_by_impressions() -> None:
    """And is not there where nothing tells of one."""
    told = figures(2)
    told.metrics.search_impression_share[0] = np.nan

    found = board(told, NOVEMBER)

    assert found is not None
    assert found.total.impression_share.item() == pytest.approx(0.4)
    assert math.isnan(found.now.impression_share[found.names.tolist().index("Campaign 1")])


def test_a_running_month_is_held_against_as_many_days_of_the_last() -> None:
    """On the first day of a month nothing of it is over; a long month is held against all of a short one."""
    running = Period.month(date(2026, 11, 1), date(2026, 11, 11))
    march = Period.month(date(2026, 3, 1), date(2026, 4, 2))
    none = Period.month(date(2026, 12, 1), date(2026, 12, 1))

    assert (running.span.last, running.before.last) == (date(2026, 11, 10), date(2026, 10, 10))
    assert (march.span.n_days, march.before.n_days) == (31, 28)
    assert none.span.n_days == 0
    assert Period.day(TODAY).before.n_days == 7


def test_a_currency_of_the_account_is_never_guessed() -> None:
    """It stands with the figures."""
    yen = Account(ACCOUNT.id, "Demo", "JPY", "Asia/Tokyo")

    assert figures(1, account=yen).account.currency == "JPY"
