"""Year: one account, hour by hour, with all that makes conversions rise and fall though nothing is broken."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from agent.domain.entity import Floats, Numbers

HOURS = 24
HISTORY_DAYS = 90
N_AGES = 31

_CAMPAIGNS = 5
_RATE = 0.03  # conversions for each click
_ORDERS = 1.25  # conversions that one buyer brings: what makes them come in heaps


@dataclass(frozen=True, slots=True)
class Nature:
    """What an account's year is like.

    Attributes:
        a_day: Conversions a day, on average.
        days: How many follow the history.
        spread: Standard deviation of the day's common factor.
        promotions, holidays: How many there are in a year.
        walk: Standard deviation of what the conversion rate wanders in a day.
    """

    a_day: float
    days: int = 365
    spread: float = 0.10
    promotions: float = 6.0
    holidays: float = 10.0
    walk: float = 0.012


@dataclass(frozen=True, slots=True)
class Year:
    """What happened, history first; hours and days count from its beginning.

    Attributes:
        clicks: Shape (n_campaigns, n_hours).
        campaign, clicked, told: Shape (n_conversions,), by the hour in which it was told.
        reported: Shape (N_AGES,), the true share reported by the end of each day after the click.
    """

    clicks: Numbers
    campaign: Numbers
    clicked: Numbers
    told: Numbers
    reported: Floats


def year(nature: Nature, seed: int) -> Year:
    """Draw one; the same seed is the same year."""
    rng = np.random.default_rng([seed, 5])
    n_days = HISTORY_DAYS + nature.days
    volume, rate = _seasons(nature, n_days, rng)
    share = np.exp(0.5 * rng.standard_normal(_CAMPAIGNS)[:, None] + _walk(_CAMPAIGNS, n_days, 0.03, rng))
    of_campaign = np.exp(
        0.4 * rng.standard_normal(_CAMPAIGNS)[:, None] + _walk(_CAMPAIGNS, n_days, 0.02, rng)
    )
    share /= share.sum(axis=0)
    each = volume * share * nature.a_day / _RATE
    rates = np.minimum(_RATE * rate * of_campaign / (share * of_campaign).sum(axis=0), 0.5)
    hourly = np.repeat(each, HOURS, axis=1) * np.tile(_by_hour(rng), n_days)
    clicks = rng.poisson(hourly * np.exp(0.1 * rng.standard_normal(hourly.shape)))
    buyers = rng.poisson(clicks * np.repeat(rates, HOURS, axis=1) / _ORDERS)
    campaign, clicked = (np.repeat(where, buyers[np.nonzero(buyers)]) for where in np.nonzero(buyers))
    same = rng.uniform(0.35, 0.7)
    late_days = rng.uniform(2.0, 6.0)
    delay = np.where(
        rng.random(len(clicked)) < same,
        rng.exponential(2.0, len(clicked)),
        rng.exponential(HOURS * late_days, len(clicked)),
    )
    delay = np.minimum(delay, HOURS * (N_AGES - 2))
    orders = 1 + rng.poisson(_ORDERS - 1.0, len(clicked))
    told = clicked + delay.astype(np.int64) + rng.integers(0, 3, len(clicked))
    campaign, clicked, told = (np.repeat(column, orders) for column in (campaign, clicked, told))
    order = np.argsort(told, kind="stable")
    age = told // HOURS - clicked // HOURS
    reported = np.cumsum(np.bincount(np.minimum(age, N_AGES - 1), minlength=N_AGES)) / max(len(age), 1)
    return Year(clicks, campaign[order], clicked[order], told[order], reported)


def _seasons(nature: Nature, n_days: int, rng: Generator) -> tuple[Floats, Floats]:
    """Factors of clicks and of conversions for each click, shape (n_days,)."""
    day = np.arange(n_days)
    weekday = day % 7
    phase = rng.uniform(0, 2 * np.pi)
    volume = np.exp(0.25 * np.sin(2 * np.pi * day / 365 + phase) + 0.12 * rng.standard_normal(n_days))
    volume *= np.where(weekday >= 5, rng.uniform(0.6, 1.1), 1.0)
    rate = np.exp(
        0.15 * np.sin(2 * np.pi * day / 365 + rng.uniform(0, 2 * np.pi))
        + nature.spread * rng.standard_normal(n_days)
        + _walk(1, n_days, nature.walk, rng)[0]
    )
    rate *= np.where(weekday >= 5, rng.uniform(0.7, 1.2), 1.0)
    for _ in range(rng.poisson(nature.promotions * n_days / 365)):
        begins, lasts = rng.integers(n_days), rng.integers(2, 15)
        volume[begins : begins + lasts] *= rng.uniform(1.0, 1.6)
        rate[begins : begins + lasts] *= rng.uniform(1.3, 2.2)
        rate[begins + lasts : begins + lasts + 7] *= rng.uniform(0.65, 0.95)
    for _ in range(rng.poisson(nature.holidays * n_days / 365)):
        begins, lasts = rng.integers(n_days), rng.integers(1, 4)
        volume[begins : begins + lasts] *= rng.uniform(0.3, 0.9)
        rate[begins : begins + lasts] *= rng.uniform(0.6, 1.1)
    return volume, rate


def _walk(n: int, n_days: int, step: float, rng: Generator) -> Floats:
    """Random walks that are drawn back home, so that a year is a year."""
    walk = np.zeros((n, n_days))
    for day in range(1, n_days):
        walk[:, day] = 0.99 * walk[:, day - 1] + step * rng.standard_normal(n)
    return walk


def _by_hour(rng: Generator) -> Floats:
    """Share of a day's clicks in each hour: nights are quiet."""
    hours = np.exp(1.2 * np.cos(2 * np.pi * (np.arange(HOURS) - rng.uniform(13, 21)) / HOURS))
    share: Floats = hours / hours.sum()
    return share
