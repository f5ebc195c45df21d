"""Lag: how much faster or slower than the account's the conversions of each channel are reported.

`Snapshot.maturity` is one curve m for the whole account. A channel's is taken to be
1 - (1 - m) ** pace. Given how many conversions a campaign has in all, how they spread over
its days does not depend on its rate; that conditional likelihood tells the pace (Andersen
1970), and rates that drift meanwhile are allowed for by its dispersion.
"""

import numpy as np

from agent.domain.entity import Floats
from strategies.response.history import History

_WINDOW_DAYS = 35
_LOG_PACES: Floats = np.linspace(-1.2, 1.2, 17)
_PRIOR_SPREAD = 0.5
_DISPERSION = 3.0


def reported_share(history: History) -> Floats:
    """Share of each day's conversions that has been reported, shape (n, n_days), in (0, 1]."""
    recent = slice(max(len(history.maturity) - _WINDOW_DAYS, 0), None)
    missing = np.clip(1.0 - history.maturity, 1e-12, 1.0 - 1e-6)
    shares = 1.0 - missing ** np.exp(_LOG_PACES)[:, None]
    clicks, conversions = history.clicks[:, recent], history.conversions[:, recent]
    spread = conversions @ np.log(shares[:, recent]).T
    expected = clicks @ shares[:, recent].T
    total = conversions.sum(axis=1, keepdims=True)
    likelihood = spread - total * np.log(np.maximum(expected, 1e-9))
    n_channels = int(history.channel.max(initial=-1)) + 1
    member = (history.channel == np.arange(n_channels)[:, None]).astype(np.float64)
    posterior = (member @ likelihood) / _DISPERSION - 0.5 * (_LOG_PACES / _PRIOR_SPREAD) ** 2
    weight = np.exp(posterior - posterior.max(axis=1, keepdims=True))
    weight /= weight.sum(axis=1, keepdims=True)
    reported: Floats = (weight @ shares)[history.channel]
    return reported
