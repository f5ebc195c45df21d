"""Windows: figures of all entities over some days, from the matrices of a snapshot."""

import numpy as np
from numpy.typing import NDArray

from agent.domain.entity import Flags, Floats
from agent.domain.money import MICROS
from agent.domain.snapshot import Snapshot
from rules.columns import CONVERSION_BASED, SHARES, SUMS, Window

_MATRIX = {
    "cost": "cost_micros",
    "impressions": "impressions",
    "clicks": "clicks",
    "conversions": "conversions",
    "conversion_value": "conversion_value_micros",
}


def figures(snapshot: Snapshot, metric: str, window: Window) -> Floats:
    """A sum, a share of impressions or the maturity over one window; money in currency units.

    Returns:
        Shape (n_entities,). NaN (not known) where any day of the window is not known or lies
        before the snapshot's first day, where a share of impressions has no day with a value, and
        for conversions and their value where any day is excluded: a part of them is no sum.
    """
    end = len(snapshot.days) - (window.days if window.previous else 0)
    start = end - window.days
    if start < 0:
        return np.full(len(snapshot), np.nan)
    days = slice(start, end)
    if metric in SUMS:
        found = _sum(snapshot, metric, days)
    elif metric in SHARES:
        found = _share(snapshot, metric, days)
    else:
        found = _maturity(snapshot, days)
    sure = snapshot.learnable if metric in CONVERSION_BASED else snapshot.metrics.known
    return np.where(sure[:, days].all(axis=1), found, np.nan)


def counted_ratio(snapshot: Snapshot, above: str, below: str, window: Window) -> Floats:
    """A ratio of conversions or their value, over the days of the window that are not excluded.

    Returns:
        Shape (n_entities,). NaN as `figures`, but for excluded days; and where all days are.
    """
    whole = figures(snapshot, "cost", window)
    end = len(snapshot.days) - (window.days if window.previous else 0)
    days = slice(max(end - window.days, 0), end)
    counts = snapshot.learnable[:, days]
    parts = [_sum(snapshot, metric, days, counts) for metric in (above, below)]
    return np.where(np.isnan(whole), np.nan, ratio(parts[0], parts[1]))


def _sum(snapshot: Snapshot, metric: str, days: slice, counts: Flags | None = None) -> Floats:
    matrix: NDArray[np.int64] | NDArray[np.float64] = getattr(snapshot.metrics, _MATRIX[metric])[:, days]
    total = matrix.sum(axis=1) if counts is None else (matrix * counts).sum(axis=1)
    # Micros are summed as integers and divided once, so that "cost_14d >= 60" is exact.
    units: Floats = total / (MICROS if metric in ("cost", "conversion_value") else 1)
    return units


def _share(snapshot: Snapshot, metric: str, days: slice) -> Floats:
    """Mean over the days with a value, weighted by impressions (plain when there were none)."""
    values: Floats = getattr(snapshot.metrics, metric)[:, days]
    present = ~np.isnan(values)
    weights = snapshot.metrics.impressions[:, days] * present
    weights = np.where(weights.sum(axis=1, keepdims=True) > 0, weights, present)
    return ratio(
        (np.where(present, values, 0.0) * weights).sum(axis=1), weights.sum(axis=1).astype(np.float64)
    )


def _maturity(snapshot: Snapshot, days: slice) -> Floats:
    """Reported share of the window's conversions, weighted by cost (plain when nothing was spent).

    Of the days that are not excluded; NaN where all are.
    """
    counts = snapshot.learnable[:, days]
    cost, maturity = snapshot.metrics.cost_micros[:, days] * counts, snapshot.reported[:, days]
    spent = cost.sum(axis=1)
    plain = ratio((counts * maturity).sum(axis=1), counts.sum(axis=1).astype(np.float64))
    plain = np.where(counts.all(axis=1), maturity.mean(axis=1), plain)  # to the last digit
    return np.where(spent > 0, ratio((cost * maturity).sum(axis=1), spent.astype(np.float64)), plain)


def ratio(above: Floats, below: Floats) -> Floats:
    """Divide; NaN where there is nothing to divide by, or either is not known."""
    found: Floats = np.divide(above, below, out=np.full(len(below), np.nan), where=below != 0)
    return found
