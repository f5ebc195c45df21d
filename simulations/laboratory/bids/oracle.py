"""Oracle: what a clairvoyant would bid, who knows each day's true means. The yardstick."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.domain.entity import Floats, Numbers
from agent.domain.money import MICROS
from simulations.laboratory.bids.auctions import Auctions

_HALVINGS = 45
_GRID = 240


@dataclass(frozen=True, slots=True)
class Optimum:
    """The best bids, currency units, shape (n_days, n), and the value of each day at best."""

    bids: Floats
    value: Floats


def mean_value(auctions: Auctions, days: NDArray[np.intp], bids: Numbers) -> Floats:
    """True mean value of each day, currency units, shape (n_days,).

    Where the mean cost of a day is above the pot, its value is cut by the same factor.

    Args:
        bids: Shape (n_days, n), micros.
    """
    landscape, volume = auctions.landscape(days), auctions.volume(days)
    money = bids / MICROS
    cost = (volume * landscape.paid(money)).sum(axis=1)
    delivered = np.minimum(1.0, auctions.pot_micros / MICROS / np.maximum(cost, 1e-9))
    value: Floats = delivered * (volume * auctions.worth(days) * landscape.won(money)).sum(axis=1)
    return value


def optimum(auctions: Auctions, days: NDArray[np.intp]) -> Optimum:
    """The bids that are worth most within each day's pot: one price of money for all keywords.

    In second-price auctions the best bid is value per click over that price, whatever the
    landscape. Where part of the bid is paid it is searched for on a grid, and the value is the
    dual bound, which no bids can exceed (Boyd and Vandenberghe 2004, chapter 5).
    """
    pot = auctions.pot_micros / MICROS
    low, high = auctions.low_micros / MICROS, auctions.high_micros / MICROS
    worth, volume, landscape = auctions.worth(days), auctions.volume(days), auctions.landscape(days)
    second = auctions.world.paid_as_bid == 0.0
    search = None if second else _Search(auctions, days)

    def bids_at(price: Floats) -> Floats:
        wanted = worth / price[:, None]
        return np.clip(wanted, low, high) if search is None else search.best(wanted)

    cheap, dear = np.full(len(days), 1e-4), np.full(len(days), 1e4)
    for _ in range(_HALVINGS):
        middle = np.sqrt(cheap * dear)
        cost = (volume * landscape.paid(bids_at(middle))).sum(axis=1)
        cheap, dear = np.where(cost > pot, middle, cheap), np.where(cost > pot, dear, middle)
    bids = bids_at(dear)
    won, paid = (
        (volume * worth * landscape.won(bids)).sum(axis=1),
        (volume * landscape.paid(bids)).sum(axis=1),
    )
    return Optimum(bids, won if second else won + dear * (pot - paid))


class _Search:
    """Best bids among those of a grid."""

    def __init__(self, auctions: Auctions, days: NDArray[np.intp]) -> None:
        landscape = auctions.landscape(days)
        self._grid = np.geomspace(auctions.low_micros / MICROS, auctions.high_micros / MICROS, _GRID)
        self._won = np.stack([landscape.won(bid) for bid in self._grid], axis=-1)
        self._paid = np.stack([landscape.paid(bid) for bid in self._grid], axis=-1)

    def best(self, wanted: Floats) -> Floats:
        """Bids at which `wanted` times the clicks won, less what is paid, is highest."""
        best: Floats = self._grid[np.argmax(wanted[:, :, None] * self._won - self._paid, axis=-1)]
        return best
