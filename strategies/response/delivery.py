"""Delivery: how much a campaign can spend at all, read from what it left of past budgets.

A day spends its budget less some luck, or what there is to buy, whichever is less. A day that
used its budget up says that there is at least as much to buy. A day that fell short by more
than luck explains tells how much there is; two that agree tell it firmly. What there is
drifts, so old days tell less. Of what was never tried only so much is known: the chance that
yet more can be spent falls as a power of how much more (Pareto), which has no unit.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import log_ndtr, ndtr  # type: ignore[import-untyped]  # scipy ships no types

from agent.domain.entity import Flags, Floats
from agent.domain.lever import Lever
from agent.domain.snapshot import UNSEEN, Snapshot
from strategies.budgets.pot import Pot
from strategies.response.history import History
from strategies.response.shapes import N_NODES, NODES, Singles

_WINDOW_DAYS = 28
_RAISE_DAYS = 3
_TAIL = 0.5
_BLUR, _DRIFT = 0.08, 0.02
_FREAK = 0.01
_SHORT = 2.5
_UNDERSPENT = 0.85
_AGREEING_DAYS = 5
_FORGOTTEN = 0.95
_LIMITS: Singles = np.log(NODES[::2]).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What can be spent today.

    Attributes:
        odds: Shape (n, N_NODES), probability that NODES x reference can be spent; falling.
        most: Shape (n,), micros, most that it makes sense to budget.
        reach: Shape (n,), micros, what is really spent of any larger budget; infinite where
            budgets are used up.
    """

    odds: Singles
    most: Floats
    reach: Floats


@dataclass(frozen=True, slots=True)
class _Days:
    """The last days; matrices of shape (n, n_days).

    Attributes:
        spend: Logarithm, relative to the reference.
        left: Logarithm of budget over spend, 0 where it is not known or more was spent.
        told, seen: Where spend is known, and where the budget is known as well.
        blur: Shape (n_days,), how uncertain a day leaves what there is to buy today (log scale).
        weight: Shape (n_days,), what a day counts for.
    """

    spend: Singles
    left: Singles
    told: Flags
    seen: Flags
    blur: Singles
    weight: Singles


def learn_delivery(snapshot: Snapshot, pot: Pot, history: History, *, growth: float) -> Delivery:
    """Read from the last weeks what each campaign can spend today.

    Args:
        growth: Largest budget as a multiple of the highest spend of the last days, for campaigns
            whose past budgets nobody has seen; never forces a cut by itself.
    """
    present = pot.present.astype(np.float64)
    stood = _stood(snapshot, pot, history)
    chance = _limits(_last_days(stood, history))
    at_least = chance[:, ::-1].cumsum(axis=1)[:, ::-1]
    odds = np.empty((len(chance), N_NODES), dtype=np.float32)
    odds[:, ::2] = at_least - 0.5 * chance
    odds[:, 1::2] = at_least[:, 1:]
    middle = NODES[np.minimum((odds > 0.5).sum(axis=1), N_NODES - 1)] * history.reference
    highest = history.spend[:, -_RAISE_DAYS:].max(axis=1, initial=0.0)
    careful = np.maximum(present, growth * np.where(highest > 0, highest, present))
    return Delivery(
        odds=odds,
        most=np.where((history.told & (stood > 0)).any(axis=1), np.inf, careful),
        reach=np.where(middle < _UNDERSPENT * present, middle, np.inf),
    )


def _stood(snapshot: Snapshot, pot: Pot, history: History) -> Floats:
    """Budget of each day where it was seen, shape (n, n_days), micros; `UNSEEN` elsewhere."""
    memory = snapshot.memory.get(Lever.DAILY_BUDGET)
    if memory is None:
        return np.full(history.told.shape, float(UNSEEN))
    first = len(snapshot.days) - history.told.shape[1]
    return memory.stood[pot.rows, first:].astype(np.float64)


def _last_days(budgets: Floats, history: History) -> _Days:
    last = slice(max(history.told.shape[1] - _WINDOW_DAYS, 0), None)
    told = history.told[:, last]
    spend = np.where(told, history.spend[:, last], 1.0)
    seen = told & (budgets[:, last] > 0)
    return _Days(
        spend=np.log(spend / history.reference[:, None]).astype(np.float32),
        left=np.log(np.maximum(np.where(seen, budgets[:, last], 0.0) / spend, 1.0)).astype(np.float32),
        told=told,
        seen=seen,
        blur=np.sqrt(_BLUR**2 + _DRIFT**2 * history.ages[last]).astype(np.float32),
        weight=(_FORGOTTEN ** (history.ages[last] - 1.0)).astype(np.float32),
    )


def _limits(days: _Days) -> Singles:
    """Probability that today's limit lies at each of `_LIMITS`, shape (n, len(_LIMITS)).

    Days that agree are not independent, because what there is to buy drifts slowly: a few of
    them are counted at most.
    """
    n = len(days.told)
    evidence: Singles = np.tile(np.float32(-_TAIL) * _LIMITS, (n, 1))
    if not days.told.any():
        return _normalised(evidence)
    every = np.arange(n)
    bound = np.where(days.told, days.spend - days.blur, -np.inf)
    most = bound.argmax(axis=1)
    alike = days.spend >= bound[every, most][:, None]
    count = np.where(days.told & alike, days.weight, 0.0).sum(axis=1)
    above = (_LIMITS - days.spend[every, most][:, None]) / days.blur[most][:, None]
    evidence += np.minimum(count, _AGREEING_DAYS)[:, None] * log_ndtr(above)

    luck = _luck(days.left[days.seen])
    short = days.seen & (days.left > _SHORT * luck)
    latest = short[:, ::-1].cumsum(axis=1)[:, ::-1] <= _AGREEING_DAYS
    row, day = np.nonzero(short & latest)
    if len(row):
        blur, left = days.blur[day][:, None], days.left[row, day][:, None]
        above = (_LIMITS - days.spend[row, day][:, None]) / blur
        unlucky = 2.0 / luck * np.exp(-0.5 * (left / luck) ** 2) + _FREAK
        likelihood = unlucky * ndtr(above) + np.exp(-0.5 * above**2) / blur
        told = days.weight[day][:, None] * np.log(likelihood + 1e-12)
        first = np.flatnonzero(np.diff(row, prepend=-1))
        evidence[row[first]] += np.add.reduceat(told, first, axis=0)
    return _normalised(evidence)


def _normalised(evidence: Singles) -> Singles:
    chance = np.exp(evidence - evidence.max(axis=1, keepdims=True))
    # The last one stands for everything beyond.
    chance[:, -1] /= -np.expm1(_TAIL * (_LIMITS[0] - _LIMITS[1]))
    limits: Singles = chance / chance.sum(axis=1, keepdims=True)
    return limits


def _luck(left: Singles) -> float:
    """Spread of what days leave by chance (half normal, log scale): most days are not short."""
    return float(np.clip(np.median(left) / 0.6745, 0.01, 0.2)) if len(left) else 0.05
