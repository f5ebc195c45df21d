"""Part: some campaigns of a market, as the supply of one platform among several.

What a part brings is what the whole would have brought there, so two platforms over one market
are one world: the same seed, the same days, the same luck.
"""

import threading
from dataclasses import fields, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from agent.domain.entity import Flags, Floats
from simulations.campaigns import Campaigns, Channel
from simulations.curves import Curves, Family
from simulations.market import Flow, Market, Micros, Outcome
from simulations.worlds import World

SOCIAL = (Channel.SOCIAL,)
OTHERS = (Channel.SEARCH, Channel.SHOPPING, Channel.VIDEO)

# A market keeps what it has drawn; platforms that share one ask it from threads of their own.
_one_at_a_time = threading.RLock()


class Part:
    """The campaigns of a market in these rows; implements `Supply`, `Landscape` and `Drawn`."""

    def __init__(self, market: Market, rows: NDArray[np.intp]) -> None:
        """Take a part.

        Args:
            rows: Rising.
        """
        self.market = market
        self.numbers = rows
        self.campaigns = _taken(market.campaigns, rows)

    def __len__(self) -> int:
        return len(self.numbers)

    @property
    def seed(self) -> int:
        return self.market.seed

    @property
    def world(self) -> World:
        return self.market.world

    @property
    def first_day(self) -> date:
        return self.market.first_day

    @property
    def rank_lost(self) -> Floats:
        return self.market.rank_lost[self.numbers]

    @property
    def has_impression_share(self) -> Flags:
        return self.market.has_impression_share[self.numbers]

    def flow(self, day: int, budgets: Micros | Floats) -> Flow:
        with _one_at_a_time:
            return self._own(self.market.flow(day, self._whole(budgets)))

    def realise(self, day: int, flow: Flow) -> Outcome:
        buying = None if flow.buying is None else self._whole(flow.buying)
        whole = Flow(self._whole(flow.cost), self._whole(flow.clicks), self._whole(flow.reach), buying)
        with _one_at_a_time:
            outcome = self.market.realise(day, whole)
        return Outcome(*(getattr(outcome, field.name)[self.numbers] for field in fields(Outcome)))

    def demand(self, day: int) -> Floats:
        with _one_at_a_time:
            return self.market.demand(day)[self.numbers]

    def habit(self, day: int) -> Floats:
        with _one_at_a_time:
            return self.market.habit(day)[self.numbers]

    def size(self, day: int) -> Floats:
        with _one_at_a_time:
            return self.market.size(day)[self.numbers]

    def rate(self, day: int) -> Floats:
        with _one_at_a_time:
            return self.market.rate(day)[self.numbers]

    def volume(self, day: int) -> Floats:
        with _one_at_a_time:
            return self.market.volume(day)[self.numbers]

    def usable(self, day: int, budgets: Micros | Floats) -> Floats:
        with _one_at_a_time:
            return self.market.usable(day, self._whole(budgets))[..., self.numbers]

    def flow_at(self, day: int, ratio: Floats) -> Flow:
        with _one_at_a_time:
            return self._own(self.market.flow_at(day, self._whole(ratio)))

    def _own(self, flow: Flow) -> Flow:
        return Flow(
            flow.cost[..., self.numbers], flow.clicks[..., self.numbers], flow.reach[..., self.numbers]
        )

    def _whole(self, part: NDArray[np.float64] | Micros) -> Floats:
        whole = np.zeros((*part.shape[:-1], len(self.market)))
        whole[..., self.numbers] = part
        return whole


def of_channels(market: Market, channels: tuple[Channel, ...]) -> Part:
    """The campaigns of these channels."""
    return Part(market, np.flatnonzero(np.isin(market.campaigns.channel, channels)))


def _taken(campaigns: Campaigns, rows: NDArray[np.intp]) -> Campaigns:
    curves = campaigns.curves
    family = np.empty(len(campaigns), dtype=np.intp)
    for each, of_family in zip(Family, curves.rows, strict=True):
        family[of_family] = each
    taken = Curves(
        tuple(np.flatnonzero(family[rows] == each) for each in Family),
        *(column[rows] for column in (curves.k, curves.s, curves.cap, curves.scale, curves.top)),
    )
    return replace(
        campaigns,
        channel=campaigns.channel[rows],
        reference=campaigns.reference[rows],
        curves=taken,
        clicks=campaigns.clicks[rows],
        clicks_per_impression=campaigns.clicks_per_impression[rows],
        order_value=campaigns.order_value[rows],
        rate=campaigns.rate[rows],
        rank_lost=campaigns.rank_lost[rows],
        weekday=campaigns.weekday[:, rows],
    )
