"""Stage: all of a market that policies are tried out on, and nothing that only the oracle knows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from agent.domain.entity import Numbers
from agent.domain.lever import Ratio
from simulations.campaigns import Channel
from simulations.market import Market, Outcome
from simulations.oracle import Bounds

_LOWEST = 20


@dataclass(frozen=True, slots=True)
class Stage:
    """Days are numbered from 0, the first day; money in micros.

    Attributes:
        channels: Of each campaign, for the snapshot.
        pots: Shape (n_days,), what the budgets of each day may sum to.
        history: Shape (n_history_days, n_campaigns), budgets of the days before the first decision.
        outcome: What a day brings at budgets of shape (n_campaigns,).
        target_roas: What the policies are asked to keep to.
        most_shares: Highest daily budget in equal shares of the pot.
    """

    first_day: date
    unit_micros: int
    channels: Sequence[str]
    pots: Numbers
    history: Numbers
    outcome: Callable[[int, Numbers], Outcome]
    target_roas: Ratio | None = None
    most_shares: int = 5

    def __len__(self) -> int:
        return len(self.channels)

    @property
    def n_history_days(self) -> int:
        return len(self.history)

    def low_micros(self, day: int) -> int:
        """Lowest daily budget that a policy may set: a twentieth of an equal share."""
        return int(self.pots[day]) // (_LOWEST * len(self))

    def high_micros(self, day: int) -> int:
        """Highest daily budget that a policy may set."""
        return self.most_shares * int(self.pots[day]) // len(self)

    def bounds(self) -> Bounds:
        """Those of each day that is decided on, for the oracle."""
        days = range(self.n_history_days, len(self.pots))
        low, high = ([[bound(day)] for day in days] for bound in (self.low_micros, self.high_micros))
        return Bounds(self.pots[self.n_history_days :, None], np.array(low), np.array(high))


def stage_of(market: Market, days: int, target_roas: Ratio | None = None) -> Stage:
    """A market for `days` decisions after the history of its world."""
    n_history_days = market.world.history_days
    history = [market.campaigns.reference * market.habit(day) for day in range(n_history_days)]
    return Stage(
        first_day=market.first_day,
        unit_micros=market.unit_micros,
        channels=[Channel(number).name.lower() for number in market.campaigns.channel],
        pots=np.full(n_history_days + days, market.pot_micros),
        history=np.array(history).reshape(n_history_days, len(market)).astype(np.int64),
        outcome=market.outcome,
        target_roas=target_roas,
    )
