"""Proportional: shares of the pot in proportion to the ROAS of the last 14 days, as it was reported.

Source: common practice of media planning ("fund what performs"); no lag correction, as the
figure is read off the platform.
"""

from dataclasses import dataclass

from numpy.random import Generator

from agent.domain.entity import Numbers
from simulations.laboratory.budgets.morning import Morning
from simulations.laboratory.budgets.sharing import shared, window_roas


@dataclass(frozen=True, slots=True)
class Proportional:
    window_days: int = 14

    def budgets(self, morning: Morning, rng: Generator) -> Numbers:
        return shared(morning, window_roas(morning, self.window_days))
