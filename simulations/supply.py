"""Supply: what a simulated platform asks of the market that feeds it."""

from datetime import date
from typing import Protocol

from agent.domain.entity import Flags, Floats
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
