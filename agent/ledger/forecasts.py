"""Forecasts: what both ledgers must agree on about what a model said of its changes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from agent.domain.forecast import Forecasts
from agent.domain.lever import number_of
from agent.domain.plan import Decision, Plan
from agent.domain.ref import AccountId
from agent.ledger.moments import micros

_ID_LENGTH = 12
_BEYOND_EVERY_ID = "g"  # ids are hexadecimal


@dataclass(frozen=True, slots=True)
class Forecast:
    """What was said of one change; `effect` is None where nothing was."""

    change_id: str
    source: str
    kind: str
    id: str
    lever: str
    before: int
    after: int
    of: str
    mean: float
    low: float
    high: float
    effect: float | None


@dataclass(frozen=True, slots=True)
class Applied:
    """A forecast whose change was carried out."""

    forecast: Forecast
    at: datetime


def forecasts_of(plan: Plan) -> Iterator[Forecast]:
    """One for each change that stands as its decider wished it, and said what it would bring."""
    told = set()
    for decision in plan.decisions:
        forecast = _of(decision, plan.account)
        if forecast is not None and forecast.change_id not in told:
            told.add(forecast.change_id)
            yield forecast


def first_id_left_out(n: int, limit: int) -> str:
    """The id from which on changes are left out, so that about `limit` of `n` stay: ids are digests."""
    if n <= limit:
        return _BEYOND_EVERY_ID
    return f"{16**_ID_LENGTH * limit // n:0{_ID_LENGTH}x}"


def columns(applied: Sequence[Applied]) -> Forecasts:
    """As columns, oldest first; of one moment in the order of their names."""
    rows = sorted(applied, key=lambda one: (one.at, one.forecast.kind, one.forecast.id, one.forecast.lever))
    found = [row.forecast for row in rows]
    return Forecasts(
        sources=np.array([one.source for one in found], dtype=np.str_),
        kinds=np.array([one.kind for one in found], dtype=np.str_),
        ids=np.array([one.id for one in found], dtype=np.str_),
        levers=np.array([one.lever for one in found], dtype=np.str_),
        applied_at=np.array([micros(row.at) // 1_000_000 for row in rows], dtype="datetime64[s]"),
        before=np.array([one.before for one in found], dtype=np.int64),
        after=np.array([one.after for one in found], dtype=np.int64),
        of=np.array([one.of for one in found], dtype=np.str_),
        mean=np.array([one.mean for one in found], dtype=np.float64),
        low=np.array([one.low for one in found], dtype=np.float64),
        high=np.array([one.high for one in found], dtype=np.float64),
        effect=np.array([np.nan if one.effect is None else one.effect for one in found], dtype=np.float64),
    )


def _of(decision: Decision, account: AccountId) -> Forecast | None:
    change, evidence = decision.change, decision.proposal.evidence
    posterior, effect = evidence.posterior, evidence.expected_effect
    if change is None or posterior is None or change.after != decision.proposal.target:
        return None
    return Forecast(
        change_id=change.id,
        source=decision.proposal.source,
        kind=change.ref.kind.value,
        id=account.id_of(change.ref) or change.ref.id,
        lever=change.lever.value,
        before=number_of(change.before),
        after=number_of(change.after),
        of=evidence.posterior_of,
        mean=posterior.mean,
        low=posterior.low,
        high=posterior.high,
        effect=None if effect is None else effect.mean,
    )
