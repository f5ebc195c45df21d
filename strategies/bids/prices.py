"""Prices: a dictionary of landscapes, tabulated once.

A landscape says which share of the clicks a bid wins and what the second price of those is,
where the highest prices of others are lognormal: clicks of a bid b follow Phi((ln b - m) / s),
the second price is a partial expectation (Johnson, Kotz and Balakrishnan 1994, chapter 14). A
member is how far a typical bid stands above the middle price, u = (ln b - m) / s, and s.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.special import ndtr  # type: ignore[import-untyped]  # scipy ships no types

from agent.domain.entity import Floats
from strategies.response.shapes import NODES, Shapes, Singles

_PLACES = np.linspace(-2.5, 3.0, 12)
_SPREADS = (0.3, 0.5, 0.75, 1.1)


@dataclass(frozen=True, slots=True)
class Prices:
    """The dictionary, at bids that are NODES times a reference bid.

    Attributes:
        clicks: Clicks relative to those at the reference bid, as shapes.
        won: Shape (N_NODES, n_members), share of all clicks won; float32.
        second: Second price of a click won over the reference bid; float32.
        paid: Second prices of all clicks, over the clicks at the reference bid; float32.
        middle: Shape (n_members,), log of the middle price over the reference bid.
        spread: Shape (n_members,).
    """

    clicks: Shapes
    won: Singles
    second: Singles
    paid: Singles
    middle: Floats
    spread: Floats


@cache
def prices() -> Prices:
    place, spread = (grid.ravel() for grid in np.meshgrid(_PLACES, np.array(_SPREADS), indexing="ij"))
    position = place + np.log(NODES)[:, None] / spread
    won = np.maximum(ndtr(position), 1e-9)
    middle = -place * spread
    below = np.exp(middle + spread**2 / 2) * ndtr(position - spread)
    second = np.minimum(np.maximum(below, 1e-12) / won, NODES[:, None])
    at_reference = ndtr(place)
    heights = np.maximum(won / at_reference, 1e-6)
    usual = np.exp(-0.5 * ((place - 0.5) / 1.2) ** 2 - 0.5 * (np.log(spread / 0.6) / 0.5) ** 2)
    slope = np.exp(-(place**2) / 2) / np.sqrt(2 * np.pi) / spread / at_reference
    prior = usual / usual.sum()
    shapes = Shapes(heights.astype(np.float32), np.log(heights).astype(np.float32), slope, prior)
    return Prices(
        clicks=shapes,
        won=won.astype(np.float32),
        second=second.astype(np.float32),
        paid=(heights * second).astype(np.float32),
        middle=middle,
        spread=spread,
    )
