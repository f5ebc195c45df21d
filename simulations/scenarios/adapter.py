"""Telling: a simulated account whose platform says which campaigns are learning."""

from dataclasses import replace

from agent.domain.entity import EntityTable
from simulations.platform import Platform
from simulations.scenarios.market import EventfulMarket
from simulations.simulated.adapter import SimulatedAdapter


class Telling(SimulatedAdapter):
    """As the simulated account, with a word on learning as of the last day that is over.

    The account has no shared budgets: its entities are the campaigns, in the market's order.
    """

    def __init__(self, platform: Platform, market: EventfulMarket) -> None:
        super().__init__(platform)
        self._account_platform = platform
        self._market = market

    def entities(self) -> EntityTable:
        yesterday = (self._account_platform.today() - self._market.first_day).days - 1
        return replace(super().entities(), learning=self._market.learning(yesterday))
