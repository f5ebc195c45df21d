"""Days of broken tracking: marked, they teach nothing; not marked, they look like bad days."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
import sample
from numpy.typing import NDArray

from agent.domain.advice import NO_ADVICE, Advice
from agent.domain.entity import EntityTable
from agent.domain.lever import Lever, Ratio, number_of
from agent.domain.money import Money
from agent.domain.portfolio import Goal, Portfolio
from agent.domain.ref import Kind
from agent.domain.snapshot import Snapshot
from agent.ports.deciding import Strategy
from strategies.bids.book import open_book as open_bids
from strategies.bids.past import read_past
from strategies.proportional_roas import ProportionalRoas
from strategies.response.lag import reported_share
from strategies.target_cpa import TargetCpa
from strategies.target_roas import TargetRoas
from strategies.targets.book import open_book
from strategies.targets.weeks import Weeks, read_weeks
from strategies.thompson_budget import ThompsonBudget
from strategies.thompson_target import ThompsonTarget

N, N_DAYS, BROKEN_DAYS = 6, 56, 3
SEARCH = np.arange(N) < N // 2


def marked(kind: Kind = Kind.DATA_EXCLUSION) -> Advice:
    """Nearly three days of search, from an hour to an hour."""
    return sample.marked("2026-11-17T09:00/2026-11-19T21:00 search", kind)


def account(seed: int, *, broken: bool, advice: Advice = NO_ADVICE, portfolio: Portfolio) -> Snapshot:
    """Six campaigns of two channels, alike; where broken, search reports next to nothing for three days."""
    rng = np.random.default_rng(seed)
    spend = 50.0 * np.exp(0.1 * rng.standard_normal((N, N_DAYS)))
    clicks = rng.poisson(60.0 * (spend / 50.0) ** 0.7)
    conversions = rng.binomial(clicks, 0.1).astype(np.float64)
    days = np.arange(np.datetime64(sample.TODAY) - N_DAYS, np.datetime64(sample.TODAY))
    lost = (days >= np.datetime64("2026-11-17")) & (days <= np.datetime64("2026-11-19"))
    if broken:
        conversions[np.ix_(SEARCH, lost)] = 0.0
    found = sample.snapshot(
        table(),
        n_days=N_DAYS,
        cost=spend,
        clicks=clicks,
        conversions=conversions,
        value=conversions * 50.0,
        portfolio=portfolio,
    )
    return replace(found, advice=advice)


def table() -> EntityTable:
    made = sample.entities([50.0] * N, levers={Lever.TARGET_ROAS: [5_000_000] * N})
    return replace(made, channels=np.where(SEARCH, "search", "social"))


PLAIN = Portfolio("all", Goal.VALUE, Money.of("300", "EUR"))
CASES: Mapping[str, tuple[Strategy, Portfolio, Lever]] = {
    "thompson_budget": (ThompsonBudget("it", draws=200, min_change=0.0), PLAIN, Lever.DAILY_BUDGET),
    "proportional_roas": (ProportionalRoas("it", min_change=0.0), PLAIN, Lever.DAILY_BUDGET),
    "target_cpa": (
        TargetCpa("it", dead_band=0.0, min_change=0.0),
        replace(PLAIN, goal=Goal.CONVERSIONS, target_cpa=Money.of("8.30", "EUR")),
        Lever.DAILY_BUDGET,
    ),
    "target_roas": (
        TargetRoas("it", dead_band=0.0, min_change=0.0),
        replace(PLAIN, target_roas=Ratio.of(6)),
        Lever.DAILY_BUDGET,
    ),
    "thompson_target": (
        ThompsonTarget("it"),
        replace(PLAIN, daily_pot=None, target_roas=Ratio.of(5)),
        Lever.TARGET_ROAS,
    ),
}


def moved(strategy: Strategy, snapshot: Snapshot, lever: Lever) -> NDArray[np.float64]:
    """Each row's number over what stands."""
    numbers = snapshot.entities.levers[lever].numbers.astype(np.float64)
    after = numbers.copy()
    for proposal in strategy.propose(snapshot, np.random.default_rng(1)):
        row = snapshot.entities.row(proposal.ref)
        assert row is not None
        after[row] = number_of(proposal.target)
    return after / numbers


@pytest.mark.parametrize("name", [name for name in CASES if name != "thompson_target"])
def test_a_marked_break_leaves_the_plan_nearly_as_it_was(name: str) -> None:
    """Without the mark the broken channel is cut; with it every budget stays within 3 % of the whole plan's.

    Averaged over seeds 0 to 7.
    """
    strategy, portfolio, lever = CASES[name]

    def plan(*, broken: bool, advice: Advice = NO_ADVICE) -> NDArray[np.float64]:
        seen = (account(seed, broken=broken, advice=advice, portfolio=portfolio) for seed in range(8))
        return np.mean([moved(strategy, snapshot, lever) for snapshot in seen], axis=0)

    whole = plan(broken=False)

    assert plan(broken=True)[SEARCH].mean() < whole[SEARCH].mean() - 0.08
    assert np.abs(plan(broken=True, advice=marked()) - whole).max() < 0.03


def test_a_marked_break_is_not_taken_for_a_bad_week_under_smart_bidding() -> None:
    """A day that does not count is one of which nothing is reported; the week's spend stays whole."""
    portfolio = CASES["thompson_target"][1]

    def weeks(*, broken: bool, advice: Advice = NO_ADVICE) -> Weeks:
        snapshot = account(3, broken=broken, advice=advice, portfolio=portfolio)
        return read_weeks(snapshot, open_book(snapshot), Goal.CONVERSIONS)

    whole, unmarked, known = weeks(broken=False), weeks(broken=True), weeks(broken=True, advice=marked())

    last = -1
    short = unmarked.units[:, last] < 0.7 * whole.units[:, last]
    assert short.sum() == SEARCH.sum()
    assert known.units[:, last] == pytest.approx(whole.units[:, last], rel=0.35)
    assert known.units[short, last].mean() == pytest.approx(whole.units[short, last].mean(), rel=0.1)
    assert known.cost[:, last] == pytest.approx(whole.cost[:, last])
    assert known.told[:, last].all()


def test_a_marked_sale_does_not_pass_for_a_better_channel() -> None:
    """Days inside a seasonality adjustment are unusual by their user's own word."""
    strategy, portfolio, lever = CASES["proportional_roas"]
    usual = account(1, broken=False, portfolio=portfolio)
    sale = replace(
        usual,
        metrics=replace(
            usual.metrics,
            conversions=np.where(_lately(usual), 3.0, 1.0) * usual.metrics.conversions,
            conversion_value_micros=np.where(_lately(usual), 3, 1) * usual.metrics.conversion_value_micros,
        ),
    )

    unmarked = moved(strategy, sale, lever)
    known = moved(strategy, replace(sale, advice=marked(Kind.SEASONALITY)), lever)

    before = moved(strategy, usual, lever)
    assert unmarked[SEARCH].mean() > before[SEARCH].mean() + 0.1
    assert abs(known[SEARCH].mean() - before[SEARCH].mean()) < 0.03


def test_bids_count_no_click_of_a_marked_day() -> None:
    """What conversions are counted against leaves out the same days as the conversions."""
    keywords = sample.entities([None] * N, levers={Lever.CPC_BID: [1_000_000] * N})
    broken = account(1, broken=True, advice=marked(), portfolio=PLAIN)
    snapshot = replace(broken, entities=replace(keywords, channels=broken.entities.channels))
    book = open_bids(snapshot)
    assert book is not None

    money = read_past(snapshot, book, N_DAYS).money

    out = snapshot.excluded[book.rows]
    assert out.sum() == SEARCH.sum() * BROKEN_DAYS
    assert not reported_share(money)[out].any()
    assert not money.conversions[out].any()
    assert money.clicks[out].all()
    assert reported_share(money)[~out].all()


def _lately(snapshot: Snapshot) -> NDArray[np.bool_]:
    return replace(snapshot, advice=marked()).excluded
