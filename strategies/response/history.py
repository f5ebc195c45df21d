"""History: the daily figures that responses are learned from, one row for each movable budget."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.domain.entity import Flags, Floats
from agent.domain.snapshot import Snapshot
from strategies.budgets.pot import Pot

_REFERENCE_DECAY = 0.97


@dataclass(frozen=True, slots=True)
class History:
    """Matrices of shape (n, n_days), oldest day first; money in micros.

    Attributes:
        told: Where a day is known and money was spent: all others say nothing.
        counted: Where conversions say something too: told, and not marked as wrong or unusual.
        spend, clicks: 0 where not told.
        conversions, value: As reported so far; 0 where not counted.
        channel: Shape (n,), number of the channel; campaigns of a channel share their luck.
        maturity: Shape (n_channels, n_days), the channel's own where it is known, else the account's.
        paced: Shape (n_channels,), whether it is the channel's own.
        weekday: Shape (n_days,), 0 to 6; `weekday_today` continues it.
        reference: Shape (n,), a typical day's spend, above zero: the unit of each response.
    """

    told: Flags
    counted: Flags
    spend: Floats
    clicks: Floats
    conversions: Floats
    value: Floats
    maturity: Floats
    paced: Flags
    channel: NDArray[np.intp]
    weekday: NDArray[np.intp]
    weekday_today: int
    reference: Floats

    @property
    def ages(self) -> Floats:
        """Shape (n_days,): yesterday is 1."""
        return np.arange(self.told.shape[1], 0, -1, dtype=np.float64)


def read_history(snapshot: Snapshot, pot: Pot, n_days: int) -> History:
    """Cut the last `n_days` days of the pot's rows."""
    last = slice(max(len(snapshot.days) - n_days, 0), None)
    metrics, rows = snapshot.metrics, pot.rows
    told = metrics.known[rows, last] & (metrics.cost_micros[rows, last] > 0)

    counted = told & snapshot.learnable[rows, last]

    def cut(matrix: NDArray[np.int64] | Floats, where: Flags) -> Floats:
        return np.where(where, matrix[rows, last], 0.0)

    spend = cut(metrics.cost_micros, told)
    channels = channels_of(snapshot, rows, last)
    weekday = (snapshot.days[last].astype(np.int64) % 7).astype(np.intp)
    return History(
        told=told,
        counted=counted,
        spend=spend,
        clicks=cut(metrics.clicks, told),
        conversions=cut(metrics.conversions, counted),
        value=cut(metrics.conversion_value_micros, counted),
        maturity=channels.maturity,
        paced=channels.paced,
        channel=channels.number,
        weekday=weekday,
        weekday_today=int(np.datetime64(snapshot.today, "D").astype(np.int64) % 7),
        reference=_typical_spend(spend, told, pot.present),
    )


@dataclass(frozen=True, slots=True)
class Channels:
    """Channels of some rows: `number` of shape (n,), the others by number; see `History`."""

    number: NDArray[np.intp]
    maturity: Floats
    paced: Flags


def channels_of(snapshot: Snapshot, rows: NDArray[np.intp], days: slice) -> Channels:
    """Number the channels of these rows, with how mature each one's days are."""
    names, number = np.unique(snapshot.entities.channels[rows], return_inverse=True)
    known = snapshot.channel_maturity
    curves = [known.get(name, snapshot.maturity)[days] for name in names.tolist()]
    n_days = len(snapshot.maturity[days])
    return Channels(
        number,
        np.stack(curves) if curves else np.empty((0, n_days)),
        np.array([name in known for name in names.tolist()], dtype=bool),
    )


def _typical_spend(spend: Floats, told: Flags, present: NDArray[np.int64]) -> Floats:
    """Geometric mean with recent days foremost; the present budget where nothing was spent."""
    weight = told * _REFERENCE_DECAY ** np.arange(told.shape[1])[::-1]
    total = weight.sum(axis=1)
    logs = (weight * np.log(np.where(told, spend, 1.0))).sum(axis=1)
    mean = np.exp(np.divide(logs, total, out=np.zeros_like(logs), where=total > 0))
    return np.where(total > 0, mean, np.maximum(present, 1))
