"""Market: N campaigns whose response to money drifts from day to day.

A pure function of (seed, world, day, budgets): the noise of a day comes from a generator
of that day alone, so every policy meets the same market and days may be asked in any order.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from simulations import chance
from simulations.campaigns import LONGEST_DELAY_DAYS, Campaigns, Channel, draw_campaigns
from simulations.curves import Floats
from simulations.pacing import month_factors
from simulations.paths import Paths
from simulations.worlds import World

Micros = NDArray[np.int64]

N_AGES = LONGEST_DELAY_DAYS + 1
_ORDER_VALUE_VARIATION = 0.7
_DRAW, _PATHS, _NOISE, _HISTORY, _PACING = range(5)  # streams of chance that never mix


@dataclass(frozen=True, slots=True)
class Flow:
    """What a day brings on average once its luck with delivery is known; shape (n_campaigns,).

    Additive in time: half a day is half the flow, and a day with two budgets is the sum of
    its parts. `reach` is the share of the clicks that money could buy at all, times the
    part of the day. `buying` is the clicks weighted by how readily they buy, where 1 is as
    the campaign's do on the whole; None: all are alike.
    """

    cost: Floats
    clicks: Floats
    reach: Floats
    buying: Floats | None = None

    def times(self, share: float | Floats) -> "Flow":
        buying = None if self.buying is None else self.buying * share
        return Flow(self.cost * share, self.clicks * share, self.reach * share, buying)

    def plus(self, other: "Flow") -> "Flow":
        return Flow(
            self.cost + other.cost,
            self.clicks + other.clicks,
            self.reach + other.reach,
            None if self.buying is None or other.buying is None else self.buying + other.buying,
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a day brought; arrays of shape (n_campaigns,), or (n_campaigns, N_AGES) by delay.

    Attributes:
        conversions: Conversions of this day's clicks that are reported `delay` days later.
        value_micros: Their value.
        reach: Share of the clicks that money could buy at all; NaN where nothing was spent.
    """

    cost_micros: Micros
    impressions: Micros
    clicks: Micros
    conversions: Micros
    value_micros: Micros
    reach: Floats


@dataclass(frozen=True, slots=True)
class _Luck:
    """The chance of one day; normal unless said otherwise, shape (n_campaigns,)."""

    shortfall: Floats
    clicks: Floats
    buyers: Floats
    lookers: Floats
    orders: NDArray[np.uint64]


class Market:
    """One draw of a world. Days are numbered from 0, the first day."""

    def __init__(self, world: World, seed: int, first_day: date, *, unit_micros: int = 10_000) -> None:
        """Draw the campaigns.

        Args:
            unit_micros: Costs and order values are multiples of it.
        """
        self.world = world
        self.seed = seed
        self.first_day = first_day
        self.unit_micros = unit_micros
        self.campaigns: Campaigns = draw_campaigns(np.random.default_rng((seed, _DRAW)), world)
        self._paths = Paths(world, self.campaigns.weekday, first_day, (seed, _PATHS))
        self._orders = chance.gamma_table(_ORDER_VALUE_VARIATION)
        self._today: tuple[int, _Luck] | None = None
        self._month: tuple[tuple[int, int], Floats] | None = None

    def __len__(self) -> int:
        return len(self.campaigns)

    @property
    def numbers(self) -> NDArray[np.intp]:
        """The row of each campaign, shape (n_campaigns,); a part of a market has some of them."""
        return np.arange(len(self))

    @property
    def pot_micros(self) -> int:
        """What the daily budgets may sum to."""
        return int(self.campaigns.reference.sum() * self.world.pot_factor)

    @property
    def rank_lost(self) -> Floats:
        """Share of impressions that is lost to rank whatever the budget, shape (n_campaigns,)."""
        return self.campaigns.rank_lost

    @property
    def has_impression_share(self) -> NDArray[np.bool_]:
        """Where the platform reports impression shares, shape (n_campaigns,)."""
        return np.array([channel.has_impression_share for channel in Channel])[self.campaigns.channel]

    @property
    def low_micros(self) -> int:
        """The lowest daily budget that a strategy may set: a twentieth of an equal share."""
        return self.pot_micros // (20 * len(self))

    @property
    def high_micros(self) -> int:
        """The highest daily budget that a strategy may set: five equal shares."""
        return 5 * self.pot_micros // len(self)

    def flow(self, day: int, budgets: Micros | Floats) -> Flow:
        """What a whole day at these budgets (micros) brings on average, given its luck."""
        size = self.size(day)
        return self.flow_at(day, self.usable(day, budgets) / size)

    def size(self, day: int) -> Floats:
        """What a day at reference costs, micros, shape (n_campaigns,)."""
        return self.campaigns.reference * self.volume(day) * self.price(day)

    def usable(self, day: int, budgets: Micros | Floats) -> Floats:
        """What the day makes of budgets, micros; campaigns on the last axis."""
        money: Floats = budgets * self._luck(day).shortfall
        if self.world.over_delivery > 1.0:
            money *= self._stretch(day)
        return money

    def flow_at(self, day: int, ratio: Floats) -> Flow:
        """What a whole day brings at so many times the reference spend; campaigns on the last axis."""
        campaigns = self.campaigns
        ratio = np.minimum(ratio, campaigns.curves.cap)
        height = campaigns.curves.at(ratio)
        return Flow(
            cost=ratio * self.size(day),
            clicks=campaigns.clicks * self.volume(day) * height * self._luck(day).clicks,
            reach=height / campaigns.curves.top,
        )

    def outcome(self, day: int, budgets: Micros) -> Outcome:
        """What the day brings at these budgets (micros, shape (n_campaigns,))."""
        return self.realise(day, self.flow(day, budgets))

    def realise(self, day: int, flow: Flow) -> Outcome:
        """Turn the flow of a day, or of its first hours, into whole clicks and orders.

        More flow on the same day never brings fewer clicks or conversions.
        """
        luck = self._luck(day)
        campaigns = self.campaigns
        buyers, clicks = self._counts(flow, self.rate(day), luck)
        conversions, value = self._orders_of(buyers, luck)
        unit = self.unit_micros
        return Outcome(
            cost_micros=(flow.cost / unit + 1e-9).astype(np.int64) * unit,
            impressions=np.maximum(clicks, np.rint(flow.clicks / campaigns.clicks_per_impression)).astype(
                np.int64
            ),
            clicks=clicks,
            conversions=conversions,
            value_micros=value,
            reach=np.where(flow.reach > 0.0, flow.reach, np.nan),
        )

    def rate(self, day: int) -> Floats:
        """Conversions per click of this day's clicks, shape (n_campaigns,)."""
        return np.minimum(self.campaigns.rate * self._paths.rate(day), 0.9)

    def volume(self, day: int) -> Floats:
        """Size of the day relative to reference, shape (n_campaigns,)."""
        return self._paths.volume(day)

    def price(self, day: int) -> Floats:
        """What the day's clicks cost relative to the first day, shape (n_campaigns,); 1 in every world."""
        return np.ones(len(self))

    def demand(self, day: int) -> Floats:
        """What could be spent on the day at all, micros, shape (n_campaigns,)."""
        campaigns = self.campaigns
        return campaigns.reference * campaigns.curves.cap * self.volume(day) * self.price(day)

    def habit(self, day: int) -> Floats:
        """What a day of the history makes of its budgets, as a factor of shape (n_campaigns,)."""
        if day >= self.world.history_days or self.world.history_jitter == 0.0:
            return np.ones(len(self))
        rng = np.random.default_rng((self.seed, _HISTORY, day))
        factors: Floats = np.exp(self.world.history_jitter * rng.standard_normal(len(self)))
        return factors

    def _stretch(self, day: int) -> Floats:
        date_ = self.first_day + timedelta(days=day)
        month = (date_.year, date_.month)
        if self._month is None or self._month[0] != month:
            factors = month_factors(date_, len(self), self.world.over_delivery, (self.seed, _PACING))
            self._month = (month, factors)
        stretch: Floats = self._month[1][date_.day - 1]
        return stretch

    def _counts(self, flow: Flow, rate: Floats, luck: _Luck) -> tuple[Micros, Micros]:
        """Clicks that buy, and all clicks; shape (n_campaigns,)."""
        chances = np.concatenate([luck.buyers, luck.lookers])
        n = len(self)
        if flow.buying is None:
            means = np.concatenate([flow.clicks * rate, flow.clicks * (1.0 - rate)])
            counts = chance.poisson(means, chances)
            return counts[:n], counts[:n] + counts[n:]
        # More clicks that buy less must still be more clicks: their number has a luck of its own.
        counts = chance.poisson(np.concatenate([flow.buying * rate, flow.clicks]), chances)
        return np.minimum(counts[:n], counts[n:]), counts[n:]

    def _orders_of(self, buyers: Micros, luck: _Luck) -> tuple[Micros, Micros]:
        """Conversions and their value by delay, both of shape (n_campaigns, N_AGES)."""
        n = len(self)
        rows = np.repeat(np.arange(n), buyers)
        first = np.cumsum(buyers) - buyers
        numbers = chance.sequence(luck.orders[rows], (np.arange(len(rows)) - first[rows]).astype(np.uint64))
        delay = self.campaigns.delays[self.campaigns.channel[rows], numbers >> np.uint64(48)]
        size = self._orders[(numbers >> np.uint64(32)) & np.uint64(0xFFFF)]
        unit = self.unit_micros
        values = np.maximum(np.rint(self.campaigns.order_value[rows] * size / unit), 1.0) * unit
        cells = rows * N_AGES + delay
        shape = (n, N_AGES)
        conversions = np.bincount(cells, minlength=n * N_AGES).reshape(shape)
        value = np.bincount(cells, weights=values, minlength=n * N_AGES).astype(np.int64).reshape(shape)
        return conversions, value

    def _luck(self, day: int) -> _Luck:
        if self._today is not None and self._today[0] == day:
            return self._today[1]
        rng = np.random.default_rng((self.seed, _NOISE, day))
        world = self.world
        n = len(self)
        shortfall, own, buyers, lookers = rng.standard_normal((4, n))
        together = rng.standard_normal(len(Channel))[self.campaigns.channel]
        luck = _Luck(
            shortfall=np.exp(-np.abs(world.shortfall * shortfall)),
            clicks=np.exp(world.campaign_noise * own + world.platform_noise * together),
            buyers=buyers,
            lookers=lookers,
            orders=rng.integers(2**64 - 1, size=n, dtype=np.uint64, endpoint=True),
        )
        self._today = (day, luck)
        return luck
