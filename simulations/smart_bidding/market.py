"""Market: campaigns under smart bidding, drawn from a seed.

The platform spends what it takes to meet a target on average: a looser target wins more
auctions at a higher cost per unit of value. A change works its way into bids over days, and for a
week after it each unit costs more. When the budget runs out, the rest of the day is lost.
"""

from dataclasses import dataclass

import numpy as np

from agent.domain.entity import Flags, Floats

N_DELAYS = 29
LEARNING_DAYS = 7
_SETTLING = 0.25
_PENALTY = 0.10


@dataclass(frozen=True, slots=True)
class World:
    """What kind of market it is.

    Attributes:
        tight: Share of campaigns whose budget runs out at their first target.
        uneven: Spread of the first targets (log scale): how far from equal marginal returns
            whoever set them was.
        noise, drift: Of a day's volume, and its random walk a day (log scale).
        worth: Mean value of a conversion; more makes conversions rarer.
        moved: Share of campaigns whose target somebody moved in the history.
    """

    n_campaigns: int = 12
    tight: float = 0.15
    uneven: float = 0.3
    noise: float = 0.15
    drift: float = 0.02
    worth: float = 25.0
    moved: float = 0.3


@dataclass(frozen=True, slots=True)
class Truth:
    """What each campaign brings on a day on average; arrays of shape (n,), money in currency units."""

    value: Floats
    cost: Floats
    unlimited_cost: Floats
    shown: Floats


class SmartBidding:
    """One draw of a world. `loose` is the cost that a target allows for a unit of value."""

    def __init__(self, world: World, seed: int, n_days: int) -> None:
        rng = np.random.default_rng((seed, 1))
        n = world.n_campaigns
        self.world, self.seed, self.n_days = world, seed, n_days
        spend = 300.0 * np.exp(0.6 * rng.standard_normal(n))
        fair = 0.3 * np.exp(0.15 * rng.standard_normal(n))
        self.first = fair * np.exp(world.uneven * rng.standard_normal(n))
        self._elasticity = np.clip(0.9 + 0.35 * rng.standard_normal(n), 0.25, 1.8)
        self._bend = rng.uniform(0.2, 1.0, n)
        self._bias = np.exp(0.08 * rng.standard_normal(n))
        self._fair = fair
        self._size = spend / fair
        self.order_value = world.worth * np.exp(0.4 * rng.standard_normal(n))
        steps = world.drift * rng.standard_normal((n_days, n))
        self._volume = np.exp(
            steps.cumsum(axis=0) + 0.08 * np.cos(2 * np.pi * np.arange(n_days) / 7)[:, None]
        )
        roomy = rng.random(n) >= world.tight
        usual = self.mean(self.first, 0, np.zeros(n), budget=np.inf).unlimited_cost
        self.budget = usual * np.where(roomy, rng.uniform(2.0, 3.0, n), rng.uniform(0.6, 0.9, n))
        self.moved_on = np.where(rng.random(n) < world.moved, rng.integers(14, 50, n), -1)
        self.moved_by = np.exp(np.sign(rng.standard_normal(n)) * 0.2)

    def __len__(self) -> int:
        return self.world.n_campaigns

    def mean(
        self, loose: Floats, day: int, penalty: Floats, *, budget: Floats | float | None = None
    ) -> Truth:
        """The day at a looseness (shape (..., n)) that has settled; `penalty` of a learning phase."""
        money = self.budget if budget is None else budget
        power = (loose / self._fair) ** (self._elasticity * (1.0 + self._bend))
        value = self._size * self._volume[day] * power * (1.0 + self._bend) / (1.0 + self._bend * power)
        cost = value * loose * self._bias * (1.0 + penalty)
        part = np.minimum(1.0, money / cost)
        won = self._bend * power / (1.0 + self._bend * power)
        return Truth(value * part, cost * part, cost, np.broadcast_to(won, cost.shape))

    def settled(self, bid_for: Floats, loose: Floats) -> Floats:
        """The looseness that is bid for a day later, if `loose` is what is asked for."""
        moved: Floats = bid_for * (loose / bid_for) ** _SETTLING
        return moved

    def penalty(self, days_since: Floats) -> Floats:
        """What each unit costs more, so many days after a change."""
        return np.where(days_since < LEARNING_DAYS, _PENALTY * (1.0 - days_since / LEARNING_DAYS), 0.0)

    def learning(self, days_since: Floats) -> Flags:
        return days_since < LEARNING_DAYS

    def luck(self, day: int) -> np.random.Generator:
        return np.random.default_rng((self.seed, 2, day))
