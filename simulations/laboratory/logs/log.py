"""Log: what people really spent and got, day by day, in one form whatever file it came from."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from agent.domain.entity import Floats
from simulations.campaigns import Channel

_CHANNEL_WORDS = (
    (Channel.SHOPPING, ("shopping", "pmax", "performance max", "pla ", "amazon", "retail")),
    (Channel.VIDEO, ("youtube", "video", "tv", "influencer", "blogger")),
    (Channel.SEARCH, ("search", "google", "adwords", "bing", "sem", "brand")),
)


@dataclass(frozen=True, slots=True)
class Log:
    """Matrices of shape (n_units, n_days), every calendar day from the first on.

    Attributes:
        name: Stem of the file.
        units: Campaigns or platforms.
        cost, value: In the file's money; value is None where the file has no such figure.
        channel: Shape (n_units,), values of `Channel`, told from names.
    """

    name: str
    first_day: date
    units: tuple[str, ...]
    channel: NDArray[np.intp]
    cost: Floats
    clicks: Floats
    conversions: Floats
    value: Floats | None

    @property
    def n_days(self) -> int:
        return len(self.cost.T)


def channel_of(words: str) -> Channel:
    """The channel that a unit's name and category sound like; social where they tell nothing."""
    text = f"{words.casefold()} "
    return next((one for one, told in _CHANNEL_WORDS if any(word in text for word in told)), Channel.SOCIAL)
