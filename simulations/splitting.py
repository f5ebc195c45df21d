"""Splitting: a campaign's day among its keywords and groups, to the last click and cent.

Each click and each conversion goes to a keyword by a number of its own, fixed by seed, campaign, day
and its place in the order of arrival: what has been told of a day is not taken back when
more conversions arrive. Money follows the clicks.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.domain.entity import Flags
from simulations import chance
from simulations.curves import Floats
from simulations.market import Micros, Outcome
from simulations.spending import Spread

_CLICKS, _CONVERSIONS = 91, 92  # streams that no market draws from


@dataclass(frozen=True, slots=True)
class Parts:
    """A day's figures of keywords, shape (n_groups, n_keywords, n_campaigns)."""

    cost_micros: Micros
    impressions: Micros
    clicks: Micros
    conversions: Micros
    value_micros: Micros

    def columns(self, told: Flags, *, by_keyword: bool) -> Micros:
        """Shape (5, n_told), in the order of the fields.

        Args:
            told: Which are asked for; of groups the shape is (n_groups, 1, n_campaigns).
        """
        whole = (self.cost_micros, self.impressions, self.clicks, self.conversions, self.value_micros)
        return np.stack([(one if by_keyword else one.sum(axis=1, keepdims=True))[told] for one in whole])


@dataclass(frozen=True, slots=True)
class Lot:
    """Whose day it is, so that a part of a market draws what the whole would.

    Attributes:
        numbers: Shape (n_campaigns,), rows of the campaigns in the whole market, rising.
    """

    seed: int
    day: int
    numbers: NDArray[np.intp]

    def starts(self, stream: int) -> NDArray[np.uint64]:
        """Where the sequence of each campaign begins, shape (n_campaigns,)."""
        rng = np.random.default_rng((self.seed, stream, self.day))
        n = int(self.numbers.max()) + 1
        return rng.integers(2**64 - 1, size=n, dtype=np.uint64, endpoint=True)[self.numbers]


def split(outcome: Outcome, spread: Spread, age: int, lot: Lot, *, unit: int, group_budgets: Flags) -> Parts:
    """Share a day out; every campaign's parts sum to what it had.

    Args:
        outcome: What the campaigns had.
        spread: What each keyword was to have on average.
        age: Days since; conversions that are reported later are not told.
        unit: Micros that costs are multiples of.
        group_budgets: Shape (n_campaigns,), where groups have budgets of their own.
    """
    shape = spread.clicks.shape
    n = shape[-1]
    flat = (spread.cost.reshape(-1, n).T, spread.clicks.reshape(-1, n).T, spread.buying.reshape(-1, n).T)
    cost, expected, buying = (np.where(part.sum(axis=1, keepdims=True) > 0, part, 1.0) for part in flat)
    clicks = _counted(_drawn(outcome.clicks, expected, lot.starts(_CLICKS)), expected.shape)
    conversions, value = _arrived(outcome, buying, age, lot.starts(_CONVERSIONS))
    price = np.where(expected > 0, cost / np.where(expected > 0, expected, 1.0), 0.0)
    by_clicks = clicks.astype(np.float64) * price
    paid = _paid(outcome.cost_micros // unit, cost, by_clicks, shape, group_budgets)
    shown = clicks + _apportioned(outcome.impressions - outcome.clicks, expected)
    columns = (paid * unit, shown, clicks, conversions, value)
    return Parts(*(column.T.reshape(shape) for column in columns))


def _paid(
    totals: Micros, cost: Floats, by_clicks: Floats, shape: tuple[int, ...], group_budgets: Flags
) -> Micros:
    """Units that each pays: nobody without a click, unless the campaign or a group as a whole did.

    Groups that have budgets cost what was meant for them, so that chance breaks no budget.
    """
    n_groups, n_keywords, n = shape
    some = by_clicks.sum(axis=1, keepdims=True) > 0
    by_clicks = np.where(some, by_clicks, cost)
    meant = cost.reshape(n, n_groups, n_keywords)
    clicked = by_clicks.reshape(n, n_groups, n_keywords)
    groups = np.where(group_budgets[:, None], meant.sum(axis=2), clicked.sum(axis=2))
    of_groups = _apportioned(totals, groups).reshape(-1)
    within: Floats = np.where(clicked.sum(axis=2, keepdims=True) > 0, clicked, meant)
    within = np.where(within.sum(axis=2, keepdims=True) > 0, within, 1.0)
    return _apportioned(of_groups, within.reshape(-1, n_keywords)).reshape(cost.shape)


def _arrived(
    outcome: Outcome, weights: Floats, age: int, starts: NDArray[np.uint64]
) -> tuple[Micros, Micros]:
    """Conversions and value known by this age, shape (n_campaigns, n_places)."""
    by_age = outcome.conversions[:, : age + 1]
    values = outcome.value_micros[:, : age + 1]
    places = _drawn(by_age.sum(axis=1), weights, starts)
    # The value of all that arrive on one day is shared among them as evenly as whole micros allow.
    counts, sums = by_age.ravel(), values.ravel()
    cell = np.repeat(np.arange(len(counts)), counts)
    place_in_cell = np.arange(len(cell)) - (np.cumsum(counts) - counts)[cell]
    among = np.maximum(counts[cell], 1)
    worth = sums[cell] * (place_in_cell + 1) // among - sums[cell] * place_in_cell // among
    value = np.zeros(weights.size, dtype=np.int64)
    np.add.at(value, places, worth)
    return _counted(places, weights.shape), value.reshape(weights.shape)


def _drawn(counts: Micros, weights: Floats, starts: NDArray[np.uint64]) -> NDArray[np.intp]:
    """Place of each of `counts` things, campaign by campaign, as a row of the flattened weights."""
    n, n_places = weights.shape
    row = np.repeat(np.arange(n), counts)
    position = np.arange(len(row)) - (np.cumsum(counts) - counts)[row]
    numbers = chance.sequence(starts[row], position.astype(np.uint64))
    uniform = (numbers >> np.uint64(11)) * 2.0**-53
    bounds = np.cumsum(weights, axis=1)
    bounds = bounds / bounds[:, -1:] + np.arange(n)[:, None]
    place = np.searchsorted(bounds.ravel(), row + uniform, side="right")
    # The last bound of a campaign may round to below 1.
    found: NDArray[np.intp] = np.minimum(place, row * n_places + _last(weights)[row])
    return found


def _last(weights: Floats) -> NDArray[np.intp]:
    """Last place of each campaign that has a weight."""
    n_places = weights.shape[1]
    last: NDArray[np.intp] = n_places - 1 - np.argmax(weights[:, ::-1] > 0, axis=1)
    return last


def _counted(places: NDArray[np.intp], shape: tuple[int, ...]) -> Micros:
    return np.bincount(places, minlength=shape[0] * shape[1]).reshape(shape)


def _apportioned(totals: Micros, weights: Floats) -> Micros:
    """Whole parts of each total in proportion to its weights, by largest remainder; shape as weights."""
    shares = weights / weights.sum(axis=1, keepdims=True) * totals[:, None]
    parts = np.floor(shares).astype(np.int64)
    left = totals - parts.sum(axis=1)
    rank = np.argsort(np.argsort(parts - shares, axis=1, kind="stable"), axis=1, kind="stable")
    fair: Micros = parts + (rank < left[:, None])
    return fair
