"""Accounts whose bids are to be set: one as Google has it, and one drawn from auctions."""

from collections.abc import Sequence

import numpy as np
import sample

from agent.domain.entity import EntityTable, entity_table
from agent.domain.lever import Lever
from agent.domain.money import MICROS, Money
from agent.domain.portfolio import Goal, Limits, Portfolio
from agent.domain.snapshot import Snapshot
from simulations.laboratory.bids.auctions import Auctions
from simulations.laboratory.bids.diary import Diary
from simulations.laboratory.bids.morning import Morning
from simulations.laboratory.bids.worlds import WORLDS


def morning_of(world: str, n_days: int = 25, middle: float = 1.0, seed: int = 2) -> Morning:
    """A morning after days of bids around `middle`, different every day."""
    auctions = Auctions(WORLDS[world], seed, n_days)
    diary, rng = Diary(auctions, n_days), np.random.default_rng(1)
    bids = np.full(len(auctions), MICROS)
    for day in range(n_days):
        drawn = middle * np.exp(0.4 * rng.standard_normal(len(auctions)))
        bids = (drawn * 100).astype(np.int64) * 10_000
        diary.enter(bids, auctions.outcome(day, bids))
    return diary.morning(bids)


def google(
    bids: Sequence[float | None],
    *,
    campaigns: Sequence[float | None] = (100.0, 100.0),
    ad_groups: Sequence[float | None] = (1.0, 1.0, 1.0, 1.0),
    status: Sequence[int] = (1, 1),
) -> EntityTable:
    """Two campaigns, two ad groups in each, and their keywords, as an account on Google has them."""
    n_campaigns, n_groups, n = len(campaigns), len(ad_groups), len(bids)
    group = [f"{20 + row * n_groups // n}" for row in range(n)]
    parents = ["1" if int(one) < 22 else "2" for one in group]

    def micros(units: Sequence[float | None]) -> list[int | None]:
        return [None if unit is None else round(unit * MICROS) for unit in units]

    none: list[int | None] = [None]
    return entity_table(
        sample.ACCOUNT,
        [
            "1",
            "2",
            *(f"{20 + row}" for row in range(n_groups)),
            *(f"{one}~{900 + i}" for i, one in enumerate(group)),
        ],
        names=["Campaign"] * n_campaigns + ["Ad group"] * n_groups + [f"word {row}" for row in range(n)],
        kinds=["campaign"] * n_campaigns + ["ad_group"] * n_groups + ["keyword"] * n,
        parents=["", "", "1", "1", "2", "2", *parents],
        levers={
            Lever.DAILY_BUDGET: micros(campaigns) + none * (n_groups + n),
            Lever.CPC_BID: none * n_campaigns + micros(ad_groups) + micros(bids),
            Lever.STATUS: [*status, *[1] * (n_groups + n)],
        },
    )


def account(
    table: EntityTable,
    *,
    rate: float | np.ndarray = 0.03,
    portfolio: Portfolio | None = None,
    lost: float = np.nan,
    n_days: int = 30,
) -> Snapshot:
    """Each keyword has about 40 clicks a day at 0.50 a click; campaigns add up."""
    rng = np.random.default_rng(3)
    n = len(table)
    keyword = table.kinds == "keyword"
    clicks = np.where(keyword[:, None], rng.poisson(40.0, (n, n_days)), 0)
    conversions = rng.binomial(clicks, np.broadcast_to(rate, n)[:, None])
    cost = np.round(clicks * rng.uniform(0.45, 0.55, (n, n_days)), 2)
    return sample.snapshot(
        table,
        n_days=n_days,
        cost=cost,
        clicks=clicks,
        impressions=clicks * 20,
        conversions=conversions,
        value=conversions * 50.0,
        budget_lost=np.where(table.kinds == "campaign", lost, np.nan)[:, None],
        portfolio=portfolio,
    )


def a_portfolio(pot: str | None = None, **more: object) -> Portfolio:
    return Portfolio(
        "shop",
        Goal.VALUE,
        daily_pot=None if pot is None else Money.of(pot, "EUR"),
        bid_limits=Limits(Money.of("0.05", "EUR"), Money.of("20", "EUR")),
        **more,  # type: ignore[arg-type]  # targets only
    )
