"""Logged market: a fitted world as something that budgets can be tried out on."""

import numpy as np
from numpy.random import Generator
from scipy import stats  # type: ignore[import-untyped]  # scipy ships no types

from agent.domain.entity import Numbers
from agent.domain.money import MICROS
from simulations.campaigns import Channel, delay_tables
from simulations.chance import TABLE_SIZE, gamma_table
from simulations.curves import Curves, Family
from simulations.laboratory.budgets.stage import Stage
from simulations.laboratory.logs.fit import Fitted, fit
from simulations.laboratory.logs.log import Log
from simulations.market import N_AGES, Outcome
from simulations.oracle import Expectation

_UNIT_MICROS = 10_000
_ORDER_VALUE_VARIATION = 0.7
_NOISE = 7


class LoggedMarket:
    """The first days of a log with the luck of a seed: who converts, when, and for how much.

    Everything else, noise of the clicks included, is as it was.
    """

    def __init__(self, log: Log, seed: int) -> None:
        self.fitted: Fitted = fit(log)
        self._log = log
        self._seed = seed
        self._delays = delay_tables(lag=True)[log.channel]
        self._sizes = gamma_table(_ORDER_VALUE_VARIATION)

    def __len__(self) -> int:
        return len(self._log.units)

    def stage(self, days: int) -> Stage:
        """For decisions on the first `days` days, on which the log's own pot is shared."""
        return Stage(
            first_day=self._log.first_day,
            unit_micros=_UNIT_MICROS,
            channels=[Channel(number).name.lower() for number in self._log.channel],
            pots=(self.fitted.pot[:days] * MICROS).astype(np.int64) // _UNIT_MICROS * _UNIT_MICROS,
            history=np.zeros((0, len(self)), dtype=np.int64),
            outcome=self.outcome,
            most_shares=len(self),
        )

    def expectation(self, days: int) -> Expectation:
        """The true mean curves of the first days, without the noise of the clicks."""
        fitted, n = self.fitted, len(self)
        share = np.repeat((fitted.pot[:days] / n)[:, None], n, axis=1)
        clicks = (fitted.level[:, :days] * share.T ** fitted.power[:, None]).T
        worth = clicks * fitted.rate[:, :days].T * fitted.order_value
        one = np.ones(n)
        nobody = np.zeros(0, dtype=np.intp)
        rows = tuple(np.arange(n) if family is Family.POWER else nobody for family in Family)
        endless = np.full(n, np.inf)
        curves = Curves(rows, k=one, s=fitted.power, cap=endless, scale=one, top=endless)
        # Whoever converts nobody for weeks is worth next to nothing; the oracle takes logarithms.
        return Expectation(curves, size=share * MICROS, worth=np.maximum(worth, 1e-9 * worth.max()) * MICROS)

    def outcome(self, day: int, budgets: Numbers) -> Outcome:
        """What the day brings; budgets are spent to the last cent."""
        fitted, n = self.fitted, len(self)
        cost = budgets // _UNIT_MICROS * _UNIT_MICROS
        mean = fitted.level[:, day] * (cost / MICROS) ** fitted.power * fitted.noise[:, day]
        luck = np.random.default_rng((self._seed, _NOISE, day)).random((2, n))
        clicks = np.floor(mean + luck[0]).astype(np.int64)
        whole, part = np.divmod(fitted.rate[:, day], 1.0)
        buyers = stats.binom.ppf(luck[1], clicks, part).astype(np.int64) + clicks * whole.astype(np.int64)
        conversions = np.zeros((n, N_AGES), dtype=np.int64)
        value = np.zeros((n, N_AGES), dtype=np.int64)
        for row in np.flatnonzero(buyers):
            orders = np.random.default_rng((self._seed, _NOISE, day, int(row)))
            conversions[row], value[row] = self._orders(int(row), int(buyers[row]), orders)
        nothing = np.zeros(n, dtype=np.int64)
        return Outcome(cost, nothing, clicks, conversions, value, reach=np.full(n, np.nan))

    def _orders(self, row: int, count: int, rng: Generator) -> tuple[Numbers, Numbers]:
        """Conversions and their value by delay, each of shape (N_AGES,)."""
        # One order after the other: the first ones stay the same however many there are.
        numbers = (rng.random((count, 2)) * TABLE_SIZE).astype(np.intp)
        delay = self._delays[row][numbers[:, 0]]
        values = self.fitted.order_value[row] * self._sizes[numbers[:, 1]] * MICROS
        conversions = np.bincount(delay, minlength=N_AGES)
        value = np.rint(np.bincount(delay, values, minlength=N_AGES)).astype(np.int64)
        return conversions, value
