"""Book: the targets that may be moved, as what a unit of the goal may cost."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.domain.entity import Flags, Floats, Numbers
from agent.domain.lever import Lever
from agent.domain.snapshot import UNSEEN, Snapshot

_TARGETS = (Lever.TARGET_CPA, Lever.TARGET_ROAS)
_NEVER = 1e6


@dataclass(frozen=True, slots=True)
class Book:
    """Targets that may be moved; columns of shape (n,), one entry for each entity.

    A target is loosened by a factor: a target CPA is multiplied by it, a target ROAS divided.

    Attributes:
        rows: Rows of the snapshot.
        is_roas: Whether the target is a ROAS; else it is a CPA.
        present: Where it stands, micros or millionths.
        looser: Shape (n, n_days), the logarithm of how much looser than now it stood at the end of
            each day; NaN where that is not known.
        rested_days: Since the target last changed; very many where no change was seen.
        learning: Whether the platform says that it is learning.
    """

    rows: NDArray[np.intp]
    is_roas: Flags
    present: Numbers
    looser: Floats
    rested_days: Floats
    learning: Flags

    def lever(self, position: int) -> Lever:
        return Lever.TARGET_ROAS if self.is_roas[position] else Lever.TARGET_CPA


def open_book(snapshot: Snapshot) -> Book:
    """All targets above zero that may be changed, in an order made from their figures, not their ids."""
    n_days = len(snapshot.days)
    rows, roas, present, looser, rested = [], [], [], [], []
    for lever in _TARGETS:
        column, memory = snapshot.entities.levers.get(lever), snapshot.memory.get(lever)
        if column is None:
            continue
        mine = np.flatnonzero(snapshot.steerable(lever) & (column.numbers > 0))
        now = column.numbers[mine]
        stood = np.full((len(mine), n_days), UNSEEN) if memory is None else memory.stood[mine]
        ratio = np.where(stood > 0, stood, np.nan) / now[:, None]
        rows.append(mine)
        roas.append(np.full(len(mine), lever is Lever.TARGET_ROAS))
        present.append(now)
        looser.append(np.log(ratio) * (-1.0 if lever is Lever.TARGET_ROAS else 1.0))
        rested.append(_rested_days(snapshot, lever)[mine])
    if not rows:
        nothing = np.zeros(0)
        none = nothing.astype(np.int64)
        return Book(none, none > 0, none, np.zeros((0, n_days)), nothing, none > 0)
    book = Book(
        np.concatenate(rows),
        np.concatenate(roas),
        np.concatenate(present),
        np.concatenate(looser),
        np.concatenate(rested),
        snapshot.entities.learning[np.concatenate(rows)],
    )
    return _taken(book, _in_order_of_figures(snapshot, book))


def _rested_days(snapshot: Snapshot, lever: Lever) -> Floats:
    memory = snapshot.memory.get(lever)
    if memory is None:
        return np.full(len(snapshot), _NEVER)
    now = np.datetime64(snapshot.as_of.replace(tzinfo=None), "s")
    seconds = (now - memory.changed_at).astype("timedelta64[s]").astype(np.float64)
    return np.where(np.isnat(memory.changed_at), _NEVER, seconds / 86_400.0)


def _in_order_of_figures(snapshot: Snapshot, book: Book) -> NDArray[np.intp]:
    known = snapshot.metrics.known[book.rows]
    keys = (
        snapshot.entities.ids[book.rows],
        np.where(known, snapshot.metrics.conversion_value_micros[book.rows], 0).sum(axis=1),
        np.where(known, snapshot.metrics.conversions[book.rows], 0).sum(axis=1),
        np.where(known, snapshot.metrics.cost_micros[book.rows], 0).sum(axis=1),
        book.present,
    )
    ordered: NDArray[np.intp] = np.lexsort(keys)
    return ordered


def _taken(book: Book, order: NDArray[np.intp]) -> Book:
    return Book(
        book.rows[order],
        book.is_roas[order],
        book.present[order],
        book.looser[order],
        book.rested_days[order],
        book.learning[order],
    )
