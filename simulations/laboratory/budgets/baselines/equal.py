"""Equal: every campaign the same budget, always. Whoever loses to this does harm."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from agent.domain.entity import Numbers
from simulations.laboratory.budgets.morning import Morning
from simulations.laboratory.budgets.sharing import shared


@dataclass(frozen=True, slots=True)
class Equal:
    def budgets(self, morning: Morning, rng: Generator) -> Numbers:
        return shared(morning, np.ones(morning.n_campaigns))
