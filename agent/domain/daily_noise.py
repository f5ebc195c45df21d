"""Daily noise: how far single days stray from their mean, learned from many short stretches at once.

A stretch of a week says little about its own noise, but all stretches of an account follow one law:

    variance of a day = k * unit * mean + c^2 * mean^2

Counts come one by one (Poisson; k is above 1 where orders differ in value), and whole days are
better or worse than others (c). Both are fitted to the squared deviations of the days from the mean
of their stretch, drawn towards what is usual.
"""

import numpy as np
from numpy.typing import NDArray

_USUAL = np.array([1.3, 0.02])  # of k and c^2 before anything was seen
_DOUBT = np.array([0.5, 0.02])  # standard deviations of these
_SPREAD_OF_SQUARES = 2.0  # variance of the square of a standard normal

_TINY = 1e-9

_Matrix = NDArray[np.float64]


def daily_noise(days: _Matrix, *, expected: _Matrix, unit: _Matrix, ripe: _Matrix) -> _Matrix:
    """Standard deviation of a day of each stretch.

    Args:
        days: Shape (n, n_days), at least two days; what moved the level is taken out.
        expected: Shape (n,), the level at which the noise is asked for, at or above 0.
        unit: Shape (n,), what one count is worth.
        ripe: Shape (n, n_days), share of each day that is known: of fewer counts, more noise.

    Returns:
        Shape (n,).
    """
    n_days = days.shape[1]
    level = days.mean(axis=1, keepdims=True)
    parts = np.stack([unit[:, None] * level / np.maximum(ripe, _TINY), level**2 + 0.0 * ripe], axis=-1)
    usual = parts @ _USUAL
    told = usual > 0
    seen = ((days - level) ** 2 * n_days / (n_days - 1))[told] / usual[told]
    parts = parts[told] / usual[told][:, None]
    # Bayesian regression: each square weighs by what it usually is.
    prior = np.diag(_SPREAD_OF_SQUARES / _DOUBT**2)
    k, c2 = np.linalg.solve(parts.T @ parts + prior, parts.T @ seen + prior @ _USUAL)
    variance = max(float(k), 1.0) * unit * expected / np.maximum(ripe.mean(axis=1), _TINY)
    noise: _Matrix = np.sqrt(variance + max(float(c2), 0.0) * expected**2)
    return noise
