"""Measuring: which changes can be held against the days after them, and with what."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
import sample

from agent.domain.forecast import Forecasts, goal_of
from agent.domain.lever import Lever
from agent.domain.portfolio import Goal, Portfolio
from agent.domain.snapshot import LeverMemory, Snapshot
from agent.steps.measure import HORIZON_DAYS, measure
from strategies.thompson_budget import ThompsonBudget

OF = "conversion value in EUR per day at the new budget"
N_DAYS = 30


def past(*, stood: object = 100.0, status: object = 1, **figures: object) -> Snapshot:
    """One campaign of 30 days whose budget stood here at the end of each."""
    table = sample.entities([100.0])
    found = sample.snapshot(table, n_days=N_DAYS, value=200.0, conversions=4.0, **figures)  # type: ignore[arg-type]  # named by the test
    never = np.full(1, "NaT", dtype="datetime64[s]")
    numbers = np.broadcast_to(np.rint(np.asarray(stood, dtype=float) * 1e6), (1, N_DAYS)).astype(np.int64)
    switch = np.broadcast_to(np.asarray(status), (1, N_DAYS)).astype(np.int64)
    return replace(
        found,
        memory={
            Lever.DAILY_BUDGET: LeverMemory(never, numbers[:, -1], numbers),
            Lever.STATUS: LeverMemory(never, switch[:, -1], switch),
        },
    )


def said(*days_ago: int, mean: float = 200.0, effect: float = 10.0, of: str = OF) -> Forecasts:
    """A raise from 80 to 100 EUR on the morning of each of these days."""
    n = len(days_ago)
    applied = [(sample.NOW - timedelta(days=ago)).replace(tzinfo=None) for ago in days_ago]
    return Forecasts(
        sources=np.full(n, "seer"),
        kinds=np.full(n, "campaign"),
        ids=np.full(n, "000001"),
        levers=np.full(n, "daily_budget"),
        applied_at=np.array(applied, dtype="datetime64[s]"),
        before=np.full(n, 80_000_000),
        after=np.full(n, 100_000_000),
        of=np.full(n, of),
        mean=np.full(n, mean),
        low=np.full(n, 0.9 * mean),
        high=np.full(n, 1.2 * mean),
        effect=np.full(n, effect),
    )


def test_a_change_is_held_against_the_week_after_it() -> None:
    """An average day of the seven, in currency units."""
    found = measure(said(15), past()).measured

    assert found.realised.tolist() == [200.0] and found.mean.tolist() == [200.0]
    assert (found.low.tolist(), found.high.tolist()) == ([180.0], [240.0])
    assert found.held().tolist() == [True]
    assert 0 < found.noise[0] < 100


@pytest.mark.parametrize("days_ago", [7, 32, 60])
def test_what_is_too_young_or_too_old_waits_or_is_left_out(days_ago: int) -> None:
    """All seven days must be in the snapshot: with 7 days since the change, one is missing."""
    assert len(measure(said(days_ago), past()).measured) == 0


def test_days_that_are_not_ripe_are_waited_for() -> None:
    """And what has been reported is taken for its share."""
    ripening = np.where(np.arange(N_DAYS) < 22, 0.95, 0.5)

    found = measure(said(20, 11), past(maturity=ripening)).measured

    assert found.realised == pytest.approx([200.0 / 0.95])


@pytest.mark.parametrize(
    "days_gone", [{"known": np.arange(N_DAYS) != 18}, {"status": np.arange(N_DAYS) != 18}]
)
def test_days_that_nobody_saw_or_on_which_it_was_paused_spoil_the_week(days_gone: dict[str, object]) -> None:
    """Missing is not zero, and a paused campaign is not a bad one."""
    assert len(measure(said(15), past(**days_gone)).measured) == 0
    assert len(measure(said(28), past(**days_gone)).measured) == 1


def test_a_lever_that_moved_on_a_little_carries_the_forecast_with_it() -> None:
    """By the elasticity that was named: 10 of 200 EUR for 20 of 100 EUR is 0.25."""
    stood = np.where(np.arange(N_DAYS) >= 16, 120.0, 100.0)

    found = measure(said(15), past(stood=stood)).measured

    assert found.mean == pytest.approx([200.0 * (1 + 0.25 * 0.2)])
    assert found.low == pytest.approx(0.9 * found.mean) and found.high == pytest.approx(1.2 * found.mean)


def test_a_lever_that_moved_far_spoils_the_week() -> None:
    """Nothing was said of such a budget; nor where nobody knows how it stood."""
    stood = np.where(np.arange(N_DAYS) == 20, 130.0, 100.0)
    unseen = np.where(np.arange(N_DAYS) == 20, -1e-6, 100.0)

    assert len(measure(said(15), past(stood=stood)).measured) == 0
    assert len(measure(said(15), past(stood=unseen)).measured) == 0


def test_no_day_is_counted_twice() -> None:
    """Of changes every other day, only those whose weeks lie apart are measured."""
    found = measure(said(*range(29, 7, -2)), past())

    assert len(found.measured) == 3
    gaps = np.diff(found.forecasts.applied_at).astype("timedelta64[D]").astype(int)
    assert (gaps >= HORIZON_DAYS).all()


def test_conversions_are_held_against_conversions() -> None:
    """And words that name no goal against nothing."""
    count = said(15, mean=4.0, of="conversions per day at the new budget")

    assert measure(count, past()).measured.realised.tolist() == [4.0]
    assert len(measure(said(15, of="clicks per day"), past()).measured) == 0


@pytest.mark.parametrize("goal", Goal)
def test_the_words_of_the_shipped_strategy_are_understood(goal: Goal) -> None:
    """Its text and the reader of it stand in two places; this holds them together."""
    clicks = np.array([[40], [80]])
    account = sample.snapshot(
        sample.entities([50.0, 50.0]),
        cost=50.0,
        clicks=clicks,
        conversions=clicks / 20,
        value=clicks * 3.0,
        portfolio=Portfolio("all", goal),
    )

    proposals = list(ThompsonBudget("thompson").propose(account, np.random.default_rng(1)))

    assert proposals
    assert {goal_of(proposal.evidence.posterior_of) for proposal in proposals} == {goal}


def test_an_account_without_days_or_forecasts_measures_nothing() -> None:
    """On the first morning."""
    empty = said()

    assert len(measure(empty, past()).measured) == 0
    assert len(measure(said(15), sample.snapshot(sample.entities([100.0]), n_days=0)).measured) == 0


def test_an_entity_that_is_gone_is_left_out() -> None:
    """The others are measured all the same."""
    both = said(15, 15)
    both = replace(both, ids=np.array(["000001", "999999"]))

    assert measure(both, past()).forecasts.ids.tolist() == ["000001"]


def test_a_week_with_a_marked_day_is_not_measured() -> None:
    """Nobody knows what it brought."""
    snapshot = past()
    forecasts = said(20)
    assert len(measure(forecasts, snapshot).measured) == 1
    after = sample.NOW.date() - timedelta(days=16)

    broken = replace(snapshot, advice=sample.marked(f"{after}T08:00/{after}T09:00"))

    assert len(measure(forecasts, broken).measured) == 0
