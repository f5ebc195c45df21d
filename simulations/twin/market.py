"""TwinMarket: the fitted history as a market, lived through again with other luck.

A pure function of (fit, seed, day, budgets), as the simulated market is: the luck of a day comes from
a generator of that day alone, so every policy meets the same one.
"""

from dataclasses import dataclass
from datetime import date
from typing import cast

import numpy as np
from numpy.typing import NDArray

from agent.domain.entity import Flags, Floats
from agent.domain.maturity import LagCurve
from simulations import chance
from simulations.market import N_AGES, Flow, Micros, Outcome
from simulations.twin.elasticity import Elasticities
from simulations.twin.fit import Fitted, fit
from simulations.twin.history import History

_ELASTICITY, _LUCK = range(2)  # streams of chance that never mix


@dataclass(frozen=True, slots=True)
class _Luck:
    """The chance of one day; shape (n,)."""

    noise: Floats
    use: Floats
    buyers: Floats
    lookers: Floats
    orders: NDArray[np.uint64]


class TwinMarket:
    """One draw of the twin: elasticities as far as they are known, and the luck of every day."""

    def __init__(self, history: History, believed: Elasticities, seed: int, *, habit: Floats) -> None:
        """Draw the elasticities and fit the rest to them.

        Args:
            habit: Shape (n_history_days, n), what each day before anybody steers makes of its
                budgets, as a factor.
        """
        drawn = believed.drawn(np.random.default_rng((seed, _ELASTICITY)))
        self.fitted: Fitted = fit(history, drawn)
        self.seed = seed
        self._history = history
        self._habit = habit
        self._delays = delay_table(history.lag)
        self._orders = (
            chance.gamma_table(round(self.fitted.order_variation, 3))
            if self.fitted.order_variation > 0
            else np.ones(chance.TABLE_SIZE)
        )
        self._today: tuple[int, _Luck] | None = None

    def __len__(self) -> int:
        return len(self._history)

    @property
    def first_day(self) -> date:
        return cast(date, self._history.first_day.item())

    @property
    def rank_lost(self) -> Floats:
        return np.zeros(len(self))

    @property
    def has_impression_share(self) -> Flags:
        """Nowhere: what a share would be at another budget is not in the history."""
        return np.zeros(len(self), dtype=bool)

    def flow(self, day: int, budgets: Micros | Floats) -> Flow:
        """What a whole day at these budgets (micros) brings on average, given its luck."""
        luck = self._luck(day)
        spend = np.minimum(budgets * luck.use, self.fitted.most[:, day])
        clicks = self.fitted.clicks(spend[:, None], np.array([day]))[:, 0] * luck.noise
        return Flow(cost=spend, clicks=clicks, reach=np.where(spend > 0, 1.0, 0.0))

    def outcome(self, day: int, budgets: Micros | Floats) -> Outcome:
        """What the day brings at these budgets."""
        return self.realise(day, self.flow(day, budgets))

    def realise(self, day: int, flow: Flow) -> Outcome:
        """Turn the flow of a day, or of its first hours, into whole clicks and orders."""
        luck, fitted = self._luck(day), self.fitted
        rate = fitted.rate[:, day]
        counts = chance.poisson(
            np.concatenate([flow.clicks * rate, flow.clicks * (1.0 - rate)]),
            np.concatenate([luck.buyers, luck.lookers]),
        )
        n, unit = len(self), self._history.account.unit_micros
        buyers = counts[:n]
        clicks = buyers + counts[n:]
        conversions, value = self._orders_of(buyers, luck)
        shown = np.rint(flow.clicks / fitted.per_impression).astype(np.int64)
        return Outcome(
            cost_micros=(flow.cost / unit + 1e-9).astype(np.int64) * unit,
            impressions=np.maximum(clicks, shown),
            clicks=clicks,
            conversions=conversions,
            value_micros=value,
            reach=np.where(flow.reach > 0.0, flow.reach, np.nan),
        )

    def demand(self, day: int) -> Floats:
        """What could be spent on the day at all, micros."""
        most: Floats = self.fitted.most[:, day]
        return most

    def habit(self, day: int) -> Floats:
        """What a day before anybody steers makes of its budgets; 1 from then on."""
        return self._habit[day] if day < len(self._habit) else np.ones(len(self))

    def _orders_of(self, buyers: Micros, luck: _Luck) -> tuple[Micros, Micros]:
        """Conversions and their value by delay, both of shape (n, N_AGES)."""
        n, unit = len(self), self._history.account.unit_micros
        rows = np.repeat(np.arange(n), buyers)
        first = np.cumsum(buyers) - buyers
        numbers = chance.sequence(luck.orders[rows], (np.arange(len(rows)) - first[rows]).astype(np.uint64))
        delay = self._delays[numbers >> np.uint64(48)]
        size = self._orders[(numbers >> np.uint64(32)) & np.uint64(0xFFFF)]
        values = np.rint(self.fitted.order_value[rows] * size / unit) * unit
        if not self._history.by_value:
            values = np.zeros(len(rows))
        cells = rows * N_AGES + delay
        conversions = np.bincount(cells, minlength=n * N_AGES)
        value = np.bincount(cells, weights=values, minlength=n * N_AGES).astype(np.int64)
        return conversions.reshape(n, N_AGES), value.reshape(n, N_AGES)

    def _luck(self, day: int) -> _Luck:
        if self._today is not None and self._today[0] == day:
            return self._today[1]
        rng = np.random.default_rng((self.seed, _LUCK, day))
        n = len(self)
        # One real day lends its noise to all rows at once: what they share stays shared.
        lent = int(rng.integers(len(self.fitted.noise)))
        spent = int(rng.integers(len(self.fitted.use)))
        buyers, lookers = rng.standard_normal((2, n))
        luck = _Luck(
            noise=self.fitted.noise[lent],
            use=self.fitted.use[spent],
            buyers=buyers,
            lookers=lookers,
            orders=rng.integers(2**64 - 1, size=n, dtype=np.uint64, endpoint=True),
        )
        self._today = (day, luck)
        return luck


def delay_table(lag: LagCurve) -> NDArray[np.int64]:
    """Shape (TABLE_SIZE,): equally likely delays in days; all are reported within N_AGES - 1 days."""
    reported = lag.reported[:N_AGES] / lag.reported[min(N_AGES, len(lag.reported)) - 1]
    return np.searchsorted(reported[:-1], (np.arange(chance.TABLE_SIZE) + 0.5) / chance.TABLE_SIZE)
