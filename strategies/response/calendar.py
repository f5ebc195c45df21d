"""Calendar: what all campaigns of a channel share on a day, and on a weekday.

A shock that a whole channel meets must not be taken for the effect of one campaign's
budget. It is estimated from log clicks around their local level, drawn towards none by
its precision (James and Stein 1961), and its weekday part continues into today.
"""

from dataclasses import dataclass

import numpy as np

from agent.domain.entity import Floats
from strategies.response.history import History

_TYPICAL_ELASTICITY = 0.65
_LOCAL_DECAY = 0.85
_SHOCK_VARIANCE = 0.1**2
_NOISE_VARIANCE = 0.15**2
_WEEKDAY_WEIGHT = 2.0
_NOISE_DAYS = 30.0


@dataclass(frozen=True, slots=True)
class Calendar:
    """Factors on clicks, and how noisy clicks are beyond counting.

    Attributes:
        past: Shape (n, n_days), 1 on an average day.
        today: Shape (n,), for today's weekday.
        noise: Shape (n,), variance of log clicks from day to day that counting does not explain.
    """

    past: Floats
    today: Floats
    noise: Floats


def learn_calendar(history: History) -> Calendar:
    """Split log clicks into a local level, a shock of the channel's day, and noise."""
    told = history.told
    n_days = told.shape[1]
    logs = np.log(history.clicks + 0.5)
    ratio = np.where(told, history.spend / history.reference[:, None], 1.0)
    logs = np.where(told, logs - _TYPICAL_ELASTICITY * np.log(ratio), 0.0)
    days = np.arange(n_days)
    nearness = _LOCAL_DECAY ** np.abs(days[:, None] - days)
    near = np.maximum(told @ nearness, 1e-9)
    level = logs @ nearness / near
    # A level that follows the days takes part of their noise along: what share is left of it?
    left = np.where(told, 1.0 - 2.0 / near + told @ nearness**2 / near**2, 0.0)
    residual = np.where(told, logs - level, 0.0)

    weight = told / (_NOISE_VARIANCE + 1.0 / (history.clicks + 1.0))
    n_channels = int(history.channel.max(initial=-1)) + 1
    member = (history.channel == np.arange(n_channels)[:, None]).astype(np.float64)
    shock = (member @ (weight * residual)) / (member @ weight + 1.0 / _SHOCK_VARIANCE)

    weekly = _weekdays(history, shock)
    own = np.where(told, residual - shock[history.channel], 0.0)
    return Calendar(
        past=np.exp(shock)[history.channel],
        today=np.exp(weekly[:, history.weekday_today])[history.channel],
        noise=_noise(history, own, left),
    )


def _weekdays(history: History, shock: Floats) -> Floats:
    """Mean shock of each weekday, drawn towards that of all channels; shape (n_channels, 7)."""
    of_day = (history.weekday[:, None] == np.arange(7)).astype(np.float64)
    count = of_day.sum(axis=0)
    total = shock @ of_day
    together = total.sum(axis=0) / (count * len(shock) + _WEEKDAY_WEIGHT)
    weekly: Floats = (total + _WEEKDAY_WEIGHT * together[None, :]) / (count + _WEEKDAY_WEIGHT)
    return weekly


def _noise(history: History, residual: Floats, left: Floats) -> Floats:
    """Variance beyond counting noise, each campaign's drawn towards that of all.

    Args:
        left: Shape (n, n_days), share of the variance of a day that its residual still has.
    """
    # Counts near zero have no useful logarithm.
    many = history.told & (history.clicks >= 5)
    days = np.where(many, left, 0.0).sum(axis=1)
    extra = np.where(many, residual**2 - left / (history.clicks + 0.5), 0.0).sum(axis=1)
    usual = (extra.sum() + _NOISE_DAYS * _NOISE_VARIANCE) / (days.sum() + _NOISE_DAYS)
    noise: Floats = (extra + _NOISE_DAYS * usual) / (days + _NOISE_DAYS)
    return np.maximum(noise, 0.03**2)
