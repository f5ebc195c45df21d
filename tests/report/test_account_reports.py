"""Looking back: what a ledger tells of days that an account lived through."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from live import Live
from lived import account, lived
from sample import ACCOUNT, entities

from agent.domain.metrics import MetricsTable
from agent.domain.money import Money
from agent.domain.month.budget import MonthBudget
from agent.domain.outcome import State
from agent.domain.portfolio import Portfolio
from agent.ledger.open import open_ledger
from agent.looking_back import account_report, figures, portfolio_pacing, snapshot_since, today_of, verdicts
from agent.report.made import made
from agent.report.markdown import markdown
from agent.report.period import Period
from agent.report.verdicts import Verdict
from agent.steps.decide import Desk, Membership


@pytest.fixture(scope="module")
def shop() -> Live:
    """Four campaigns after twelve days, with edits of somebody else in between."""
    one = account(open_ledger("memory:"), campaigns=4)
    lived(one, 12)
    return one


def test_a_report_tells_what_the_ledger_holds(shop: Live) -> None:
    """Every change that was found applied, and every day that is known."""
    ledger, id_, now = shop.parts.ledger, shop.parts.account, shop.clock.now()
    period = Period.month(date(2026, 11, 1), date(2026, 12, 3))

    told = account_report(ledger, id_, period, now, name="demo", desks=shop.parts.desks)

    assert told is not None and told.board is not None
    applied = [
        change
        for record in ledger.plans(id_)
        for change in record.changes.values()
        if change.state is State.APPLIED and change.since.month == 11
    ]
    assert len(told.judged) == len(applied) > 0
    assert all(one.reason is not None or one.gain is not None for one in told.judged)
    assert told.board.total.cost_micros.item() == told.board.now.cost_micros.sum() > 0
    assert told.n_plans == 10
    assert "demo" in markdown([told])


def test_a_day_tells_what_can_be_said_of_earlier_changes(shop: Live) -> None:
    """Those of the day itself are not yet known; earlier ones stand there only with a verdict."""
    ledger, id_, now = shop.parts.ledger, shop.parts.account, shop.clock.now()
    period = Period.day(now.date() - timedelta(days=1))

    told = account_report(ledger, id_, period, now, name="demo", desks=shop.parts.desks)

    assert told is not None
    assert all(one.verdict is Verdict.UNKNOWN for one in told.judged)
    assert all(one.verdict is not Verdict.UNKNOWN for one in told.earlier)
    assert all(one.made.at.date() < period.span.first for one in told.earlier)


def test_pacing_is_that_of_the_month_budget(shop: Live) -> None:
    """The forecast is there without a budget, too, and is the same one."""
    ledger, id_, now = shop.parts.ledger, shop.parts.account, shop.clock.now()
    snapshot = snapshot_since(ledger, id_, now - timedelta(days=10), now)
    assert snapshot is not None
    desk = shop.parts.desks[0]
    budget = MonthBudget(Money.of(20_000, "EUR"))
    bare = Portfolio("all", desk.portfolio.goal)
    with_budget = Portfolio("all", desk.portfolio.goal, month=budget)

    (free,) = portfolio_pacing(snapshot, [Desk(bare, Membership(), ())])
    (bound,) = portfolio_pacing(snapshot, [Desk(with_budget, Membership(), ())])

    assert free.budget is None and free.verdict == ""
    assert (free.spent, free.month_end) == (bound.spent, bound.month_end)
    assert bound.budget == 20_000_000_000 and bound.verdict in ("under budget", "on budget", "over budget")
    assert free.month_end.low <= free.month_end.mean <= free.month_end.high


def test_forecasts_stand_beside_what_came(shop: Live) -> None:
    """Where `measure` can hold one against the days after, its change carries it."""
    ledger, id_ = shop.parts.ledger, shop.parts.account
    later = shop.clock.now()
    since = later - timedelta(days=12)
    snapshot = snapshot_since(ledger, id_, since, later)
    assert snapshot is not None

    found = verdicts(ledger, snapshot, shop.parts.desks, made(ledger.plans(id_), since, later))

    assert all((one.said is None) == (one.came is None) == (one.held is None) for one in found)
    assert verdicts(ledger, snapshot, shop.parts.desks, []) == []


def test_a_campaign_that_is_gone_keeps_what_it_cost() -> None:
    """The sum of a month does not change because somebody removed a campaign afterwards."""
    ledger = open_ledger("memory:")
    both = entities([10.0, 10.0])
    first = both.account
    from_day, to_day = date(2026, 11, 1), date(2026, 11, 8)
    at = _at(8)
    ledger.record_entities(both, _at(4))
    ledger.record_metrics(ACCOUNT.id, _spent([3_000_000, 5_000_000]), _at(7))
    ledger.record_entities(both.take(np.array([0])), at)

    told = figures(ledger, ACCOUNT.id, from_day, to_day - timedelta(days=1), at + timedelta(hours=1))

    assert told is not None and told.account == first
    assert sorted(told.names.tolist()) == ["Campaign 1", "Campaign 2"]
    assert told.total(np.ones(7, dtype=bool)).cost_micros.item() == 8_000_000


def test_an_account_that_nobody_has_seen_has_no_report() -> None:
    """None, and no empty page that looks like a bad month."""
    ledger, now = open_ledger("memory:"), _at(3)
    period = Period.day(date(2026, 11, 1))

    assert today_of(ledger, ACCOUNT.id, now) is None
    assert account_report(ledger, ACCOUNT.id, period, now, name="x", desks=()) is None


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)))
def test_a_month_is_never_held_against_days_of_itself(today: date) -> None:
    """Whatever the date: the days before end where the month begins, and are no more than it has."""
    period = Period.month(today.replace(day=1), today)

    assert period.before.last < period.span.first
    assert period.span.last < today
    assert period.before.n_days <= max(period.span.n_days, 31)


def _at(days: int) -> datetime:
    """So many days after the first of November."""
    return datetime(2026, 11, 1, 9, tzinfo=UTC) + timedelta(days=days)


def _spent(cost_micros: list[int]) -> MetricsTable:
    """What campaigns 1, 2, ... cost on 3 November; nothing else in the first week."""
    n = len(cost_micros)
    nothing = np.zeros(n)
    return MetricsTable(
        since=np.datetime64("2026-11-01"),
        until=np.datetime64("2026-11-07"),
        partial_since=None,
        kinds=np.array(["campaign"] * n),
        ids=np.array([f"{i + 1:06d}" for i in range(n)]),
        days=np.array(["2026-11-03"] * n, dtype="datetime64[D]"),
        cost_micros=np.array(cost_micros),
        impressions=np.array([100] * n),
        clicks=np.array([10] * n),
        conversions=nothing,
        conversion_value_micros=np.zeros(n, dtype=np.int64),
        search_impression_share=nothing * np.nan,
        search_budget_lost_impression_share=nothing * np.nan,
        search_rank_lost_impression_share=nothing * np.nan,
    )
