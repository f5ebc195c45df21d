"""Oracle: the looseness that a clairvoyant would have settled on for each day. The yardstick."""

from dataclasses import dataclass

import numpy as np

from simulations.smart_bidding.market import SmartBidding

_GRID = np.exp(np.linspace(-1.5, 1.5, 241))
_HALVINGS = 50


@dataclass(frozen=True, slots=True)
class Best:
    """Of one day: its value and cost, and the value that its last unit of money brings."""

    value: float
    cost: float
    price: float


def best(market: SmartBidding, day: int, *, pot: float | None = None, roas: float | None = None) -> Best:
    """The most value for at most `pot`, or at an average return of at least `roas`.

    Learning phases and delays are left out: no policy can reach it.
    """
    truth = market.mean(market.first * _GRID[:, None], day, np.zeros(len(market)))
    rows = np.arange(len(market))

    def at(price: float) -> tuple[float, float]:
        point = np.argmax(truth.value - price * truth.cost, axis=0)
        return float(truth.value[point, rows].sum()), float(truth.cost[point, rows].sum())

    def keeps(value: float, cost: float) -> bool:
        return (pot is None or cost <= pot) and (roas is None or value >= roas * cost)

    cheap, dear = 0.0, 1e3
    for _ in range(_HALVINGS):
        middle = (cheap + dear) / 2
        if keeps(*at(middle)):
            dear = middle
        else:
            cheap = middle
    return Best(*at(dear), dear)
