"""Landscape: how many clicks each bid would bring today and what they would cost.

Three things tell it: how clicks follow the bid from day to day (for each member of the
dictionary a level that drifts, as for budgets), what a click costs against its bid, and the
impression share where there is one. What part of the bid is paid, from the second price (0)
to the bid itself (1), is learned from all bids together: where bids are far above the price of
most clicks, the two differ most.
"""

from dataclasses import dataclass, fields, replace

import numpy as np

from agent.domain.entity import Floats
from strategies.bids.calendar import learn_bid_calendar
from strategies.bids.past import Past
from strategies.bids.prices import Prices, prices
from strategies.response.calendar import Calendar
from strategies.response.clicks import Clicks, learn_clicks
from strategies.response.shapes import NODES, Singles, nearest_node, place_of

_WINDOWS = ((1, 4), (4, 12), (12, 36))  # ages in days of which cost and share are taken together
_RULES = np.array([0.0, 0.15, 0.3, 0.5, 0.7, 0.85, 0.95, 1.0])
_CLICK_SPREAD = 0.5
_PRICE_SLACK = 0.05
_SHARE_SLACK = 0.1
_OWN_CLICKS = 30.0
_RULE_ROWS = 150


@dataclass(frozen=True, slots=True)
class Landscape:
    """Today's clicks and cost at NODES x reference, shape (n, N_NODES), for a whole day with budget.

    Attributes:
        reference: Shape (n,), bids, micros.
        cost: Micros.
        width: Shape (n,), coefficient of variation of what is believed about the level.
        paid_as_bid: Share of the bid in what is paid, 0 in a second-price auction.
        middle: Shape (n,), the middle price there is believed to be, micros.
        calendar: Factors of past days and of today, already in `clicks` and `cost`.
    """

    reference: Floats
    clicks: Floats
    cost: Floats
    width: Floats
    paid_as_bid: float
    middle: Floats
    calendar: Calendar

    def clicks_at(self, bids: Floats) -> Floats:
        """At bids of shape (n,) or (n, k), micros."""
        return self._at(self.clicks, bids)

    def cost_at(self, bids: Floats) -> Floats:
        """Micros, at bids of shape (n,) or (n, k), micros."""
        return self._at(self.cost, bids)

    def _at(self, curves: Floats, bids: Floats) -> Floats:
        table = bids.reshape(len(bids), -1)
        place = place_of(table / self.reference[:, None])
        first = place.below + np.arange(len(table))[:, None] * curves.shape[1]
        flat = curves.ravel()
        found: Floats = flat[first] * (1.0 - place.share) + flat[first + 1] * place.share
        return found.reshape(bids.shape)


def learn_landscape(past: Past) -> Landscape:
    """Learn from the days of which the bid is known."""
    table = prices()
    windows = _gather(past)
    whole = replace(past.bids, clicks=past.bids.clicks / past.delivered)
    calendar = learn_bid_calendar(whole)
    shared = replace(calendar, past=calendar.past * past.delivered)
    by_share = _share_evidence(windows, table)
    clicks = learn_clicks(past.bids, shared, table.clicks, by_share)
    rule = _price_rule(windows, table, clicks.weights)
    clicks = replace(clicks, weights=_updated(clicks.weights, _price_evidence(windows, table, rule)))
    return _today(past, clicks, rule, windows, calendar)


@dataclass(frozen=True, slots=True)
class _Windows:
    """Sums over a few windows of days, shape (n, n_windows).

    Attributes:
        node: Of the typical bid.
        clicks: Counted.
        price: Cost of a click over the reference bid; 1 without clicks.
        bid: Typical bid over the reference.
        share: Mean impression share while there was budget; NaN where not told.
    """

    node: np.ndarray
    clicks: Floats
    price: Floats
    bid: Floats
    share: Floats


def _gather(past: Past) -> _Windows:
    history, ages = past.bids, past.bids.ages
    relative = history.spend / history.reference[:, None]
    clicks, price, bid, share = [], [], [], []
    for first, end in _WINDOWS:
        inside = history.told & (ages >= first) & (ages < end)
        counted = np.where(inside, history.clicks, 0.0)
        weight = np.where(inside, history.clicks + 1e-3, 0.0)
        total = counted.sum(axis=1)
        cost = np.where(inside & (counted > 0), past.money.spend, 0.0).sum(axis=1)
        known = (total > 0) & (cost > 0)
        clicks.append(np.where(known, total, 0.0))
        price.append(np.where(known, cost / np.maximum(total, 1.0) / history.reference, 1.0))
        # A click's price goes with the bid and not with its logarithm.
        bid.append(
            np.where(known, (weight * relative).sum(axis=1) / np.maximum(weight.sum(axis=1), 1e-9), 1.0)
        )
        told = inside & ~np.isnan(past.shown)
        shown = np.where(told, past.shown, 0.0).sum(axis=1)
        share.append(np.where(told.any(axis=1), shown / np.maximum(told.sum(axis=1), 1), np.nan))
    bids = np.stack(bid, axis=1)
    return _Windows(
        nearest_node(bids), np.stack(clicks, axis=1), np.stack(price, axis=1), bids, np.stack(share, axis=1)
    )


def _share_evidence(windows: _Windows, table: Prices) -> Singles:
    """Log likelihood of each member for the impression shares told, shape (n, n_members)."""
    told = ~np.isnan(windows.share)
    share = np.where(told, np.clip(windows.share, 0.02, 1.0), 1.0)
    gap = np.log(share)[:, :, None] - np.log(table.won[windows.node])
    logs = np.where(told[:, :, None], -0.5 * (gap / _SHARE_SLACK) ** 2, 0.0)
    evidence: Singles = logs.sum(axis=1).astype(np.float32)
    return evidence


def _price_evidence(windows: _Windows, table: Prices, rule: float) -> Singles:
    """Log likelihood of each member for what clicks cost, where `rule` of the bid is paid."""
    share = np.float32(rule)
    paid = share * windows.bid[:, :, None].astype(np.float32) + (1 - share) * table.second[windows.node]
    gap = np.log(windows.price)[:, :, None].astype(np.float32) - np.log(paid)
    variance = _PRICE_SLACK**2 + (1.0 - rule) * _CLICK_SPREAD**2 / np.maximum(windows.clicks, 1.0)
    told = np.where(windows.clicks > 0, -0.5 / variance, 0.0)[:, :, None].astype(np.float32)
    # What is very unlikely is an odd day and not a proof.
    logs = told * np.minimum(gap**2, 25.0 * variance[:, :, None])
    evidence: Singles = logs.sum(axis=1) - 0.5 * np.log(variance).sum(axis=1, keepdims=True).astype(
        np.float32
    )
    return evidence.astype(np.float32)


def _updated(weights: Singles, evidence: Singles) -> Singles:
    updated = np.maximum(weights, 1e-12) * np.exp(evidence - evidence.max(axis=1, keepdims=True))
    normal: Singles = updated / updated.sum(axis=1, keepdims=True)
    return normal


def _price_rule(windows: _Windows, table: Prices, weights: Singles) -> float:
    """Share of the bid in what is paid: averaged over a grid by how well each explains the prices.

    The bids with most clicks know it best; the others are left out.
    """
    rows = np.argsort(-windows.clicks.sum(axis=1), kind="stable")[:_RULE_ROWS]
    most = _Windows(*(getattr(windows, field.name)[rows] for field in fields(windows)))
    fits = []
    for rule in _RULES:
        logs = _price_evidence(most, table, float(rule))
        top = logs.max(axis=1, keepdims=True)
        fits.append(float((np.log((weights[rows] * np.exp(logs - top)).sum(axis=1)) + top[:, 0]).sum()))
    posterior = np.exp(np.array(fits) - max(fits))
    return float(posterior @ _RULES / posterior.sum())


def _today(past: Past, clicks: Clicks, rule: float, windows: _Windows, calendar: Calendar) -> Landscape:
    table = prices()
    level = clicks.weights / clicks.exposure * (clicks.strength * clicks.today)[:, None]
    level = level.astype(np.float32)
    heights = table.clicks.heights
    won = (level @ heights.T).astype(np.float64)
    second = (level @ table.paid.T).astype(np.float64)
    cost = rule * won * NODES + (1.0 - rule) * second
    paid = np.divide(cost, won, out=np.ones_like(cost), where=won > 0)
    at_bid = np.take_along_axis(paid, windows.node, axis=1)
    weight = windows.clicks * np.array([1.0, 0.5, 0.2])
    gap = (weight * (np.log(windows.price) - np.log(at_bid))).sum(axis=1) / (weight.sum(axis=1) + _OWN_CLICKS)
    reference = past.bids.reference
    middle = np.exp((clicks.weights * table.middle).sum(axis=1)) * reference
    return Landscape(
        reference=reference,
        clicks=won,
        cost=cost * (np.exp(gap) * reference)[:, None],
        width=1.0 / np.sqrt(clicks.strength),
        paid_as_bid=rule,
        middle=middle,
        calendar=calendar,
    )
