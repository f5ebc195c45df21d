"""Fit: a world from a log. Clicks are a level times spend to a power, with the noise that there was."""

from dataclasses import dataclass

import numpy as np

from agent.domain.entity import Floats
from simulations.laboratory.logs.log import Log

_USUAL, _SPREAD = 0.65, 0.15
_LOWEST, _HIGHEST = 0.25, 0.9
_LEVEL_DAYS, _RATE_DAYS, _POT_DAYS = 7, 28, 28


@dataclass(frozen=True, slots=True)
class Fitted:
    """Clicks of a day at spend x, in the log's money: level x ** power x noise.

    Matrices of shape (n_units, n_days).

    Attributes:
        power: Shape (n_units,).
        noise: Real clicks over expected ones; 1 where nothing was spent.
        rate: Conversions per click.
        order_value: Shape (n_units,), mean value of a conversion; where the log tells no values,
            what a conversion cost on average.
        pot: Shape (n_days,), what is spent a day.
        shares: Of the cost, as people split it.
    """

    level: Floats
    power: Floats
    noise: Floats
    rate: Floats
    order_value: Floats
    pot: Floats
    shares: Floats


def fit(log: Log) -> Fitted:
    """Fit each unit for itself, the account's pot and the shares that people used."""
    power = np.array([_power(cost, clicks) for cost, clicks in zip(log.cost, log.clicks, strict=True)])
    priced = np.where(log.cost > 0, log.cost, 0.0) ** power[:, None] * (log.cost > 0)
    bought = np.where(log.cost > 0, log.clicks, 0.0)
    level = _centred_ratio(bought, priced, _LEVEL_DAYS)
    expected = level * priced
    noise = np.divide(bought, expected, out=np.ones_like(expected), where=expected > 0)
    total = log.cost.sum(axis=0)
    # A day without any cost says nothing of how it would have been split.
    shares = np.where(total > 0, log.cost / np.maximum(total, 1e-12), 1.0 / len(log.units))
    return Fitted(
        level=level,
        power=power,
        noise=noise,
        rate=_centred_ratio(log.conversions, log.clicks, _RATE_DAYS),
        order_value=_order_value(log),
        pot=_centred_ratio(total[None, :], np.ones((1, log.n_days)), _POT_DAYS)[0],
        shares=shares,
    )


def _power(cost: Floats, clicks: Floats) -> float:
    """Elasticity: log clicks on log cost, weekday and a cubic trend, drawn towards the usual one.

    By precision, as the mean of two normals.
    """
    days = np.flatnonzero((cost > 0) & (clicks > 0))
    time = np.linspace(-1.0, 1.0, len(cost))[days]
    weekday = (days[:, None] % 7 == np.arange(1, 7)).astype(np.float64)
    logs = np.log(cost[days])
    design = np.column_stack([logs - logs.mean(), np.ones(len(days)), time, time**2, time**3, weekday])
    spare = len(days) - design.shape[1]
    if spare <= 0 or logs.std() < 1e-6:
        return _USUAL
    inverse = np.linalg.pinv(design.T @ design)
    found = inverse @ (design.T @ np.log(clicks[days]))
    residual = np.log(clicks[days]) - design @ found
    variance = max(float(residual @ residual) / spare * inverse[0, 0], 1e-9)
    precision, usual = 1.0 / variance, 1.0 / _SPREAD**2
    mean = (found[0] * precision + _USUAL * usual) / (precision + usual)
    return float(np.clip(mean, _LOWEST, _HIGHEST))


def _centred_ratio(counted: Floats, base: Floats, n_days: int) -> Floats:
    """Sum over sum in a window around each day; the nearest window's where there is no base."""
    window = np.ones(n_days)
    sums = [
        np.stack([np.convolve(row, window)[(n_days - 1) // 2 :][: len(row)] for row in matrix])
        for matrix in (counted, base)
    ]
    ratio = np.divide(sums[0], sums[1], out=np.full_like(sums[0], np.nan), where=sums[1] > 0)
    days = np.arange(ratio.shape[1])
    for row in ratio:
        known = ~np.isnan(row)
        row[:] = np.interp(days, days[known], row[known])
    found: Floats = ratio
    return found


def _order_value(log: Log) -> Floats:
    conversions = log.conversions.sum(axis=1)
    if log.value is None:
        return np.full(len(conversions), log.cost.sum() / conversions.sum())
    worth: Floats = log.value.sum(axis=1) / conversions
    return worth
