"""Bids keep to the pot beside what others hold, and what they say adds up to the plan."""

from dataclasses import replace

import numpy as np
import pytest
import sample

from agent.domain.entity import EntityTable, entity_table
from agent.domain.lever import Lever
from agent.domain.money import MICROS, Money
from agent.domain.portfolio import Goal, Limits, Portfolio
from agent.domain.snapshot import Snapshot
from simulations.laboratory.bids.auctions import Auctions
from simulations.laboratory.bids.diary import Diary
from simulations.laboratory.bids.worlds import WORLDS
from strategies.bids.book import Book, open_book
from strategies.thompson_bid import ThompsonBid

POT = 160.0


def running_out(n_days: int = 25) -> Snapshot:
    """World B2, seed 2, bids around four times too high: the pot lasts half the day."""
    auctions = Auctions(WORLDS["B2"], 2, n_days)
    diary, rng = Diary(auctions, n_days), np.random.default_rng(1)
    bids = np.full(len(auctions), MICROS)
    for day in range(n_days):
        drawn = 4.0 * np.exp(0.4 * rng.standard_normal(len(auctions)))
        bids = (drawn * 100).astype(np.int64) * 10_000
        diary.enter(bids, auctions.outcome(day, bids))
    return diary.morning(bids).snapshot


def two_campaigns(*, shared_budget: float | None = None) -> EntityTable:
    """Two campaigns without budgets of their own, four keywords in each, maybe one shared budget."""
    shared: list[int | None] = [] if shared_budget is None else [round(shared_budget * MICROS)]
    n, none = len(shared), list[int | None]([None])
    return entity_table(
        sample.ACCOUNT,
        ["1", "2", *(f"2{row // 4}~90{row}" for row in range(8)), *["77"] * n],
        names=["Campaign"] * 2 + [f"word {row}" for row in range(8)] + ["Shared"] * n,
        kinds=["campaign"] * 2 + ["keyword"] * 8 + ["campaign_budget"] * n,
        parents=["", "", *["1"] * 4, *["2"] * 4, *[""] * n],
        levers={
            Lever.DAILY_BUDGET: none * 10 + shared,
            Lever.CPC_BID: [None, None, *[MICROS] * 8, *[None] * n],
            Lever.STATUS: [1] * (10 + n),
        },
    )


def book_of(table: EntityTable) -> Book:
    """Each keyword costs 20 a day; the pot is 160."""
    keyword = (table.kinds == "keyword")[:, None]
    clicks = np.where(keyword, 40, 0) * np.ones((1, 30), dtype=np.int64)
    pot = Portfolio(
        "shop",
        Goal.VALUE,
        daily_pot=Money.of(f"{POT:.0f}", "EUR"),
        bid_limits=Limits(Money.of("0.05", "EUR"), Money.of("20", "EUR")),
    )
    book = open_book(
        sample.snapshot(
            table,
            n_days=30,
            cost=clicks * 0.5,
            clicks=clicks,
            impressions=clicks * 20,
            conversions=clicks * 0.05,
            value=clicks * 2.5,
            portfolio=pot,
        )
    )
    assert book is not None
    return book


def test_effects_and_posteriors_are_those_of_the_whole_plan() -> None:
    """The pot lasts all day at lower bids: what each is said to bring and to change adds up to a gain."""
    snapshot = running_out()
    spent = snapshot.metrics.conversion_value_micros[:, -7:].sum(axis=0).mean() / MICROS

    proposals = list(ThompsonBid("bids").propose(snapshot, np.random.default_rng(0)))

    posteriors = [one.evidence.posterior.mean for one in proposals if one.evidence.posterior]
    effects = [one.evidence.expected_effect.mean for one in proposals if one.evidence.expected_effect]
    assert len(posteriors) == len(effects) == len(proposals) > 0
    assert sum(posteriors) > 1.3 * spent
    assert 0.3 * sum(posteriors) < sum(effects) < 0.7 * sum(posteriors)


def test_a_shared_budget_of_the_campaigns_that_are_bid_for_is_not_held_by_others() -> None:
    """A shared budget as large as the pot leaves the pot whole."""
    book = book_of(two_campaigns(shared_budget=POT))

    assert book.amount == POT * MICROS


def test_what_locked_bids_cost_is_taken_off_the_pot() -> None:
    """Four of eight keywords locked at 20 a day each leave 80 of 160."""
    table = two_campaigns()
    locked = np.where(np.isin(np.arange(len(table)), [2, 3, 6, 7]), "experiment", "")

    book = book_of(replace(table, locked=locked))

    assert len(book.rows) == 4
    assert book.amount == pytest.approx((POT - 80.0) * MICROS)
