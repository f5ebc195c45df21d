"""Life: an account under smart bidding, day after day, as its snapshots show it to a strategy."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import numpy as np

from agent.domain.entity import Account, Floats, entity_table
from agent.domain.lever import Lever, Ratio
from agent.domain.maturity import assumed_curve
from agent.domain.metrics import DailyMetrics
from agent.domain.money import MICROS
from agent.domain.portfolio import Portfolio
from agent.domain.ref import AccountId
from agent.domain.snapshot import Freshness, Grade, LeverMemory, Snapshot
from agent.ports.deciding import Strategy
from simulations.smart_bidding.market import N_DELAYS, SmartBidding

HISTORY_DAYS = 56
_WINDOW_DAYS = 90
_FIRST_DAY = date(2026, 1, 5)
_AT_ONCE, _PER_DAY = 0.5, 0.3
_ORDER_SHAPE = 1.0 / 0.7**2


@dataclass(frozen=True, slots=True)
class Story:
    """How it went; arrays of shape (n_days, n), true means in currency units, after the history."""

    value: Floats
    cost: Floats
    steps: int


@dataclass
class Life:
    """One account under way; what the platform has on record of it."""

    market: SmartBidding
    portfolio: Portfolio
    day: int = 0
    steps: int = 0
    _known: list[dict[str, Floats]] = field(default_factory=list)

    def __post_init__(self) -> None:
        n = len(self.market)
        self._roas = np.rint(1.0 / self.market.first * 100) / 100
        self._bid_for = 1.0 / self._roas
        self._changed = np.full(n, -10_000)
        delay = np.arange(N_DELAYS)
        share = np.where(delay == 0, _AT_ONCE, (1 - _AT_ONCE) * _PER_DAY * (1 - _PER_DAY) ** (delay - 1.0))
        self._delay = np.minimum(share, 1.0) / share.sum()

    @property
    def roas(self) -> Floats:
        """The targets as they stand."""
        return self._roas

    def set(self, roas: Floats) -> None:
        """Set targets in the morning of the day; what differs begins to learn."""
        moved = np.abs(roas / self._roas - 1.0) > 1e-9
        self._changed = np.where(moved, self.day, self._changed)
        self._roas = np.where(moved, roas, self._roas)
        self.steps += int(moved.sum())

    def live(self) -> None:
        """Let the day pass."""
        market, rng = self.market, self.market.luck(self.day)
        since = (self.day - self._changed).astype(np.float64)
        self._bid_for = market.settled(self._bid_for, 1.0 / self._roas)
        truth = market.mean(self._bid_for, self.day, market.penalty(since))
        luck = np.exp(market.world.noise * rng.standard_normal(len(market)))
        part = np.minimum(1.0, market.budget / (truth.unlimited_cost * luck))
        cost = truth.unlimited_cost * luck * part
        value = cost * truth.value / truth.cost
        conversions = rng.poisson(value / market.order_value)
        by_delay = rng.multinomial(conversions, self._delay).astype(np.float64)
        each = rng.gamma(_ORDER_SHAPE * np.maximum(by_delay, 1e-9)) / _ORDER_SHAPE
        self._known.append(
            {
                "true value": truth.value,
                "true cost": truth.cost,
                "cost": cost,
                "conversions": by_delay,
                "value": each * market.order_value[:, None] * (by_delay > 0),
                "share": truth.shown * part,
                "lost": truth.shown * (1.0 - part),
                "target": self._roas.copy(),
            }
        )
        self.day += 1

    def snapshot(self) -> Snapshot:
        """What is known in the morning of the day."""
        first = max(self.day - _WINDOW_DAYS, 0)
        known = self._known[first:]
        ages = np.arange(self.day - first, 0, -1)
        reported = np.arange(N_DELAYS) <= ages[:, None]
        today = _FIRST_DAY + timedelta(days=self.day)
        now = datetime(today.year, today.month, today.day, 6, tzinfo=UTC)

        def column(name: str) -> Floats:
            figures: Floats = np.array([day[name] for day in known]).T
            return figures

        def by_now(name: str) -> Floats:
            figures: Floats = np.einsum("tnd,td->nt", np.array([day[name] for day in known]), reported)
            return figures

        def micros(matrix: Floats) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
            return np.rint(matrix * MICROS).astype(np.int64)

        n = len(self.market)
        conversions, share = by_now("conversions"), column("share")
        clicks = np.rint(column("cost") / 0.8).astype(np.int64)
        targets = micros(self._roas)
        stood = micros(column("target"))
        never = np.full(n, "NaT", dtype="datetime64[s]")
        days = np.datetime64(_FIRST_DAY) + self._changed
        changed_at = np.where(
            self._changed >= 0, days.astype("datetime64[s]") + np.timedelta64(6, "h"), never
        )
        budget = micros(self.market.budget)
        table = entity_table(
            Account(AccountId("simulated", "smart"), "Smart", "EUR", "UTC"),
            [f"{row:06d}" for row in range(n)],
            names=[f"Campaign {row}" for row in range(n)],
            bidding=["target_roas"] * n,
            learning=self.market.learning((self.day - self._changed).astype(np.float64)).tolist(),
            levers={
                Lever.DAILY_BUDGET: [int(micros) for micros in budget],
                Lever.TARGET_ROAS: [int(millionths) for millionths in targets],
                Lever.STATUS: [1] * n,
            },
        )
        return Snapshot(
            as_of=now,
            today=today,
            entities=table,
            days=np.datetime64(today) - ages,
            metrics=DailyMetrics(
                known=np.ones_like(clicks, dtype=bool),
                cost_micros=micros(column("cost")),
                impressions=clicks * 20,
                clicks=clicks,
                conversions=conversions,
                conversion_value_micros=micros(by_now("value")),
                search_impression_share=share,
                search_budget_lost_impression_share=column("lost"),
                search_rank_lost_impression_share=1.0 - share - column("lost"),
            ),
            maturity=assumed_curve(_AT_ONCE, _PER_DAY).at(ages),
            maturity_learned=True,
            freshness=Freshness(Grade.FRESH, now, today - timedelta(days=1), 0),
            memory={
                Lever.TARGET_ROAS: LeverMemory(changed_at, targets, stood),
                Lever.DAILY_BUDGET: LeverMemory.unseen(budget, len(ages)),
                Lever.STATUS: LeverMemory.unseen(np.ones(n, dtype=np.int64), len(ages)),
            },
            portfolio=self.portfolio,
        )

    def story(self) -> Story:
        told = self._known[HISTORY_DAYS:]
        return Story(
            np.array([day["true value"] for day in told]),
            np.array([day["true cost"] for day in told]),
            self.steps,
        )


def opened(market: SmartBidding, portfolio: Portfolio) -> Life:
    """An account after its history, in which somebody moved some of the targets once."""
    life = Life(market, portfolio)
    for day in range(HISTORY_DAYS):
        life.set(
            np.where(market.moved_on == day, np.rint(life.roas * market.moved_by * 100) / 100, life.roas)
        )
        life.live()
    life.steps = 0
    return life


def steered(life: Life, strategy: Strategy, n_days: int, seed: int) -> Story:
    """Let a strategy decide every morning; whatever it proposes is done."""
    for _ in range(n_days):
        snapshot = life.snapshot()
        roas = life.roas.copy()
        for proposal in strategy.propose(snapshot, np.random.default_rng((seed, 3, life.day))):
            row = snapshot.entities.row(proposal.ref)
            if proposal.lever is Lever.TARGET_ROAS and row is not None and isinstance(proposal.target, Ratio):
                roas[row] = proposal.target.millionths / MICROS
        life.set(roas)
        life.live()
    return life.story()
