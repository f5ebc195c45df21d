"""Windows: the columns are what a reader of the page about rules would compute by hand."""

import math
from dataclasses import replace

import numpy as np
import pytest
import sample
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from agent.domain.lever import Lever, Ratio
from agent.domain.money import MICROS, Money
from agent.domain.portfolio import Goal, Portfolio
from agent.domain.snapshot import Snapshot
from rules.columns import RATIOS, SHARES, SUMS, column_named
from rules.figures import Figures

SHAPE = (2, 9)
PARTS = {
    "ctr": ("clicks", "impressions"),
    "cpc": ("cost", "clicks"),
    "cvr": ("conversions", "clicks"),
    "cpa": ("cost", "conversions"),
    "roas": ("conversion_value", "cost"),
}


def numbers(snapshot: Snapshot, name: str) -> list[float | None]:
    """A column as a list; None where not known."""
    column = column_named(name)
    assert column is not None
    return [None if math.isnan(found) else found for found in Figures(snapshot).numbers(column).tolist()]


def day(snapshot: Snapshot, metric: str, row: int, index: int) -> float:
    metrics = snapshot.metrics
    match metric:
        case "cost":
            return int(metrics.cost_micros[row, index]) / MICROS
        case "conversion_value":
            return int(metrics.conversion_value_micros[row, index]) / MICROS
        case _:
            return float(getattr(metrics, metric)[row, index])


def by_hand(snapshot: Snapshot, metric: str, days: range, row: int) -> float | None:
    """The same figure with loops over days."""
    if days.start < 0 or not all(snapshot.metrics.known[row, index] for index in days):
        return None
    if metric in SUMS:
        return sum(day(snapshot, metric, row, index) for index in days)
    if metric in RATIOS:
        above, below = (by_hand(snapshot, part, days, row) for part in PARTS[metric])
        assert above is not None and below is not None
        return above / below if below else None
    if metric in SHARES:
        days_with = [index for index in days if not math.isnan(day(snapshot, metric, row, index))]
        weights = [float(snapshot.metrics.impressions[row, index]) for index in days_with]
        values = [day(snapshot, metric, row, index) for index in days_with]
    else:
        weights = [day(snapshot, "cost", row, index) for index in days]
        values = [float(snapshot.maturity[index]) for index in days]
    if not values:
        return None
    if not sum(weights):
        weights = [1.0] * len(values)
    return sum(v * w for v, w in zip(values, weights, strict=True)) / sum(weights)


def matrix(kind: type, elements: st.SearchStrategy[object]) -> st.SearchStrategy[np.ndarray]:
    return arrays.arrays(kind, SHAPE, elements=elements)


shares = matrix(float, st.sampled_from([math.nan, 0.0, 0.25, 1.0]))
snapshots = st.builds(
    sample.snapshot,
    st.just(sample.entities([10.0, 20.0])),
    n_days=st.just(SHAPE[1]),
    cost=matrix(float, st.sampled_from([0.0, 0.01, 0.1, 12.34, 1000.0])),
    clicks=matrix(int, st.integers(0, 3)),
    impressions=matrix(int, st.sampled_from([0, 0, 0, 0, 1, 50])),
    conversions=matrix(float, st.sampled_from([0.0, 0.5, 1.0, 0.1])),
    value=matrix(float, st.sampled_from([0.0, 9.99, 100.0])),
    shares=shares,
    budget_lost=shares,
    rank_lost=shares,
    known=matrix(bool, st.sampled_from([True] * 9 + [False])),
    maturity=arrays.arrays(float, SHAPE[1], elements=st.sampled_from([0.5, 0.8, 1.0])),
)


@settings(deadline=None)
@given(
    snapshot=snapshots,
    metric=st.sampled_from([*SUMS, *RATIOS, *SHARES, "maturity"]),
    days=st.integers(1, 11),
    previous=st.booleans(),
)
def test_a_window_is_what_one_computes_by_hand(
    snapshot: Snapshot, metric: str, days: int, previous: bool
) -> None:
    """Every metric, every window, missing days and days before the first included."""
    end = SHAPE[1] - (days if previous else 0)
    expected = [by_hand(snapshot, metric, range(end - days, end), row) for row in range(SHAPE[0])]

    found = numbers(snapshot, f"{metric}_{days}d{'_prev' if previous else ''}")

    assert found == [None if one is None else pytest.approx(one, abs=1e-12) for one in expected]


def test_a_sum_of_money_is_exact() -> None:
    """Ten times 0.1 is 1, so "cost_10d >= 1" is true."""
    snapshot = sample.snapshot(sample.entities([10.0]), n_days=10, cost=0.1)

    assert numbers(snapshot, "cost_10d") == [1.0]


def test_a_target_is_the_campaign_s_own_or_else_the_portfolio_s() -> None:
    """`target_cpa` and `target_roas` are what the campaign is held to; `goal_` what the portfolio wants."""
    snapshot = sample.snapshot(
        sample.entities([10.0, 20.0], levers={Lever.TARGET_CPA: [5 * MICROS, None]}),
        portfolio=Portfolio("p", Goal.VALUE, target_cpa=Money.of("30", "EUR"), target_roas=Ratio.of("4.5")),
    )

    assert numbers(snapshot, "target_cpa") == [5.0, 30.0]
    assert numbers(snapshot, "goal_cpa") == [30.0, 30.0]
    assert numbers(snapshot, "target_roas") == [4.5, 4.5]
    assert numbers(snapshot, "daily_budget") == [10.0, 20.0]
    assert numbers(snapshot, "cpc_bid") == [None, None]


def test_without_a_portfolio_there_are_no_goals() -> None:
    """A rule that needs one then stays silent."""
    snapshot = sample.snapshot(sample.entities([10.0]))

    assert numbers(snapshot, "target_cpa") == [None]
    assert numbers(snapshot, "goal_roas") == [None]


def test_a_share_is_of_the_sum_of_those_that_have_the_figure() -> None:
    """A campaign with a missing day neither has a share nor counts in that of others."""
    known = np.array([[True], [True], [False]])
    snapshot = sample.snapshot(
        sample.entities([30.0, 10.0, 10.0]), n_days=1, cost=[[3], [1], [9]], known=known
    )

    assert numbers(snapshot, "share_cost_1d") == [0.75, 0.25, None]
    assert numbers(snapshot, "share_daily_budget") == [0.6, 0.2, 0.2]


def test_facts_are_read_from_the_entities() -> None:
    """Texts as they stand, the weekday of the account's today."""
    figures = Figures(sample.snapshot(sample.entities([10.0], names=["Brand"])))
    names = ("name", "id", "kind", "platform", "account", "weekday", "status", "age", "learning", "labels")
    columns = [column for column in map(column_named, names) if column is not None]

    assert figures.table(columns).row(0) == (
        "Brand", "000001", "campaign", "simulated", "demo", "saturday", "enabled", 400.0, False, ",",
    )  # fmt: skip


def test_a_sum_of_conversions_with_a_marked_day_is_not_known() -> None:
    """So "cost without conversions" never fires on days of broken tracking."""
    snapshot = sample.snapshot(sample.entities([50.0]), cost=10.0, clicks=20, conversions=2.0, value=60.0)
    marked = replace(snapshot, advice=sample.marked("2026-11-18T08:00/2026-11-18T14:00"))

    assert numbers(marked, "conversions_7d") == numbers(marked, "conversion_value_7d") == [None]
    assert numbers(marked, "conversions_2d") == [4.0]
    assert numbers(marked, "cost_7d") == [70.0]
    assert numbers(marked, "clicks_7d") == [140.0]


def test_a_ratio_of_conversions_is_made_of_the_days_that_are_not_marked() -> None:
    """Neither what such a day cost nor what it earned counts; other ratios are of all days."""
    conversions = np.full(30, 2.0)
    conversions[-3] = 0.0
    cost = np.full(30, 10.0)
    cost[-3] = 500.0
    snapshot = sample.snapshot(
        sample.entities([50.0]), cost=cost, clicks=20, conversions=conversions, value=conversions * 30
    )
    marked = replace(snapshot, advice=sample.marked("2026-11-18T08:00/2026-11-18T14:00"))

    assert numbers(marked, "cpa_7d") == [5.0]
    assert numbers(marked, "cvr_7d") == [0.1]
    assert numbers(marked, "roas_7d") == [6.0]
    assert numbers(marked, "cpc_7d") == [560.0 / 140]
    assert numbers(marked, "cpa_1d_prev") == [5.0]
    only = replace(snapshot, advice=sample.marked("2026-11-14T00:00/2026-11-21T00:00"))
    assert numbers(only, "cpa_7d") == numbers(only, "roas_7d") == numbers(only, "maturity_7d") == [None]
    assert numbers(only, "cpa_7d_prev") == [5.0]


def test_maturity_is_that_of_the_days_that_are_not_marked() -> None:
    """Yesterday is young and marked."""
    snapshot = sample.snapshot(sample.entities([50.0]), cost=10.0, maturity=np.r_[np.ones(29), 0.3])

    marked = replace(snapshot, advice=sample.marked("2026-11-20T08:00/2026-11-20T14:00"))

    assert numbers(marked, "maturity_2d") == [1.0]
