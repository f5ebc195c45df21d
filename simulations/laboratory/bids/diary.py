"""Diary: what was bid, spent and reported so far, one column a day."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

import numpy as np

from agent.domain.entity import Account, EntityTable, Floats, Numbers, entity_table
from agent.domain.lever import Lever
from agent.domain.maturity import chain_ladder
from agent.domain.metrics import DailyMetrics
from agent.domain.money import Money
from agent.domain.portfolio import Goal, Limits, Portfolio
from agent.domain.ref import AccountId, Kind
from agent.domain.snapshot import Freshness, Grade, LeverMemory, Snapshot
from simulations.laboratory.bids.auctions import N_AGES, UNIT_MICROS, Auctions, Outcome
from simulations.laboratory.bids.morning import Morning

FIRST_DAY = date(2025, 1, 6)
_CURRENCY = "EUR"
_DECIDE_AT = time(6, 0)
_LAG_DAYS = 31


@dataclass(frozen=True, slots=True)
class _Columns:
    """Shape (n, n_days); `conversions` and `value` as reported so far."""

    bids: Numbers
    cost: Numbers
    impressions: Numbers
    clicks: Numbers
    conversions: Numbers
    value: Numbers
    share: Floats
    lost_to_budget: Floats


def _empty(n: int, n_days: int) -> _Columns:
    def counts() -> Numbers:
        return np.zeros((n, n_days), dtype=np.int64)

    untold = np.full((n, n_days), np.nan)
    return _Columns(
        bids=counts(),
        cost=counts(),
        impressions=counts(),
        clicks=counts(),
        conversions=counts(),
        value=counts(),
        share=untold,
        lost_to_budget=untold.copy(),
    )


class Diary:
    """Keeps the days of some auctions and tells each morning only what was known by then.

    A conversion that is reported `delay` days after its click on day t is known from the
    morning of day t + delay + 1 on. The share lost to budget is told of every keyword, the
    other shares where the world tells them.
    """

    def __init__(self, auctions: Auctions, n_days: int) -> None:
        """Open a diary for `n_days` days."""
        self._auctions = auctions
        n = len(auctions)
        self._columns = _empty(n, n_days)
        self._conversions = np.zeros((n_days, n, N_AGES), dtype=np.int64)
        self._value = np.zeros((n_days, n, N_AGES), dtype=np.int64)
        self._earlier = np.zeros(_LAG_DAYS - 1)
        self._later = np.zeros(_LAG_DAYS - 1)
        self._today = 0
        low, high = (Money(bound, _CURRENCY) for bound in (auctions.low_micros, auctions.high_micros))
        self._portfolio = Portfolio(
            "benchmark",
            Goal.VALUE,
            daily_pot=Money(auctions.pot_micros, _CURRENCY),
            bid_limits=Limits(low, high),
        )
        account = Account(
            AccountId("simulated", "benchmark"), "Benchmark", _CURRENCY, "UTC", unit_micros=UNIT_MICROS
        )
        self._entities = _entities(account, auctions)

    def enter(self, bids: Numbers, outcome: Outcome) -> None:
        """Write down today, and what was reported today of earlier days; then it is the next day."""
        today, columns = self._today, self._columns
        columns.bids[:, today] = bids
        columns.cost[:, today] = outcome.cost_micros
        columns.impressions[:, today] = outcome.impressions
        columns.clicks[:, today] = outcome.clicks
        columns.lost_to_budget[:, today] = 1.0 - outcome.delivered
        if self._auctions.world.shares_told:
            columns.share[:, today] = np.round(outcome.impression_share, 4)
        self._conversions[today] = outcome.conversions
        self._value[today] = outcome.value_micros
        delays = np.arange(min(today + 1, N_AGES))
        days = today - delays
        known = columns.conversions[:, days].sum(axis=0)
        columns.conversions[:, days] += self._conversions[days, :, delays].T
        columns.value[:, days] += self._value[days, :, delays].T
        # Seen on the morning of today at this age in days, and again tomorrow.
        self._earlier[delays[1:]] += known[1:]
        self._later[delays[1:]] += columns.conversions[:, days].sum(axis=0)[1:]
        self._today += 1

    def morning(self, present: Numbers) -> Morning:
        """What is known today, as copies that nobody can change behind a policy's back.

        Args:
            present: Shape (n,), bids as they stand, micros.
        """
        past, n = slice(0, self._today), len(self._auctions)
        columns, auctions = self._columns, self._auctions
        today = FIRST_DAY + timedelta(days=self._today)
        now = datetime.combine(today, _DECIDE_AT, UTC)
        lag = chain_ladder(self._earlier, self._later)
        entities = self._entities
        levers = {**entities.levers}
        levers[Lever.CPC_BID] = replace(levers[Lever.CPC_BID], numbers=present.copy())
        share, lost = columns.share[:, past].copy(), columns.lost_to_budget[:, past].copy()
        snapshot = Snapshot(
            as_of=now,
            today=today,
            entities=replace(entities, levers=levers),
            days=np.arange(np.datetime64(FIRST_DAY, "D"), np.datetime64(today, "D")),
            metrics=DailyMetrics(
                known=np.ones((n, self._today), dtype=bool),
                cost_micros=columns.cost[:, past].copy(),
                impressions=columns.impressions[:, past].copy(),
                clicks=columns.clicks[:, past].copy(),
                conversions=columns.conversions[:, past].astype(np.float64),
                conversion_value_micros=columns.value[:, past].copy(),
                search_impression_share=share,
                search_budget_lost_impression_share=lost,
                search_rank_lost_impression_share=1.0 - lost - share,
            ),
            maturity=lag.at(np.arange(self._today, 0, -1)),
            maturity_learned=lag.learned,
            freshness=Freshness(
                Grade.FRESH, observed_at=now, last_complete_day=today - timedelta(days=1), missing_days=0
            ),
            memory={
                Lever.CPC_BID: replace(
                    LeverMemory.unseen(present, self._today), stood=columns.bids[:, past].copy()
                ),
                Lever.STATUS: LeverMemory.unseen(np.ones(n, dtype=np.int64), self._today),
            },
            portfolio=self._portfolio,
        )
        return Morning(
            decision=self._today,
            snapshot=snapshot,
            low_micros=auctions.low_micros,
            high_micros=auctions.high_micros,
            pot_micros=auctions.pot_micros,
        )


def _entities(account: Account, auctions: Auctions) -> EntityTable:
    """Keywords of one ad group each campaign, or ad groups; in the order of the auctions."""
    n, kind = len(auctions), auctions.world.kind
    parents = [f"{group:03d}" for group in auctions.group.tolist()]
    numbers = [f"{number:06d}" for number in range(n)]
    keyword = kind is Kind.KEYWORD
    return entity_table(
        account,
        [f"{parent}~{number}" for parent, number in zip(parents, numbers, strict=True)]
        if keyword
        else numbers,
        names=[f"{'Keyword' if keyword else 'Ad group'} {number}" for number in range(n)],
        kinds=[kind] * n,
        parents=parents,
        channels=["search"] * n,
        bidding=["manual_cpc"] * n,
        levers={Lever.CPC_BID: [0] * n, Lever.STATUS: [1] * n},
    )
