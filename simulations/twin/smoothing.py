"""Smoothing: sums over sums in a window around each day."""

import numpy as np

from agent.domain.entity import Floats


def centred_sum(matrix: Floats, n_days: int) -> Floats:
    """Sum of the `n_days` days around each day, fewer at the ends; shape (n, all days)."""
    half = n_days // 2
    cumulated = np.cumsum(np.pad(matrix, ((0, 0), (1, 0))), axis=1)
    days = np.arange(matrix.shape[1])
    last = np.minimum(days + half + 1, matrix.shape[1])
    first = np.maximum(days - half, 0)
    sums: Floats = cumulated[:, last] - cumulated[:, first]
    return sums


def centred_ratio(counted: Floats, base: Floats, n_days: int, *, prior: float) -> Floats:
    """Counts over a base in a window, drawn towards the row's own overall ratio.

    Args:
        prior: So many counts at the overall ratio are added to each window.

    Returns:
        Shape (n, n_days), above zero; rows without any count get half a count over their base.
    """
    total = np.maximum(counted.sum(axis=1, keepdims=True), 0.5)
    overall = total / np.maximum(base.sum(axis=1, keepdims=True), 1e-12)
    ratio: Floats = (centred_sum(counted, n_days) + prior) / (centred_sum(base, n_days) + prior / overall)
    return ratio
