"""Event: what happens to a market, as data. Days count from the first day of the event."""

from dataclasses import dataclass

import numpy as np

from simulations.campaigns import Channel
from simulations.curves import Floats
from simulations.market import N_AGES, Micros


@dataclass(frozen=True, slots=True)
class Phase:
    """A factor that holds on some days.

    Attributes:
        first, last: Both included; `last` is None for ever.
        channel: Only its campaigns; None: all.
    """

    factor: float
    first: int = 0
    last: int | None = None
    channel: Channel | None = None

    def holds(self, day: int) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Reset:
    """A platform that begins to learn anew after a large change.

    Attributes:
        beyond: Share of a budget that a change must exceed from one day to the next.
        days: How long the campaign learns, the day of the change included.
        factor: Of its conversion rate meanwhile.
        told: The platform says which campaigns are learning.
    """

    beyond: float
    days: int
    factor: float
    told: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """What is different while it lasts, and after.

    Attributes:
        volume, rate, price: Factors of what could be sold, of conversions per click, and of what
            clicks cost; all phases that hold on a day multiply.
        silent: Days on which no conversion is reported; what came late is reported on the day
            after the last of them. None: there are no such days.
        slower: Each conversion is reported after so many times its delay and `later` days more.
        reset: None: the platform learns from every change as it always did.
    """

    volume: tuple[Phase, ...] = ()
    rate: tuple[Phase, ...] = ()
    price: tuple[Phase, ...] = ()
    silent: range | None = None
    slower: int = 1
    later: int = 0
    reset: Reset | None = None

    def delays(self, day: int) -> Micros:
        """When a conversion of this day's clicks is reported that would be after 0, 1, 2 ... days.

        Shape (N_AGES,); nothing is reported later than the longest delay.
        """
        delays = np.arange(N_AGES)
        if day >= 0:
            delays = self.slower * delays + self.later
        if self.silent is not None:
            lost = (day + delays >= self.silent.start) & (day + delays < self.silent.stop)
            delays = np.where(lost, self.silent.stop - day, delays)
        return np.minimum(delays, N_AGES - 1)


def factor(phases: tuple[Phase, ...], day: int, channels: Micros) -> Floats:
    """The product of all phases that hold on a day, for campaigns of these channels."""
    product = np.ones(len(channels))
    for phase in phases:
        if phase.holds(day):
            mine = phase.channel is None or channels == phase.channel
            product *= np.where(mine, phase.factor, 1.0)
    return product
