"""Pooling: weigh hypotheses for each campaign with a prior that the portfolio itself teaches."""

import numpy as np
from numpy.typing import NDArray

from agent.domain.entity import Floats
from strategies.response.shapes import Singles

_PRIOR_CAMPAIGNS = 6.0
_ROUNDS = 3


def pooled_weights(evidence: NDArray[np.floating], prior: Floats) -> Singles:
    """Posterior probabilities under an empirical Bayes prior (Carlin and Louis 2000, chapter 3).

    The prior is re-estimated as the mean posterior of all campaigns, which counts against
    the given one as their number does against `_PRIOR_CAMPAIGNS`.

    Args:
        evidence: Shape (n, n_hypotheses), log likelihood up to a constant for each row.
        prior: Shape (n_hypotheses,), sums to 1.

    Returns:
        Shape (n, n_hypotheses), rows sum to 1.
    """
    relative = (evidence - evidence.max(axis=1, keepdims=True)).astype(np.float32)
    likelihood: Singles = np.exp(relative)
    current = prior.astype(np.float32)
    for _ in range(_ROUNDS):
        total = likelihood @ current
        mean = (likelihood / total[:, None]).sum(axis=0) * current
        current = ((mean + _PRIOR_CAMPAIGNS * prior) / (len(evidence) + _PRIOR_CAMPAIGNS)).astype(np.float32)
    weights = likelihood * current
    weights /= weights.sum(axis=1, keepdims=True)
    return weights
