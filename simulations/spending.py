"""Spending: how budgets, bids and targets turn a day of the market into clicks."""

from dataclasses import dataclass

import numpy as np

from simulations.curves import Curves, Floats
from simulations.layout import Layout
from simulations.lever_caps import caps, enabled
from simulations.market import Flow
from simulations.schedule import Levers
from simulations.structure import Structure
from simulations.supply import Landscape, Supply


@dataclass(frozen=True, slots=True)
class Spread:
    """What each keyword or group has of a flow; shape (n_groups, n_keywords, n_campaigns).

    Attributes:
        buying: Clicks weighted by how readily they buy.
    """

    cost: Floats
    clicks: Floats
    buying: Floats

    def times(self, share: float | Floats) -> "Spread":
        return Spread(self.cost * share, self.clicks * share, self.buying * share)

    def plus(self, other: "Spread") -> "Spread":
        return Spread(self.cost + other.cost, self.clicks + other.clicks, self.buying + other.buying)


@dataclass(frozen=True, slots=True)
class Day:
    """A whole day at levers that stand still.

    Attributes:
        allowed: Shape (n_campaigns,), share of the clicks that money could buy which bids and
            targets leave to it.
        spread: None where the account has nothing below its campaigns.
    """

    flow: Flow
    allowed: Floats
    spread: Spread | None = None


class Spending:
    """Pure: the same day, levers and money spent before bring the same."""

    def __init__(self, market: Supply, structure: Structure) -> None:
        """Take an account.

        Raises:
            TypeError: It has bids, targets or groups, and the market's response is not known.
        """
        self._market = market
        self._structure = structure
        self._layout = structure.layout
        if self._layout is not None and not isinstance(market, Landscape):
            raise TypeError(f"{type(market).__name__} has no response curves for bids and targets")
        first = np.datetime64(market.first_day, "D")
        ends = [np.datetime64("NaT" if one.ends is None else one.ends, "D") for one in structure.budgets]
        self._budget_ends = np.array(ends, dtype="datetime64[D]") - first
        self._group_ends = None if self._layout is None else self._layout.ends - first
        self.has_lifetimes = not np.isnat(self._budget_ends).all() or (
            self._group_ends is not None and not np.isnat(self._group_ends).all()
        )

    def day(self, day: int, levers: Levers, spent: Floats | None) -> Day:
        """What the whole day would bring at these levers.

        Args:
            spent: Shape (n_groups, n_campaigns), micros that groups cost before this day; None
                where nothing has a lifetime budget.
        """
        market, layout = self._market, self._layout
        if layout is None or not isinstance(market, Landscape):
            flow = market.flow(day, self._structure.split(levers, market.demand(day)) * market.habit(day))
            return Day(flow, np.ones(len(market)))
        size, habit = market.size(day), market.habit(day)
        ceiling = caps(market, layout, levers.numbers, day)
        wanted = (layout.weights * ceiling).sum(axis=(0, 1)) * size
        whole = self._structure.split(levers, wanted, self._amounts(day, levers, spent)) * habit
        money = market.usable(day, whole) / size
        ratio = np.minimum(ceiling, _level(ceiling, layout.weights, money))
        if layout.group_budgets.any():
            given = np.where(levers.enabled, self._group_amounts(day, levers, spent, layout), 0.0) * habit
            money = market.usable(day, given) / size
            own = np.stack(
                [
                    np.minimum(one, _level(one, weights, each))
                    for one, weights, each in zip(ceiling, layout.weights, money, strict=True)
                ]
            )
            ratio = np.where(layout.group_budgets, own, ratio)
        return _brought(market.flow_at(day, ratio), market.campaigns.curves, ceiling, layout, levers)

    def _amounts(self, day: int, levers: Levers, spent: Floats | None) -> Floats:
        """What each budget gives on the day: of a lifetime budget an even part of what is left."""
        amounts = levers.amounts.astype(np.float64)
        if spent is None:
            return amounts
        of_budgets = np.bincount(self._structure.budget_of, spent.sum(axis=0), len(amounts)).astype(
            np.float64
        )
        return _daily(amounts, of_budgets, self._budget_ends, day)

    def _group_amounts(self, day: int, levers: Levers, spent: Floats | None, layout: Layout) -> Floats:
        daily = levers.numbers[layout.group_amount].astype(np.float64)
        if spent is None or self._group_ends is None:
            return daily
        whole = levers.numbers[layout.group_lifetime].astype(np.float64)
        return np.where(np.isnat(self._group_ends), daily, _daily(whole, spent, self._group_ends, day))


def _brought(flow: Flow, curves: Curves, ceiling: Floats, layout: Layout, levers: Levers) -> Day:
    """A day of which `flow` says what each keyword would bring if the whole campaign were like it."""
    weights = layout.weights
    spread = Spread(flow.cost * weights, flow.clicks * weights, flow.clicks * weights * layout.quality)
    running = np.where(enabled(layout, levers.numbers), weights, 0.0).sum(axis=(0, 1))
    running = np.where(running > 0, running, 1.0)
    allowed = (curves.at(np.minimum(ceiling, curves.cap)) / curves.top * weights).sum(axis=(0, 1))
    whole = Flow(
        cost=spread.cost.sum(axis=(0, 1)),
        clicks=spread.clicks.sum(axis=(0, 1)),
        reach=(flow.reach * weights).sum(axis=(0, 1)) / running,
        buying=spread.buying.sum(axis=(0, 1)),
    )
    return Day(whole, allowed / running, spread)


def _daily(amounts: Floats, spent: Floats, ends: np.ndarray, day: int) -> Floats:
    """Amounts where nothing ends; else what is left over the days that are left, 0 afterwards."""
    lasting = np.isnat(ends)
    days = np.where(lasting, day, ends.astype(np.int64)) - day + 1
    left = np.maximum(amounts - spent, 0.0) / np.maximum(days, 1)
    return np.where(lasting, amounts, np.where(days > 0, left, 0.0))


def _level(ceiling: Floats, weights: Floats, money: Floats) -> Floats:
    """How high money rises when it fills all keywords alike, each up to its ceiling.

    This spends all of it where that is possible, and buys the most clicks that there are, since
    all keywords of a campaign have the same concave curve.

    Args:
        ceiling, weights: Shape (..., n_campaigns).
        money: Shape (n_campaigns,), in ratios.

    Returns:
        Shape (n_campaigns,); infinite where all ceilings are reached.
    """
    n = ceiling.shape[-1]
    tops, shares = ceiling.reshape(-1, n), weights.reshape(-1, n)
    order = np.argsort(tops, axis=0, kind="stable")
    tops = np.take_along_axis(tops, order, axis=0)
    shares = np.take_along_axis(shares, order, axis=0)
    full = np.cumsum(tops * shares, axis=0)
    above = np.maximum(shares.sum(axis=0) - np.cumsum(shares, axis=0), 0.0)
    enough = full + tops * above
    first = (enough < money).sum(axis=0)
    place = np.minimum(first, len(tops) - 1)[None]
    before = np.take_along_axis(full - tops * shares, place, axis=0)[0]
    open_ = np.take_along_axis(above + shares, place, axis=0)[0]
    level = (money - before) / np.where(open_ > 0, open_, 1.0)
    return np.where(first == len(tops), np.inf, np.maximum(level, 0.0))
