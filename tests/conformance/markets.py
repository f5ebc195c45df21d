"""Markets: simulated accounts as checks want them opened, for whatever adapter or sandbox."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import numpy as np

from adapters.conformance.stage import Opening
from agent.domain.entity import Account
from agent.domain.ref import AccountId
from agent.ports.clock import Clock
from simulations.campaigns import Channel
from simulations.depth import FLAT, Depth
from simulations.market import Market
from simulations.part import Part
from simulations.platform import Platform
from simulations.structure import build
from simulations.worlds import WORLDS

SEED = 7
SCALES = {"JPY": 150.0, "HUF": 400.0, "KWD": 0.35}
FEW = 100  # campaigns up to which an account has all that the platform knows
_SPARE = 3  # so many times as many campaigns are drawn, to find enough of a channel


def platform_of(
    opening: Opening,
    clock: Clock,
    account: AccountId,
    *,
    unit_micros: int,
    channels: tuple[Channel, ...] = tuple(Channel),
    depth: Depth = FLAT,
    shared_budgets: int = 2,
    minimum_units: int = 100,
) -> Platform:
    """An account with campaigns of these channels, and of that depth unless it is a large one.

    Args:
        minimum_units: Smallest daily budget.
    """
    zone = ZoneInfo(opening.time_zone)
    first_day = clock.now().astimezone(zone).date() - timedelta(days=opening.history_days)
    world = replace(
        WORLDS["base"],
        n_campaigns=_SPARE * opening.campaigns,
        history_days=opening.history_days,
        money_scale=SCALES.get(opening.currency, 1.0),
        over_delivery=1.0,
    )
    market = Market(world, SEED, first_day, unit_micros=unit_micros)
    rows = np.flatnonzero(np.isin(market.campaigns.channel, channels))[: opening.campaigns]
    is_rich = 0 < opening.campaigns <= FEW
    structure = build(
        Part(market, rows),
        unit_micros=unit_micros,
        minimum_micros=minimum_units * unit_micros,
        shared_budgets=shared_budgets if is_rich else 0,
        experiments=1 if is_rich else 0,
        depth=depth if is_rich else FLAT,
    )
    facts = Account(account, "An account", opening.currency, opening.time_zone, unit_micros)
    return Platform(Part(market, rows), structure, facts, clock, minimum_micros=minimum_units * unit_micros)
