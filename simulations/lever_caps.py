"""Lever caps: how far up its response curve each keyword goes before a bid or a target ends it.

A CPC bid buys every click that costs no more (marginal cost of a click), a bid cap every conversion
that costs no more (marginal cost of a conversion); a target is reached by the average. The platform's
bidding knows the day's true means; a paused keyword or group buys nothing.
"""

import numpy as np

from agent.domain.entity import Flags
from simulations.curves import Curves, Floats
from simulations.layout import Layout
from simulations.market import Micros
from simulations.supply import Landscape

_HALVINGS = 40
_LOWEST = 1e-6
_MILLION = 1e6


def caps(landscape: Landscape, layout: Layout, numbers: Micros, day: int) -> Floats:
    """Largest ratio of money that each may spend, shape (n_groups, n_keywords, n_campaigns).

    Args:
        numbers: As `Levers.numbers`.
    """
    curves = landscape.campaigns.curves
    click = landscape.size(day) / (landscape.campaigns.clicks * landscape.volume(day))
    rate = landscape.rate(day)
    running = enabled(layout, numbers)
    ceiling = np.where(running, curves.cap, 0.0)
    bids = numbers[layout.keyword_bid].astype(np.float64)
    bids = np.where(bids > 0, bids, numbers[layout.group_bid][:, None])
    if bids.any():
        ceiling = np.minimum(ceiling, _marginal(curves, bids / click))
    quality = _mean(layout.quality, np.where(running, layout.weights, 0.0), axis=1)
    paid = rate * quality
    per_conversion = numbers[layout.group_cap] * paid
    if per_conversion.any():
        ceiling = np.minimum(ceiling, _marginal(curves, per_conversion / click)[:, None])
    own = _limits(numbers[layout.group_cpa], numbers[layout.group_roas], paid, landscape)
    whole = _mean(layout.quality, np.where(running, layout.weights, 0.0), axis=(0, 1))
    shared = _limits(numbers[layout.cpa], numbers[layout.roas], rate * whole, landscape)
    limits = np.where(np.isnan(own), shared, own)
    if not np.isnan(limits).all():
        ceiling = np.minimum(ceiling, _average(curves, limits / click)[:, None])
    return ceiling


def enabled(layout: Layout, numbers: Micros) -> Flags:
    """Which keywords run, as far as they and their groups are concerned; shape as `caps`."""
    keywords = (layout.keyword_status < 0) | (numbers[layout.keyword_status] == 1)
    groups = (layout.group_status < 0) | (numbers[layout.group_status] == 1)
    running: Flags = keywords & groups[:, None] & (layout.weights > 0)
    return running


def _limits(cpa: Micros, roas: Micros, paid: Floats, landscape: Landscape) -> Floats:
    """What a click may cost on average; NaN where there is no target."""
    worth = landscape.campaigns.order_value * paid
    by_roas = np.where(roas > 0, worth * _MILLION / np.maximum(roas, 1), np.nan)
    return np.where(cpa > 0, cpa * paid, by_roas)


def _mean(quality: Floats, weights: Floats, axis: int | tuple[int, int]) -> Floats:
    """1 where nothing runs."""
    total = weights.sum(axis=axis)
    mean: Floats = np.where(
        total > 0, (quality * weights).sum(axis=axis) / np.where(total > 0, total, 1.0), 1.0
    )
    return mean


def _marginal(curves: Curves, price: Floats) -> Floats:
    """Where the next click costs so many times the mean click at reference; no limit where it is 0."""
    bound = price > 0
    ratio = curves.ratio_at(1.0 / np.where(bound, price, 1.0))
    return np.where(bound, ratio, np.inf)


def _average(curves: Curves, price: Floats) -> Floats:
    """Where the mean click costs so many times that at reference, by bisection; no limit where NaN.

    Curves are concave, so the mean price of a click rises; 0 where even the first is too dear.
    """
    low = np.broadcast_to(_LOWEST * curves.cap, price.shape)
    high = np.broadcast_to(curves.cap, price.shape)
    fits = low <= price * curves.at(low)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        cheap = middle <= price * curves.at(middle)
        low, high = np.where(cheap, middle, low), np.where(cheap, high, middle)
    whole = curves.cap <= price * curves.at(np.broadcast_to(curves.cap, price.shape))
    reached = np.where(whole, curves.cap, np.where(fits, low, 0.0))
    return np.where(np.isnan(price), np.inf, reached)
