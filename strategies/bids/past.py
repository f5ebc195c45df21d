"""Past: the daily figures that bids are learned from, with the bid of each day."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from agent.domain.entity import Flags, Floats, Numbers
from agent.domain.lever import Lever
from agent.domain.ref import Kind
from agent.domain.snapshot import UNSEEN, Snapshot
from strategies.bids.book import Book
from strategies.response.history import History, channels_of

_REFERENCE_DECAY = 0.93
_LEAST_DELIVERED = 0.02


@dataclass(frozen=True, slots=True)
class Past:
    """Matrices of shape (n, n_days), oldest day first.

    Attributes:
        money: Clicks, conversions, value and what was spent.
        bids: The same days with the bid in the place of the spend, told where it is known.
        delivered: Share of the day until its budget was empty, within (0, 1]; 1 where the
            platform does not tell.
        shown: Impression share while there was budget; NaN where not told.
    """

    money: History
    bids: History
    delivered: Floats
    shown: Floats

    def last(self, n_days: int) -> "Past":
        """The last days alone."""
        cut = slice(max(self.delivered.shape[1] - n_days, 0), None)
        return Past(_cut(self.money, cut), _cut(self.bids, cut), self.delivered[:, cut], self.shown[:, cut])


def read_past(snapshot: Snapshot, book: Book, n_days: int) -> Past:
    """Cut the last `n_days` days of the book's rows."""
    last = slice(max(len(snapshot.days) - n_days, 0), None)
    metrics, rows = snapshot.metrics, book.rows
    known = metrics.known[rows, last]

    counted = snapshot.learnable[rows, last]

    def cut(matrix: NDArray[np.int64] | Floats, where: Flags) -> Floats:
        return np.where(where, matrix[rows, last], 0.0)

    spend, clicks = cut(metrics.cost_micros, known), cut(metrics.clicks, known)
    stood = _stood(snapshot, book)[:, last]
    delivered = _delivered(snapshot, book)[:, last]
    share = metrics.search_impression_share[rows, last]
    channels = channels_of(snapshot, rows, last)
    money = History(
        told=known,
        counted=counted,
        spend=spend,
        clicks=clicks,
        conversions=cut(metrics.conversions, counted),
        value=cut(metrics.conversion_value_micros, counted),
        maturity=channels.maturity,
        paced=channels.paced,
        channel=channels.number,
        weekday=(snapshot.days[last].astype(np.int64) % 7).astype(np.intp),
        weekday_today=int(np.datetime64(snapshot.today, "D").astype(np.int64) % 7),
        reference=np.ones(len(rows)),
    )
    told = known & (stood > 0)
    bids = np.where(told, stood, 1.0).astype(np.float64)
    return Past(
        money=money,
        bids=replace(
            money,
            told=told,
            spend=bids,
            clicks=np.where(told, clicks, 0.0),
            reference=_typical(bids, told, book.present),
        ),
        delivered=delivered,
        shown=np.where(known & (share > 0), np.minimum(share / delivered, 1.0), np.nan),
    )


def _cut(history: History, days: slice) -> History:
    return replace(
        history,
        told=history.told[:, days],
        counted=history.counted[:, days],
        spend=history.spend[:, days],
        clicks=history.clicks[:, days],
        conversions=history.conversions[:, days],
        value=history.value[:, days],
        maturity=history.maturity[:, days],
        weekday=history.weekday[days],
    )


def _stood(snapshot: Snapshot, book: Book) -> Numbers:
    """The bid of each day, 0 where nobody knows it; shape (n, all days).

    Before anybody looked a bid is taken to have stood as it was first seen, unless it is known
    to have changed and nothing else.
    """
    memory = snapshot.memory.get(Lever.CPC_BID)
    if memory is None:
        return np.repeat(book.present[:, None], len(snapshot.days), axis=1)
    stood = memory.stood[book.rows]
    seen = stood != UNSEEN
    first = np.where(seen.any(axis=1), seen.argmax(axis=1), stood.shape[1])
    oldest = stood[np.arange(len(stood)), np.minimum(first, stood.shape[1] - 1)]
    changed = ~np.isnat(memory.changed_at[book.rows]) & ~seen.any(axis=1)
    start = np.where(seen.any(axis=1), oldest, np.where(changed, 0, book.present))
    before = np.arange(stood.shape[1]) < first[:, None]
    filled: Numbers = np.where(seen, stood, np.where(before, start[:, None], 0))
    return filled


def _delivered(snapshot: Snapshot, book: Book) -> Floats:
    """Share of each day with budget: the keyword's own figure, else that of its campaign."""
    metrics, table = snapshot.metrics, snapshot.entities
    lost = metrics.search_budget_lost_impression_share
    shown = metrics.search_impression_share + metrics.search_rank_lost_impression_share
    lost = np.where(np.isnan(lost), 1.0 - shown, lost)
    own = lost[book.rows]
    order = np.flatnonzero(table.kinds == Kind.CAMPAIGN.value)
    if len(order):
        place = order[np.minimum(np.searchsorted(table.ids[order], table.parents[book.rows]), len(order) - 1)]
        found = table.ids[place] == table.parents[book.rows]
        own = np.where(np.isnan(own) & found[:, None], lost[place], own)
    delivered: Floats = np.clip(1.0 - np.where(np.isnan(own), 0.0, own), _LEAST_DELIVERED, 1.0)
    return delivered


def _typical(bids: Floats, told: Flags, present: Numbers) -> Floats:
    """Geometric mean with recent days foremost; the present bid where none is known."""
    weight = told * _REFERENCE_DECAY ** np.arange(told.shape[1])[::-1]
    total = weight.sum(axis=1)
    mean = np.exp(
        np.divide((weight * np.log(bids)).sum(axis=1), total, out=np.zeros(len(bids)), where=total > 0)
    )
    return np.where(total > 0, mean, np.maximum(present, 1))
