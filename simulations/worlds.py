"""Worlds: the parameters of a simulated market, and the named ones that strategies are compared on."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class World:
    """What kind of market it is; the seed then draws one such market.

    Attributes:
        campaign_noise, platform_noise: Standard deviations of the log of a day's clicks, of
            each campaign alone and of all campaigns of a channel together.
        shortfall: Spread of the share of a budget that a day leaves unspent (log scale).
        volume_drift, rate_drift: Steps a day of the random walks of log volume and of log
            conversion rate.
        jump_hazard, jump_sd: Chance a day that a conversion rate jumps, and how far (log scale).
        lag: False when every conversion is reported on the day of its click.
        conversion_rate_factor, order_value_factor: Multiply what the seed draws.
        pot_factor: The pot as a multiple of the sum of the reference spends.
        history_days: Days before anybody steers, with budgets near reference.
        history_jitter: Spread of those budgets from day to day (log scale); 0 for constant ones.
        money_scale: Account currency units for one unit of the reference scale (JPY about 160).
        over_delivery: What a day may cost as a multiple of its budget, while a month costs at
            most its budgets; 1.0 switches it off.
    """

    n_campaigns: int = 20
    campaign_noise: float = 0.12
    platform_noise: float = 0.08
    shortfall: float = 0.03
    volume_drift: float = 0.02
    rate_drift: float = 0.02
    jump_hazard: float = 1 / 90
    jump_sd: float = 0.4
    lag: bool = True
    conversion_rate_factor: float = 1.0
    order_value_factor: float = 1.0
    pot_factor: float = 1.0
    history_days: int = 0
    history_jitter: float = 0.0
    money_scale: float = 1.0
    over_delivery: float = 1.0


BASE = World()

WORLDS: Mapping[str, World] = MappingProxyType(
    {
        "base": BASE,
        "A1": BASE,
        "A2": replace(BASE, volume_drift=0.0, rate_drift=0.0, jump_hazard=0.0, lag=False),
        "A3": replace(BASE, n_campaigns=5),
        "A4": replace(BASE, conversion_rate_factor=0.1, order_value_factor=10.0),
        "A5": replace(BASE, volume_drift=0.03, rate_drift=0.03, jump_hazard=1 / 30, jump_sd=0.6),
        "A6": replace(BASE, pot_factor=0.4),
        "A7": replace(BASE, pot_factor=2.5),
        "A8": replace(BASE, history_days=28, history_jitter=0.1),
        "A9": replace(BASE, n_campaigns=100),
        "A10": replace(BASE, campaign_noise=0.3, platform_noise=0.15, shortfall=0.06),
    }
)
"""Worlds by name, "base" and A1 to A10."""
