"""Lag: how much faster or slower than the account's the conversions of each channel are reported.

Where little was seen of a channel there is one curve m for the whole account. The channel's is
taken to be 1 - (1 - m) ** pace. Given how many conversions a campaign has in all, how they spread over
its days does not depend on its rate; that conditional likelihood tells the pace (Andersen
1970). A rate that drifts meanwhile looks like a pace, so what one campaign tells has an end; and
all channels together should come to the account's curve, which was seen and not inferred: they
are drawn half-way there. A channel whose own curve was learned by watching it starts from that,
and is not drawn towards the others; its pace is as free as theirs, since lags change.
"""

import numpy as np

from agent.domain.entity import Floats
from strategies.response.history import History

_WINDOW_DAYS = 35
_LOG_PACES: Floats = np.linspace(-1.2, 1.2, 17)
_PRIOR_SPREAD = 0.6
_TOGETHER = 0.5
_DRIFT = 0.01  # of dispersion for each conversion: what a campaign tells has an end


def reported_share(history: History) -> Floats:
    """Share of each day's conversions that has been reported, shape (n, n_days), in (0, 1].

    0 on days whose conversions do not count: clicks times this share is what the conversions
    that do are counted against.
    """
    recent = slice(max(history.maturity.shape[1] - _WINDOW_DAYS, 0), None)
    missing = np.clip(1.0 - history.maturity, 1e-12, 1.0 - 1e-6)
    shares = 1.0 - missing[:, None, recent] ** np.exp(_LOG_PACES)[:, None]
    clicks = np.where(history.counted, history.clicks, 0.0)[:, recent]
    conversions = history.conversions[:, recent]
    spread, expected = np.empty((2, len(clicks), len(_LOG_PACES)))
    for channel, share in enumerate(shares):
        mine = history.channel == channel
        spread[mine], expected[mine] = conversions[mine] @ np.log(share).T, clicks[mine] @ share.T
    total = conversions.sum(axis=1, keepdims=True)
    likelihood = (spread - total * np.log(np.maximum(expected, 1e-9))) / (1.0 + _DRIFT * total)
    member = (history.channel == np.arange(len(shares))[:, None]).astype(np.float64)
    posterior = member @ likelihood - 0.5 * (_LOG_PACES / _PRIOR_SPREAD) ** 2
    weight = np.exp(posterior - posterior.max(axis=1, keepdims=True))
    weight /= weight.sum(axis=1, keepdims=True)
    size = (member @ total)[:, 0]
    together = _TOGETHER * float(size @ (weight @ _LOG_PACES)) / max(float(size.sum()), 1e-9)
    # What was seen of a channel alone is not drawn towards what was seen of all.
    paces = np.exp(_LOG_PACES - np.where(history.paced, 0.0, together)[:, None])
    own = 1.0 - missing[:, None, :] ** paces[:, :, None]
    of_channel = np.einsum("cp,cpd->cd", weight, own)
    reported: Floats = np.where(history.counted, of_channel[history.channel], 0.0)
    return reported
