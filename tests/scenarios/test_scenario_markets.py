"""Scenarios: each does to a market what its sentence says, and nothing else."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from agent.clock import SteppedClock
from agent.domain.entity import Account
from agent.domain.lever import Lever
from agent.domain.metrics import MetricsTable
from agent.domain.money import Money
from agent.domain.plan import Change
from agent.domain.ref import AccountId
from simulations.campaigns import Channel
from simulations.market import N_AGES, Market, Outcome
from simulations.platform import Platform
from simulations.scenarios.adapter import Telling
from simulations.scenarios.catalogue import SCENARIOS
from simulations.scenarios.event import Event, Reset
from simulations.scenarios.market import EventfulMarket
from simulations.structure import build
from simulations.worlds import BASE

FIRST = date(2025, 1, 6)
STARTS = 20
SEED = 3


def market(name: str) -> EventfulMarket:
    return EventfulMarket(BASE, SEED, FIRST, event=SCENARIOS[name].event, starts=STARTS)


def plain() -> Market:
    return Market(BASE, SEED, FIRST)


def usual(of: Market) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return of.campaigns.reference.astype(np.int64)


def day_of(of: Market, day: int) -> Outcome:
    return of.outcome(STARTS + day, usual(of))


def same(one: Outcome, other: Outcome) -> bool:
    names = ("cost_micros", "impressions", "clicks", "conversions", "value_micros")
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in names)


@pytest.mark.parametrize("name", SCENARIOS)
def test_until_it_starts_nothing_is_different_to_the_last_click(name: str) -> None:
    """So with and without the event are pairs; reports that an outage holds back are the exception."""
    eventful, calm = market(name), plain()
    silent = SCENARIOS[name].event.silent is not None

    for day in (-20, -5, -1):
        one, other = day_of(eventful, day), day_of(calm, day)
        assert same(one, other) or silent
        assert np.array_equal(one.conversions.sum(axis=1), other.conversions.sum(axis=1))


def test_seasonality_takes_demand_and_sales_from_all_campaigns_and_gives_both_back() -> None:
    """35 % of the volume and 30 % of the rate, for ten days."""
    eventful, calm = market("seasonality-trap"), plain()

    assert eventful.volume(STARTS + 9) == pytest.approx(0.65 * calm.volume(STARTS + 9))
    assert eventful.rate(STARTS + 9) == pytest.approx(0.7 * calm.rate(STARTS + 9))
    assert same(day_of(eventful, 10), day_of(calm, 10))


def test_a_promotion_sells_three_times_as_much_and_a_dip_follows() -> None:
    """Then all is as before."""
    eventful, calm = market("promotion"), plain()

    assert eventful.rate(STARTS) == pytest.approx(np.minimum(3 * calm.rate(STARTS), 0.9))
    assert eventful.rate(STARTS + 5) == pytest.approx(0.5 * calm.rate(STARTS + 5))
    assert same(day_of(eventful, 10), day_of(calm, 10))


def test_while_the_site_is_down_clicks_cost_and_nothing_is_sold() -> None:
    """And nothing of it is sold later."""
    eventful, calm = market("site-down"), plain()

    for day in (0, 1):
        down, up = day_of(eventful, day), day_of(calm, day)
        assert down.conversions.sum() == 0 < up.conversions.sum()
        assert np.array_equal(down.cost_micros, up.cost_micros)
        assert down.clicks.sum() > 0.9 * up.clicks.sum()
    assert same(day_of(eventful, 2), day_of(calm, 2))


def test_late_conversions_are_the_same_ones_later() -> None:
    """Not one is lost; half of them are known only days after they used to be."""
    late, early = day_of(market("late-conversions"), 1), day_of(plain(), 1)
    ages = np.arange(N_AGES)

    assert np.array_equal(late.conversions.sum(axis=1), early.conversions.sum(axis=1))
    assert np.array_equal(late.value_micros.sum(axis=1), early.value_micros.sum(axis=1))
    assert late.conversions[:, :4].sum() == 0
    assert (late.conversions @ ages).sum() > 4 * early.conversions.sum() + (early.conversions @ ages).sum()


def test_a_competitor_makes_search_dearer_and_smaller_and_touches_nobody_else() -> None:
    """The same money buys fewer clicks there, for good."""
    eventful, calm = market("competitor"), plain()
    search = calm.campaigns.channel == Channel.SEARCH
    one, other = day_of(eventful, 14), day_of(calm, 14)

    assert (one.clicks[search] < 0.9 * other.clicks[search]).all()
    assert np.array_equal(one.clicks[~search], other.clicks[~search])
    assert np.array_equal(one.value_micros[~search], other.value_micros[~search])


def test_a_leap_of_a_budget_is_paid_for_while_the_platform_learns() -> None:
    """A small step is not; after the days of learning all is well again."""
    event = Event(reset=Reset(beyond=0.10, days=4, factor=0.7))
    eventful = EventfulMarket(BASE, SEED, FIRST, event=event, starts=STARTS)
    budgets = usual(eventful).astype(np.float64)
    leap, step = budgets.copy(), budgets.copy()
    leap[0] *= 1.2
    leap[1] *= 1.05
    eventful.flow(STARTS, step)
    for day in range(1, 7):
        eventful.flow(STARTS + day, leap)

    factors = [eventful.rate(STARTS + day) / plain().rate(STARTS + day) for day in range(7)]

    assert [round(float(factor[0]), 6) for factor in factors] == [1.0, 0.7, 0.7, 0.7, 0.7, 1.0, 1.0]
    assert all(np.allclose(factor[1:], 1.0) for factor in factors)


def test_a_platform_that_tells_says_which_campaigns_are_learning() -> None:
    """From the day after the leap on, and no longer than it lasts."""
    event = Event(reset=Reset(beyond=0.10, days=4, factor=0.7, told=True))
    eventful = EventfulMarket(BASE, SEED, FIRST, event=event, starts=STARTS)
    clock = SteppedClock(datetime(2025, 1, 6, 6, tzinfo=UTC) + timedelta(days=STARTS + 1))
    adapter = Telling(platform(eventful, clock), eventful)
    budget = adapter.entities().value(0, Lever.DAILY_BUDGET)
    assert isinstance(budget, Money)
    after = budget.times(2).rounded_down(10_000)
    adapter.apply([Change(adapter.entities().ref(0), Lever.DAILY_BUDGET, budget, after)])

    told = []
    for _ in range(7):
        clock.move_to(clock.now() + timedelta(days=1))
        adapter.metrics(FIRST, clock.now().date())
        told.append(adapter.entities().learning.tolist())

    assert [learning[0] for learning in told] == [True] * 4 + [False] * 3
    assert not any(any(learning[1:]) for learning in told)


def platform(of: Market, clock: SteppedClock) -> Platform:
    account = Account(AccountId("simulated", "demo"), "Demo", "EUR", "UTC")
    structure = build(of, unit_micros=10_000, minimum_micros=0, shared_budgets=0, experiments=0)
    return Platform(of, structure, account, clock)


def as_known_on(of: Market, day: int) -> MetricsTable:
    """All figures up to the end of the third day, as the platform tells them on the morning of `day`."""
    morning = datetime(2025, 1, 6, tzinfo=UTC) + timedelta(days=STARTS + day)
    told = platform(of, SteppedClock(morning))
    return told.metrics(FIRST, FIRST + timedelta(days=STARTS + min(day - 1, 2)))


def test_in_an_outage_nothing_new_is_reported_though_clicks_go_on() -> None:
    """The second and third morning know not one conversion more than the first."""
    outage, calm = market("tracking-outage"), plain()
    before = as_known_on(outage, 0)

    for morning in (1, 2):
        after = as_known_on(outage, morning)

        assert after.conversions.sum() == before.conversions.sum()
        assert after.conversion_value_micros.sum() == before.conversion_value_micros.sum()
        assert np.array_equal(after.clicks, as_known_on(calm, morning).clicks)
    assert as_known_on(calm, 0).conversions.sum() > before.conversions.sum()
    assert as_known_on(calm, 2).conversions.sum() > 1.1 * before.conversions.sum()


def test_what_the_outage_held_back_comes_on_the_day_after() -> None:
    """All of it: from then on the figures are those of a market without the outage."""
    outage, calm = as_known_on(market("tracking-outage"), 3), as_known_on(plain(), 3)

    assert np.array_equal(outage.conversions, calm.conversions)
    assert np.array_equal(outage.conversion_value_micros, calm.conversion_value_micros)
