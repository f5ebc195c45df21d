"""Bids: where a strategy and a clairvoyant bid for clicks of different worth (world B1)."""

import numpy as np
from plotly.graph_objects import Figure, Scatter

from agent.domain.money import MICROS
from simulations.laboratory.bids.auctions import Auctions
from simulations.laboratory.bids.life import live
from simulations.laboratory.bids.oracle import optimum
from simulations.laboratory.bids.ours import Proposing
from simulations.laboratory.bids.worlds import WORLDS
from simulations.pages.figures import MAIN, QUIET, plain
from strategies.thompson_bid import ThompsonBid

_DAYS = 60
_SEED = 300


def bids_and_worth() -> Figure:
    """Each keyword's bid on day 60 against the true worth of its clicks; dot size follows its clicks."""
    auctions = Auctions(WORLDS["B1"], _SEED, _DAYS)
    life = live(auctions, Proposing(ThompsonBid("thompson_bid")), np.random.default_rng(_SEED), _DAYS)
    last = np.array([_DAYS - 1])
    worth, volume = auctions.worth(last)[0], auctions.volume(last)[0]
    best = optimum(auctions, last).bids[0]
    order = np.argsort(worth)
    return plain(
        [
            Scatter(
                x=worth,
                y=life.bids[-1] / MICROS,
                mode="markers",
                name="thompson_bid",
                marker={"color": MAIN, "opacity": 0.6, "size": 3.0 + 14.0 * np.sqrt(volume / volume.max())},
            ),
            Scatter(
                x=worth[order],
                y=best[order],
                mode="lines",
                name="clairvoyant",
                line={"color": QUIET, "dash": "dot"},
            ),
        ],
        400,
        xaxis={"title": "true worth of a click, EUR", "type": "log", "dtick": 1},
        yaxis={"title": "bid, EUR", "type": "log", "dtick": 1},
    )
