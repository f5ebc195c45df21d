"""EventfulMarket: a market to which something happens, otherwise the same to the last click."""

from dataclasses import replace
from datetime import date

import numpy as np

from agent.domain.entity import Flags
from simulations.curves import Floats
from simulations.market import N_AGES, Flow, Market, Micros, Outcome
from simulations.scenarios.event import Event, factor
from simulations.worlds import World


class EventfulMarket(Market):
    """One draw of a world, and an event from day `starts` on.

    Volume, rate and price are the truth that the oracle reads, too. Where a platform learns anew
    after large changes, what the budgets were is part of the truth: it is remembered as the days
    pass, so one such market belongs to one account, and a clairvoyant gets a fresh one.
    """

    def __init__(self, world: World, seed: int, first_day: date, *, event: Event, starts: int) -> None:
        super().__init__(world, seed, first_day)
        self.event = event
        self.starts = starts
        self._stood: dict[int, Floats] = {}

    def volume(self, day: int) -> Floats:
        return super().volume(day) * factor(self.event.volume, day - self.starts, self.campaigns.channel)

    def rate(self, day: int) -> Floats:
        happened = factor(self.event.rate, day - self.starts, self.campaigns.channel)
        return np.minimum(super().rate(day) * happened * self._slowed(day), 0.9)

    def price(self, day: int) -> Floats:
        return factor(self.event.price, day - self.starts, self.campaigns.channel)

    def flow(self, day: int, budgets: Micros | Floats) -> Flow:
        self._stood[day] = np.asarray(budgets, dtype=np.float64)
        return super().flow(day, budgets)

    def realise(self, day: int, flow: Flow) -> Outcome:
        outcome = super().realise(day, flow)
        delays = self.event.delays(day - self.starts)
        return replace(
            outcome,
            conversions=_moved(outcome.conversions, delays),
            value_micros=_moved(outcome.value_micros, delays),
        )

    def learning(self, day: int) -> Flags:
        """Which campaigns learn on that day, because their budget made a leap lately."""
        reset = self.event.reset
        found = np.zeros(len(self), dtype=bool)
        if reset is None:
            return found
        for changed in range(max(day - reset.days + 1, self.starts), day + 1):
            before, after = self._stood.get(changed - 1), self._stood.get(changed)
            if before is not None and after is not None:
                found |= np.abs(after - before) > reset.beyond * before
        return found

    def _slowed(self, day: int) -> Floats:
        reset = self.event.reset
        return np.ones(len(self)) if reset is None else np.where(self.learning(day), reset.factor, 1.0)


def _moved(by_delay: Micros, delays: Micros) -> Micros:
    """Columns of shape (n_campaigns, N_AGES) to where they are reported now."""
    moved = np.zeros_like(by_delay)
    for age in range(N_AGES):
        moved[:, delays[age]] += by_delay[:, age]
    return moved
