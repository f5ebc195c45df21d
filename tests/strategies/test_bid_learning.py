"""What Thompson bid learns from the past: the price rule, cost and clicks of other bids, worth of a click."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from bid_accounts import a_portfolio, account, google, morning_of

from agent.domain.money import MICROS
from agent.domain.portfolio import Goal
from agent.domain.snapshot import Snapshot
from simulations.laboratory.bids.auctions import Auctions
from simulations.laboratory.bids.worlds import WORLDS
from strategies.bids.book import open_book
from strategies.bids.landscape import Landscape, learn_landscape
from strategies.bids.past import read_past
from strategies.bids.worth import Worth, learn_worth


def landscape_of(snapshot: Snapshot) -> Landscape:
    book = open_book(snapshot)
    assert book is not None
    return learn_landscape(read_past(snapshot, book, 35))


@pytest.mark.parametrize(("world", "low", "high"), [("B1", 0.0, 0.1), ("B6", 0.3, 0.7), ("B5", 0.9, 1.0)])
def test_it_finds_out_what_part_of_a_bid_is_paid(world: str, low: float, high: float) -> None:
    """Second price, half and half, first price: from cost and bids alone."""
    found = landscape_of(morning_of(world).snapshot)

    assert low <= found.paid_as_bid <= high


@pytest.mark.parametrize("world", ["B1", "B5", "B7"])
def test_cost_and_clicks_of_other_bids_are_foreseen(world: str) -> None:
    """All together within a tenth at bids a third higher and lower than what was tried on average."""
    morning = morning_of(world)
    auctions, today = Auctions(WORLDS[world], 2, 30), np.array([25])
    book = open_book(morning.snapshot)
    assert book is not None
    found = landscape_of(morning.snapshot)

    for bid in (0.75, 1.33):
        bids = np.full(len(auctions), bid)
        cost = (auctions.volume(today) * auctions.landscape(today).paid(bids)).sum()
        clicks = (auctions.volume(today) * auctions.landscape(today).won(bids)).sum()
        assert found.cost_at(bids * MICROS).sum() / MICROS == pytest.approx(cost, rel=0.1)
        assert found.clicks_at(bids * MICROS).sum() == pytest.approx(clicks, rel=0.1)


def worth_of(rate: Sequence[float], clicks: Sequence[int]) -> Worth:
    """Sixteen keywords in four ad groups of one campaign; the first has the given clicks a day."""
    table = google([1.0] * 16)
    snapshot = account(table, rate=np.array([0.0] * 6 + list(rate)), portfolio=a_portfolio("100"), n_days=40)
    keyword = snapshot.entities.kinds == "keyword"
    thinned = np.ones(len(table))
    thinned[np.flatnonzero(keyword)] = np.array(clicks) / 40.0
    metrics = snapshot.metrics
    rng = np.random.default_rng(5)
    fewer = rng.binomial(metrics.clicks, thinned[:, None])
    sold = rng.binomial(fewer, np.array([0.0] * 6 + list(rate))[:, None])
    metrics = replace(
        metrics, clicks=fewer, conversions=sold.astype(float), conversion_value_micros=sold * 50 * MICROS
    )
    snapshot = replace(snapshot, metrics=metrics)
    book = open_book(snapshot)
    assert book is not None
    worth = learn_worth(read_past(snapshot, book, 90), book, np.ones(16), Goal.VALUE)
    order = np.argsort(book.rows)
    return replace(worth, mean=worth.mean[order], variation=worth.variation[order])


def test_a_keyword_without_conversions_is_worth_what_its_ad_group_is_worth() -> None:
    """With three clicks a day and nothing sold yet it borrows; the two ad groups differ."""
    rate = [0.08] * 4 + [0.01] * 12

    worth = worth_of(rate, [1, 40, 40, 40, 1, *[40] * 11])

    assert worth.mean[0] > 2.0 * worth.mean[4]
    assert worth.variation[0] > 4 * worth.variation[1]
    assert worth.mean[1] / MICROS == pytest.approx(0.08 * 50, rel=0.25)
