"""Auctions: N keywords whose volume, prices and conversion rates drift from day to day.

A pure function of (seed, world, day, bids): the chance of the draw, of the paths and of each
day come from generators of their own, so every policy meets the same auctions.
"""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy.special import ndtr  # type: ignore[import-untyped]  # scipy ships no types

from agent.domain.entity import Floats, Numbers
from agent.domain.money import MICROS
from simulations import chance
from simulations.laboratory.bids.landscape import Landscape
from simulations.laboratory.bids.worlds import World

N_AGES = 22
UNIT_MICROS = 10_000
_SAME_DAY, _PER_DAY = 0.45, 0.25
_POT = 0.35
_HIGHEST_RATE = 0.9
_PRICE_NOISE = 0.4
_CLICKS_PER_IMPRESSION = 0.05
_DRAW, _PATHS, _NOISE = range(3)  # streams of chance that never mix


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a day brought; arrays of shape (n,), or (n, N_AGES) by delay in days.

    Attributes:
        delivered: Share of the day until the pot was empty.
        impression_share: Of all impressions that there were.
    """

    delivered: float
    cost_micros: Numbers
    impressions: Numbers
    clicks: Numbers
    conversions: Numbers
    value_micros: Numbers
    impression_share: Floats


@dataclass(frozen=True, slots=True)
class _Counts:
    """Shape (n,) each; cost in currency units."""

    buyers: Numbers
    clicks: Numbers
    cost: Floats


class Auctions:
    """One draw of a world. Days are numbered from 0, the first day."""

    def __init__(self, world: World, seed: int, n_days: int) -> None:
        """Draw keywords, and their paths over `n_days` days; longer paths begin the same."""
        self.world = world
        self._seed = seed
        rng = np.random.default_rng((seed, _DRAW))
        n = world.n
        self.group: NDArray[np.intp] = np.sort(np.arange(n) % world.n_groups)
        volume = np.exp(np.log(25.0) + 1.2 * rng.standard_normal(n))
        middle = np.log(1.2) + 0.4 * rng.standard_normal(n)
        self._spread = rng.uniform(0.35, 0.85, n)
        worth = 0.5 * rng.standard_normal(world.n_groups)[self.group] + 0.7 * rng.standard_normal(n)
        order_value = 80.0 * np.exp(0.3 * rng.standard_normal(n))
        self._order_value = order_value / world.conversion_rate_factor
        rate = np.exp(middle + np.log(2.0) + worth) / self._order_value
        self._weekday_peak = rng.uniform(0.0, 7.0)
        self._paths = _Paths(n, n_days, seed)
        self._volume = volume * np.exp(self._paths.volume)
        self._middle = middle + self._paths.middle
        self._rate = np.minimum(rate * np.exp(self._paths.rate), _HIGHEST_RATE)
        first = Landscape(middle, self._spread, world.price_gap, world.paid_as_bid)
        pot = _POT * float((volume * first.paid(np.exp(middle + 1.0))).sum())
        self.pot_micros = int(pot * MICROS) // UNIT_MICROS * UNIT_MICROS
        self._delays = chance.delay_table(_SAME_DAY, _PER_DAY, N_AGES - 1)
        self._sizes = chance.gamma_table(0.7)

    def __len__(self) -> int:
        return self.world.n

    @property
    def low_micros(self) -> int:
        """The lowest bid that a strategy may set."""
        return 2 * UNIT_MICROS

    @property
    def high_micros(self) -> int:
        """The highest bid that a strategy may set."""
        return 50 * MICROS

    def landscape(self, days: NDArray[np.intp]) -> Landscape:
        """The true prices of these days."""
        return Landscape(self._middle[days], self._spread, self.world.price_gap, self.world.paid_as_bid)

    def volume(self, days: NDArray[np.intp]) -> Floats:
        """Mean clicks of a day that wins everything, shape (n_days, n)."""
        weekly = np.exp(self.world.weekday * np.cos(2 * np.pi * (days - self._weekday_peak) / 7))
        volume: Floats = self._volume[days] * weekly[:, None] * np.exp(self.world.noise**2 / 2)
        return volume

    def worth(self, days: NDArray[np.intp]) -> Floats:
        """Mean value of a click, currency units, shape (n_days, n)."""
        worth: Floats = self._rate[days] * self._order_value
        return worth

    def outcome(self, day: int, bids: Numbers) -> Outcome:
        """What the day brings at these bids (micros, shape (n,)); it never costs more than the pot."""
        rng = np.random.default_rng((self._seed, _NOISE, day))
        days = np.array([day])
        landscape = self.landscape(days)
        money = bids / MICROS
        won, paid = landscape.won(money)[0], landscape.paid(money)[0]
        size = self.volume(days)[0] * np.exp(self.world.noise * rng.standard_normal(len(self)))
        size *= np.exp(-(self.world.noise**2) / 2)
        luck = rng.standard_normal((5, len(self)))
        price = np.divide(paid, won, out=np.zeros_like(paid), where=won > 0)
        whole = self._count(day, size * won, price, luck)
        delivered = min(1.0, self.pot_micros / MICROS / max(float(whole.cost.sum()), 1e-9))
        counts = self._count(day, size * won * delivered, price, luck)
        cost = counts.cost * min(1.0, self.pot_micros / MICROS / max(float(counts.cost.sum()), 1e-9))
        conversions, value = self._orders(counts.buyers, rng)
        shown = chance.poisson(
            size * won * delivered / _CLICKS_PER_IMPRESSION * np.exp(0.15 * luck[3]), luck[4]
        )
        return Outcome(
            delivered=delivered,
            cost_micros=(cost * (MICROS / UNIT_MICROS)).astype(np.int64) * UNIT_MICROS,
            impressions=np.maximum(shown, counts.clicks),
            clicks=counts.clicks,
            conversions=conversions,
            value_micros=value,
            impression_share=delivered * won,
        )

    def _count(self, day: int, mean: Floats, price: Floats, luck: Floats) -> _Counts:
        """Clicks with these means; more of them is more of the same luck."""
        rate = self._rate[day]
        buyers = chance.poisson(mean * rate, luck[0])
        clicks = buyers + chance.poisson(mean * (1.0 - rate), luck[1])
        own = 1.0 - self.world.paid_as_bid
        uneven = np.maximum(1.0 + own * _PRICE_NOISE * luck[2] / np.sqrt(np.maximum(clicks, 1)), 0.2)
        return _Counts(buyers, clicks, clicks * price * uneven)

    def _orders(self, buyers: Numbers, rng: Generator) -> tuple[Numbers, Numbers]:
        """Conversions and their value in micros by delay, both of shape (n, N_AGES)."""
        n = len(self)
        starts = rng.integers(2**64 - 1, size=n, dtype=np.uint64, endpoint=True)
        rows = np.repeat(np.arange(n), buyers)
        first = np.cumsum(buyers) - buyers
        numbers = chance.sequence(starts[rows], (np.arange(len(rows)) - first[rows]).astype(np.uint64))
        cells = rows * N_AGES + self._delays[numbers >> np.uint64(48)]
        size = self._sizes[(numbers >> np.uint64(32)) & np.uint64(0xFFFF)]
        values = np.maximum(np.rint(self._order_value[rows] * size * 100), 1.0) * UNIT_MICROS
        conversions = np.bincount(cells, minlength=n * N_AGES).reshape(n, N_AGES)
        value = np.bincount(cells, weights=values, minlength=n * N_AGES).astype(np.int64)
        return conversions, value.reshape(n, N_AGES)


class _Paths:
    """Random walks from 0 on the first day, log scale, shape (n_days, n): each its own generator."""

    def __init__(self, n: int, n_days: int, seed: int) -> None:
        volume, middle, rate, hit, jump = (
            np.random.default_rng((seed, _PATHS, part)).standard_normal((n_days, n)) for part in range(5)
        )
        jumps = (ndtr(hit) < 1 / 90) * 0.4 * jump
        self.volume = _walk(0.02 * volume)
        self.middle = _walk(0.01 * middle)
        self.rate = _walk(0.01 * rate + jumps)


def _walk(steps: Floats) -> Floats:
    steps[0] = 0.0
    walk: Floats = steps.cumsum(axis=0)
    return walk
