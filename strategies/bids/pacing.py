"""Pacing: one price of money for all bids, so that a day costs what the pot holds.

Each bid is where its clicks, at their worth, are worth most after paying that price for their
cost; in a second-price auction that is worth over price, whatever the landscape (Vickrey 1961;
Conitzer et al. 2022 for the multiplier), elsewhere it is below. A campaign whose own budget
would run out pays a higher price: bids come down, so that it delivers all day.
"""

from dataclasses import dataclass

import numpy as np

from agent.domain.entity import Floats, Numbers
from strategies.bids.book import Book
from strategies.bids.landscape import Landscape
from strategies.bids.past import Past
from strategies.response.shapes import NODES

_HALVINGS = 22
_APART = 256.0
_STEP = 2
_FEEDBACK_DAYS = 7  # whole weeks, so that weekdays cancel out
_FEEDBACK_DECAY = 0.65
_FEEDBACK_CLICKS = 800.0


@dataclass(frozen=True, slots=True)
class Floor:
    """What all clicks have to bring for their cost: units per micro at least."""

    least: float
    units: Floats


@dataclass(frozen=True, slots=True)
class Bids:
    """New bids, shape (n,), micros, and each campaign's price of money, worth per cost."""

    bids: Numbers
    prices: Floats
    scale: float


class Pacer:
    """Finds the price at which bids cost what they may."""

    def __init__(
        self, book: Book, landscape: Landscape, worth: Floats, scale: float, min_change: float
    ) -> None:
        """Tabulate clicks and cost between the bounds of the bids.

        Args:
            worth: Shape (n,), goal that a click brings, micros.
            scale: What whole days really cost over what the landscape says.
            min_change: Share of the present bid; nearer bids stay.
        """
        self._book, self._landscape = book, landscape
        self._worth, self._scale, self._min_change = worth, scale, min_change
        low = np.searchsorted(NODES, (book.lowest / landscape.reference).min()) - 2
        high = np.searchsorted(NODES, (book.highest / landscape.reference).max()) + 2
        nodes = slice(max(int(low), 0), max(int(high), int(low) + 4 * _STEP), _STEP)
        self._lowest_node = np.log(landscape.reference) + np.log(NODES[nodes.start])
        self._step = np.log(NODES[_STEP] / NODES[0])
        self._value = landscape.clicks[:, nodes] * worth[:, None]
        self._cost = landscape.cost[:, nodes]
        present = book.present.astype(np.float64)
        cost = max(float(landscape.cost_at(present).sum()), 1e-9)
        usual = max(float((landscape.clicks_at(present) * worth).sum()), 1e-9) / cost
        self._cheapest, self._dearest = usual / _APART, usual * _APART

    def paced(self, floors: tuple[Floor, ...] = ()) -> Bids:
        """The bids at the lowest prices at which every budget, the pot and the floors hold."""
        book = self._book
        n_campaigns = len(book.amounts)
        prices = np.full(n_campaigns, self._cheapest)
        limited = np.isfinite(book.amounts)
        if limited.any() and (n_campaigns > 1 or book.amounts[0] < book.amount):
            prices = np.where(limited, self._own_prices(), self._cheapest)
        cheap, dear = self._cheapest, self._dearest
        for _ in range(_HALVINGS):
            middle = float(np.sqrt(cheap * dear))
            if self._affordable(self.at(np.maximum(prices, middle)), floors):
                dear = middle
            else:
                cheap = middle
        prices = np.maximum(prices, dear)
        return Bids(self.at(prices), prices, self._scale)

    def at(self, prices: Floats) -> Numbers:
        """Best bids at these prices, shape (n_campaigns,), in whole steps and within bounds."""
        book = self._book
        paying = prices[book.campaign]
        gain = self._value - paying[:, None] * self._cost
        best = np.clip(gain.argmax(axis=1), 1, gain.shape[1] - 2)
        rows = np.arange(len(best))
        left, top, right = gain[rows, best - 1], gain[rows, best], gain[rows, best + 1]
        bend = left - 2.0 * top + right
        shift = np.divide(
            0.5 * (left - right), bend, out=np.zeros_like(top), where=bend < -1e-12 * np.abs(top)
        )
        wished = np.exp(self._lowest_node + (best + np.clip(shift, -1.0, 1.0)) * self._step)
        near = np.abs(wished - book.present) < self._min_change * book.present
        near &= (book.present >= book.lowest) & (book.present <= book.highest)
        whole = np.clip((wished / book.unit).astype(np.int64) * book.unit, book.lowest, book.highest)
        return np.where(near, book.present, whole)

    def _affordable(self, bids: Numbers, floors: tuple[Floor, ...]) -> bool:
        cost = self._costs(bids).sum()
        if cost > self._book.amount:
            return False
        clicks = self._landscape.clicks_at(bids.astype(np.float64)) if floors else bids
        return all(float((floor.units * clicks).sum()) >= floor.least * cost for floor in floors)

    def _own_prices(self) -> Floats:
        """Lowest price of each campaign that keeps to its own budget."""
        book = self._book
        n = len(book.amounts)
        cheap, dear = np.full(n, self._cheapest), np.full(n, self._dearest)
        for _ in range(_HALVINGS):
            middle = np.sqrt(cheap * dear)
            cost = np.bincount(book.campaign, self._costs(self.at(middle)), n)
            fits = cost <= book.amounts
            cheap, dear = np.where(fits, cheap, middle), np.where(fits, middle, dear)
        return dear

    def _costs(self, bids: Numbers) -> Floats:
        return self._landscape.cost_at(bids.astype(np.float64)) * self._scale


def feedback(past: Past, landscape: Landscape) -> float:
    """What whole days lately cost over what the landscape says of their bids, drawn towards 1."""
    history = past.bids
    last = slice(max(history.told.shape[1] - _FEEDBACK_DAYS, 0), None)
    told = history.told[:, last]
    shocks = landscape.calendar.past[:, last]
    # Shocks of a week relative to its mean: a trend of them is what is to be found here.
    factor = shocks / shocks.mean(axis=1, keepdims=True) / landscape.calendar.today[:, None]
    said = np.where(told, landscape.cost_at(history.spend[:, last]) * factor, 0.0)
    whole = np.where(told, past.money.spend[:, last] / past.delivered[:, last], 0.0)
    weight = _FEEDBACK_DECAY ** np.arange(told.shape[1])[::-1]
    clicks = float((history.clicks[:, last] * weight).sum())
    if not said.any() or not whole.any():
        return 1.0
    ratio = float((whole * weight).sum() / (said * weight).sum())
    return float(np.clip(ratio, 0.3, 3.0) ** (clicks / (clicks + _FEEDBACK_CLICKS)))


def agreement(draws: Floats, after: Numbers, present: Numbers, worth: Floats) -> Floats:
    """Share of single draws of the worth that would move each bid to the same side; shape (n,).

    A bid goes with the worth of a click: one draw alone would have bid `after` times draw over mean.
    """
    alone = after[:, None] * draws / np.maximum(worth, 1e-12)[:, None]
    higher = (alone > present[:, None]).mean(axis=1)
    share: Floats = np.where(after > present, higher, 1.0 - higher)
    return share
