"""Diary: what was set, spent and reported so far, one column a day."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta

import numpy as np

from agent.domain.entity import Account, Numbers, entity_table
from agent.domain.lever import Lever
from agent.domain.maturity import chain_ladder
from agent.domain.metrics import DailyMetrics
from agent.domain.money import Money
from agent.domain.portfolio import Goal, Limits, Portfolio
from agent.domain.ref import AccountId
from agent.domain.snapshot import Freshness, Grade, LeverMemory, Snapshot
from simulations.laboratory.budgets.morning import Morning
from simulations.laboratory.budgets.stage import Stage
from simulations.market import N_AGES, Outcome

_CURRENCY = "EUR"
_DECIDE_AT = time(6, 0)
_LAG_DAYS = 31


@dataclass(frozen=True, slots=True)
class _Columns:
    """Shape (n_campaigns, n_days); `conversions` and `value` as reported so far."""

    budgets: Numbers
    cost: Numbers
    clicks: Numbers
    conversions: Numbers
    value: Numbers


class Diary:
    """Keeps the days of one stage and tells each morning only what was known by then.

    A conversion that is reported `delay` days after its click on day t is known from the
    morning of day t + delay + 1 on. Impressions and their shares are not told: impressions are
    0, shares unknown.
    """

    def __init__(self, stage: Stage) -> None:
        """Open a diary for all days of a stage."""
        self._stage = stage
        n, n_days = len(stage), len(stage.pots)
        self._columns = _Columns(*(np.zeros((n, n_days), dtype=np.int64) for _ in range(5)))
        self._conversions = np.zeros((n_days, n, N_AGES), dtype=np.int64)
        self._value = np.zeros((n_days, n, N_AGES), dtype=np.int64)
        self._earlier = np.zeros(_LAG_DAYS - 1)
        self._later = np.zeros(_LAG_DAYS - 1)
        self._today = 0
        self._account = Account(
            AccountId("simulated", "benchmark"), "Benchmark", _CURRENCY, "UTC", unit_micros=stage.unit_micros
        )

    def enter(self, budgets: Numbers, outcome: Outcome) -> None:
        """Write down today, and what was reported today of earlier days; then it is the next day."""
        today, columns = self._today, self._columns
        columns.budgets[:, today] = budgets
        columns.cost[:, today] = outcome.cost_micros
        columns.clicks[:, today] = outcome.clicks
        self._conversions[today] = outcome.conversions
        self._value[today] = outcome.value_micros
        delays = np.arange(min(today + 1, N_AGES))
        days = today - delays
        known = columns.conversions[:, days].sum(axis=0)
        columns.conversions[:, days] += self._conversions[days, :, delays].T
        columns.value[:, days] += self._value[days, :, delays].T
        if today >= self._stage.n_history_days:
            # Seen on the morning of today at this age in days, and again tomorrow.
            self._earlier[delays[1:]] += known[1:]
            self._later[delays[1:]] += columns.conversions[:, days].sum(axis=0)[1:]
        self._today += 1

    def morning(self, decision: int, present: Numbers) -> Morning:
        """What is known today, as copies that nobody can change behind a policy's back.

        Args:
            present: Shape (n_campaigns,), budgets as they stand, micros.
        """
        past = slice(0, self._today)
        columns, stage = self._columns, self._stage
        shape = (len(stage), self._today)
        today = stage.first_day + timedelta(days=self._today)
        now = datetime.combine(today, _DECIDE_AT, UTC)
        days = np.arange(np.datetime64(stage.first_day, "D"), np.datetime64(today, "D"))
        untold = np.full(shape, np.nan)
        lag = chain_ladder(self._earlier, self._later)
        snapshot = Snapshot(
            as_of=now,
            today=today,
            entities=entity_table(
                self._account,
                [f"{number:06d}" for number in range(len(stage))],
                names=[f"Campaign {number}" for number in range(len(stage))],
                channels=list(stage.channels),
                levers={Lever.DAILY_BUDGET: present.tolist(), Lever.STATUS: [1] * len(stage)},
            ),
            days=days,
            metrics=DailyMetrics(
                known=np.ones(shape, dtype=bool),
                cost_micros=columns.cost[:, past].copy(),
                impressions=np.zeros(shape, dtype=np.int64),
                clicks=columns.clicks[:, past].copy(),
                conversions=columns.conversions[:, past].astype(np.float64),
                conversion_value_micros=columns.value[:, past].copy(),
                search_impression_share=untold,
                search_budget_lost_impression_share=untold,
                search_rank_lost_impression_share=untold,
            ),
            maturity=lag.at(np.arange(self._today, 0, -1)),
            maturity_learned=lag.learned,
            freshness=Freshness(
                Grade.FRESH, observed_at=now, last_complete_day=today - timedelta(days=1), missing_days=0
            ),
            memory={
                Lever.DAILY_BUDGET: replace(
                    LeverMemory.unseen(present, self._today), stood=columns.budgets[:, past].copy()
                ),
                Lever.STATUS: LeverMemory.unseen(np.ones(len(stage), dtype=np.int64), self._today),
            },
            portfolio=self._portfolio(),
        )
        return Morning(
            decision=decision,
            snapshot=snapshot,
            budgets=columns.budgets[:, past].copy(),
            low_micros=stage.low_micros(self._today),
            high_micros=stage.high_micros(self._today),
            pot_micros=int(stage.pots[self._today]),
        )

    def _portfolio(self) -> Portfolio:
        """Today's pot, bounds and target."""
        stage, today = self._stage, self._today
        low, high, pot = (
            Money(int(micros), _CURRENCY)
            for micros in (stage.low_micros(today), stage.high_micros(today), stage.pots[today])
        )
        return Portfolio(
            "benchmark", Goal.VALUE, daily_pot=pot, target_roas=stage.target_roas, limits=Limits(low, high)
        )
