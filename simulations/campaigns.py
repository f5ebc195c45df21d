"""Campaigns: what the seed draws once, before the first day."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from simulations.chance import delay_table
from simulations.curves import Curves, Floats, draw_curves
from simulations.worlds import World

LONGEST_DELAY_DAYS = 28


class Channel(IntEnum):
    """Where a campaign's ads are shown."""

    SEARCH = 0
    SHOPPING = 1
    SOCIAL = 2
    VIDEO = 3

    @property
    def has_impression_share(self) -> bool:
        return self in (Channel.SEARCH, Channel.SHOPPING)


# One figure for each channel, in the order of `Channel`.
_COST_PER_CLICK = np.array([2.0, 0.8, 1.0, 0.5])
_ORDER_VALUE = np.array([90.0, 70.0, 60.0, 60.0])
_CLICKS_PER_IMPRESSION = np.array([0.06, 0.012, 0.012, 0.006])
_WEEKDAY_SWING = np.array([0.15, 0.10, 0.06, 0.10])
_REPORTED_AT_ONCE = (0.6, 0.5, 0.35, 0.25)
_REPORTED_PER_DAY = (0.4, 0.3, 0.18, 0.14)


@dataclass(frozen=True, slots=True)
class Campaigns:
    """The constants of N campaigns; arrays have shape (n_campaigns,) unless said otherwise.

    Attributes:
        channel: Values of `Channel`.
        reference: Spend a day that the curves are normed at, micros.
        clicks: Mean clicks a day at the reference spend.
        order_value: Mean value of a conversion, micros.
        rate: Conversions per click on the first day.
        rank_lost: Share of impressions that is lost to rank whatever the budget.
        weekday: Shape (7, n_campaigns), factors of the volume, Monday first.
        delays: Shape (n_channels, table size), equally likely days from click to report.
    """

    channel: NDArray[np.int64]
    reference: Floats
    curves: Curves
    clicks: Floats
    clicks_per_impression: Floats
    order_value: Floats
    rate: Floats
    rank_lost: Floats
    weekday: Floats
    delays: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.channel)


def draw_campaigns(rng: Generator, world: World) -> Campaigns:
    """Draw the campaigns of a world.

    Worlds that differ in factors alone get the same draws, so they can be compared in pairs.
    """
    n = world.n_campaigns
    money = world.money_scale * 1e6

    def spread(scale: float) -> Floats:
        return np.exp(scale * rng.standard_normal(n))

    channel = rng.integers(len(Channel), size=n)
    reference = 100.0 * spread(0.8)
    cost_per_click = _COST_PER_CLICK[channel] * spread(0.3)
    return_on_spend = 2.5 * np.exp(0.25 * rng.standard_normal(len(Channel)))[channel] * spread(0.5)
    order_value = _ORDER_VALUE[channel] * spread(0.4)
    rate = return_on_spend * cost_per_click / order_value
    curves = draw_curves(rng, n)
    peak = rng.uniform(0.0, 7.0, len(Channel))[channel]
    swing = np.cos(2 * np.pi * (np.arange(7)[:, None] - peak) / 7)
    weekday = np.exp(_WEEKDAY_SWING[channel] * swing + 0.03 * rng.standard_normal((7, n)))
    return Campaigns(
        channel=channel,
        reference=reference * money,
        curves=curves,
        clicks=reference / cost_per_click,
        clicks_per_impression=np.minimum(_CLICKS_PER_IMPRESSION[channel] * spread(0.3), 0.5),
        order_value=order_value * world.order_value_factor * money,
        rate=np.minimum(rate, 0.9) * world.conversion_rate_factor,
        rank_lost=rng.uniform(0.05, 0.45, n),
        weekday=weekday,
        delays=delay_tables(lag=world.lag),
    )


def delay_tables(*, lag: bool) -> NDArray[np.int64]:
    """Equally likely days from click to report, shape (n_channels, table size); all 0 without lag."""
    of_channels = zip(_REPORTED_AT_ONCE, _REPORTED_PER_DAY, strict=True)
    return np.stack(
        [delay_table(at_once if lag else 1.0, a_day, LONGEST_DELAY_DAYS) for at_once, a_day in of_channels]
    )
