"""Calendar: what all bids share on a day and on a weekday, as far as two halves of them agree on it.

With few clicks most of a day's common surprise is counting noise. The keywords are dealt into
two halves; what their surprises have in common is real, what differs is noise, and the estimate
is drawn towards none accordingly (James and Stein 1961, with the variance from the halves).
"""

import numpy as np

from agent.domain.entity import Floats
from strategies.response.calendar import Calendar
from strategies.response.history import History

_ELASTICITY = 0.9
_LOCAL_DECAY = 0.85
_NOISE_VARIANCE = 0.1**2
_WEEK = 7
_NOISE_DAYS = 30.0
_LEAST_NOISE = 0.03**2
_COUNTED = 5


def learn_bid_calendar(history: History) -> Calendar:
    """Split log clicks into a local level, a shock of the day, and noise.

    Args:
        history: Bids in the place of spend, clicks of whole days.
    """
    told = history.told
    n, n_days = told.shape
    days = np.arange(n_days)
    by_bid = _ELASTICITY * np.log(history.spend / history.reference[:, None])
    logs = np.where(told, np.log(history.clicks + 0.5) - by_bid, 0.0)
    nearness = _LOCAL_DECAY ** np.abs(days[:, None] - days)
    level = np.divide(logs @ nearness, told @ nearness, out=np.zeros_like(logs), where=told)
    residual = np.where(told, logs - level, 0.0)
    # By the clicks expected: those that came would give lucky days more weight.
    weight = told / (_NOISE_VARIANCE + np.exp(-np.maximum(level + by_bid, -1.0)))
    # Rows stand in the order of their figures, so every second one makes halves that are alike.
    one, other = (_mean(residual[half::2], weight[half::2]) for half in (0, 1))
    shock, real = _agreed(one, other)
    weekday = (history.weekday == np.arange(_WEEK)[:, None]).astype(np.float64)
    count = np.maximum(weekday.sum(axis=1), 1.0)
    weekly, steady = _agreed(weekday @ one / count, weekday @ other / count)
    # Shocks of single days look like a weekday where there were few of each.
    left = real - steady
    steady = max(steady - left / float(count.mean()), 0.0) * (steady > 0)
    weekly = weekly * (steady / max(steady + left / float(count.mean()), 1e-12))
    own = np.where(told, residual - shock, 0.0)
    return Calendar(
        past=np.broadcast_to(np.exp(shock), (n, n_days)).copy(),
        today=np.full(n, np.exp(weekly[history.weekday_today])),
        noise=_noise(history, own),
    )


def _mean(residual: Floats, weight: Floats) -> Floats:
    total = weight.sum(axis=0)
    mean = np.divide((weight * residual).sum(axis=0), total, out=np.zeros(residual.shape[1]), where=total > 0)
    centred: Floats = np.where(total > 0, mean - mean[total > 0].mean() if (total > 0).any() else 0.0, 0.0)
    return centred


def _agreed(one: Floats, other: Floats) -> tuple[Floats, float]:
    """Mean of two estimates drawn towards 0, and the variance of what is real in it."""
    real = max(float((one * other).mean()), 0.0)
    noise = float(((one - other) ** 2).mean()) / 4.0
    both: Floats = (one + other) / 2.0 * (real / max(real + noise, 1e-12))
    return both, real


def _noise(history: History, residual: Floats) -> Floats:
    """Variance of log clicks beyond counting, each bid's drawn towards that of all; shape (n,)."""
    counting = np.where(history.told, 1.0 / (history.clicks + 0.5), 0.0)
    # Counts near zero have no useful logarithm.
    many = history.told & (history.clicks >= _COUNTED)
    days = many.sum(axis=1)
    extra = np.where(many, residual**2 - counting, 0.0).sum(axis=1)
    usual = (extra.sum() + _NOISE_DAYS * _NOISE_VARIANCE) / (days.sum() + _NOISE_DAYS)
    noise: Floats = (extra + _NOISE_DAYS * usual) / (days + _NOISE_DAYS)
    return np.maximum(noise, _LEAST_NOISE)
