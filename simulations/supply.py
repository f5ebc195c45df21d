"""Supply: what a simulated platform asks of the market that feeds it."""

from datetime import date
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from agent.domain.entity import Flags, Floats
from simulations.campaigns import Campaigns
from simulations.market import Flow, Micros, Outcome


class Supply(Protocol):
    """N campaigns that turn money into clicks and orders; days are numbered from 0, the first day.

    Pure but for what is kept for speed: the same day and budgets bring the same. Arrays have
    shape (n_campaigns,).
    """

    @property
    def first_day(self) -> date: ...

    @property
    def rank_lost(self) -> Floats:
        """Share of impressions that is lost to rank whatever the budget."""
        ...

    @property
    def has_impression_share(self) -> Flags:
        """Where the platform reports impression shares."""
        ...

    def __len__(self) -> int: ...

    def flow(self, day: int, budgets: Micros | Floats) -> Flow:
        """What a whole day at these budgets (micros) brings on average, given its luck."""
        ...

    def realise(self, day: int, flow: Flow) -> Outcome:
        """Turn the flow of a day, or of its first hours, into whole clicks and orders."""
        ...

    def demand(self, day: int) -> Floats:
        """What could be spent on the day at all, micros."""
        ...

    def habit(self, day: int) -> Floats:
        """What a day of the history makes of its budgets, as a factor; 1 from then on."""
        ...


@runtime_checkable
class Landscape(Supply, Protocol):
    """A supply whose response to money is known, so that bids and targets can end it early.

    Money is counted in ratios, multiples of what a day at reference costs.
    """

    @property
    def seed(self) -> int: ...

    @property
    def numbers(self) -> NDArray[np.intp]:
        """The row of each campaign in the whole market, rising."""
        ...

    @property
    def campaigns(self) -> Campaigns: ...

    def size(self, day: int) -> Floats:
        """What a day at reference costs, micros."""
        ...

    def volume(self, day: int) -> Floats:
        """Clicks of a day at reference, as a multiple of the campaign's usual."""
        ...

    def rate(self, day: int) -> Floats:
        """Conversions per click of the day's clicks."""
        ...

    def usable(self, day: int, budgets: Micros | Floats) -> Floats:
        """What the day makes of budgets, micros; campaigns on the last axis."""
        ...

    def flow_at(self, day: int, ratio: Floats) -> Flow:
        """What a whole day brings at so many times the reference; campaigns on the last axis."""
        ...
