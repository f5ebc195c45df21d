"""History: what an account spent and got, day by day, as it is known at the end."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from agent.domain.entity import Account, EntityTable, Flags, Floats
from agent.domain.errors import Mistake
from agent.domain.lever import Lever
from agent.domain.maturity import LagCurve, assumed_curve
from agent.domain.ref import Kind
from agent.domain.snapshot import UNSEEN, Snapshot
from agent.ledger.memory.ledger import MemoryLedger
from agent.steps.learn import LAG_DAYS, learn_lag
from agent.steps.recall import recall
from simulations.replay.past import Past, record

SHORTEST_DAYS = 21
_LITTLE = 0.005


@dataclass(frozen=True, slots=True)
class History:
    """Matrices of shape (n, n_days), oldest day first; money in micros. A row has a daily budget of its own.

    Attributes:
        entities: The n rows, sorted by id.
        first_day: Of the matrices; days of the account's time zone.
        budget: As it stood at the end of the day; NaN where nobody knows.
        conversions, value: As reported by the end.
        known: Shape (n_days,), days that some reading spoke for.
        reported: Shape (n_days,), share of the conversions that had been reported by the end.
        lag: Reported share by age, shape (n_ages,).
        lag_told: Raw development of conversions from age to age, from which the lag was learned; None
            where it is assumed.
        assumptions: What a reader must know, in sentences.
    """

    account: Account
    source: str
    entities: EntityTable
    first_day: np.datetime64
    budget: Floats
    cost: Floats
    impressions: Floats
    clicks: Floats
    conversions: Floats
    value: Floats
    known: Flags
    reported: Floats
    lag: LagCurve
    lag_told: Floats | None
    assumptions: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.entities)

    @property
    def n_days(self) -> int:
        return len(self.known)

    @property
    def budgets_known(self) -> bool:
        """False where the cost of a day stands for its budget."""
        return bool(np.isfinite(self.budget).any())

    @property
    def people(self) -> Floats:
        """What people gave each day: the budget where it is known and could be spent, else the cost."""
        on = np.isfinite(self.budget) & (self.cost > 0)
        return np.where(on, self.budget, self.cost)

    @property
    def by_value(self) -> bool:
        """False where no conversion was ever worth anything: then each counts one."""
        return bool(self.value.any())


def history_of(past: Past, *, n_days: int) -> History:
    """The last `n_days` days of a past, from the first on which anything was spent.

    Raises:
        Mistake: There are fewer than `SHORTEST_DAYS`.
    """
    ledger, end = MemoryLedger(), past.readings[-1].at
    account = past.account.id
    for reading in past.readings:
        record(ledger, account, reading)
    lag = learn_lag(ledger, account, end)
    snapshot = recall(ledger, account, end, lag, history_days=n_days, max_age=None)
    assert snapshot is not None, "the past knows the account"
    kept = _kept(snapshot)
    n_kept = int(kept.sum())
    if n_kept < SHORTEST_DAYS:
        raise Mistake(
            past.source,
            f"has {n_kept} days with figures",
            f"at least {SHORTEST_DAYS} are needed to fit a twin",
        )
    days = np.flatnonzero(kept)
    rows = _rows(snapshot)
    from_file = past.first_day is not None
    return _cut(
        past,
        snapshot,
        np.ix_(rows, days),
        lag=assumed_curve() if from_file else lag.account,
        lag_told=None if from_file else _development(ledger, past, end),
    )


def _cut(
    past: Past, snapshot: Snapshot, where: tuple[Any, ...], *, lag: LagCurve, lag_told: Floats | None
) -> History:
    """The matrices of these rows and days."""
    metrics = snapshot.metrics
    rows, days = where[0][:, 0], where[1][0]
    stood = snapshot.memory[Lever.DAILY_BUDGET].stood[where].astype(np.float64)

    def cut(name: str) -> Floats:
        matrix: Floats = getattr(metrics, name)[where].astype(np.float64)
        return matrix

    return History(
        account=past.account,
        source=past.source,
        entities=snapshot.entities.take(rows),
        first_day=snapshot.days[days[0]],
        budget=np.where((stood == UNSEEN) | (not past.levers_watched), np.nan, stood),
        cost=cut("cost_micros"),
        impressions=cut("impressions"),
        clicks=cut("clicks"),
        conversions=cut("conversions"),
        value=cut("conversion_value_micros"),
        known=np.asarray(metrics.known.any(axis=0))[days],
        reported=np.ones(len(days)) if past.first_day is not None else snapshot.maturity[days],
        lag=lag,
        lag_told=lag_told,
        assumptions=(*_assumptions(past), *_left_out(snapshot, rows)),
    )


def _rows(snapshot: Snapshot) -> "np.ndarray[tuple[int], np.dtype[np.intp]]":
    """Whatever has a daily budget of its own and ever spent anything, sorted by id."""
    budget = snapshot.entities.levers.get(Lever.DAILY_BUDGET)
    spent = snapshot.metrics.cost_micros.sum(axis=1) > 0
    if budget is None or not (budget.present & spent).any():
        raise Mistake("the history", "has no entity with a daily budget that ever spent anything")
    rows = np.flatnonzero(budget.present & spent)
    return rows[np.argsort(snapshot.entities.ids[rows], kind="stable")]


def _kept(snapshot: Snapshot) -> Flags:
    """Days from the first on which anything was spent."""
    spent = snapshot.metrics.cost_micros.any(axis=0)
    kept: Flags = np.logical_or.accumulate(spent)
    return kept


def _development(ledger: MemoryLedger, past: Past, end: datetime) -> Floats | None:
    """Share reported by age from what was observed alone; None: no day was seen twice."""
    earlier, later = ledger.development(past.account.id, end, LAG_DAYS)
    seen = earlier > 0
    if not seen.any():
        return None
    factor = np.divide(later, earlier, out=np.ones_like(later), where=seen)
    shares: Floats = 1.0 / np.append(np.cumprod(np.maximum(factor, 1.0)[::-1])[::-1], 1.0)
    return shares


def _left_out(snapshot: Snapshot, rows: "np.ndarray[tuple[int], np.dtype[np.intp]]") -> tuple[str, ...]:
    """A word on campaigns that spent money and have no daily budget of their own today."""
    cost = snapshot.metrics.cost_micros.sum(axis=1)
    everything = int(cost[snapshot.entities.kinds == Kind.CAMPAIGN].sum())
    share = 1.0 - int(cost[rows].sum()) / max(everything, 1)
    if share < _LITTLE:
        return ()
    return (
        f"{share:.0%} of the cost was spent by what has no daily budget of its own today; it is left out.",
    )


def _assumptions(past: Past) -> tuple[str, ...]:
    if past.first_day is None:
        return (
            "The twin is fitted to figures as the ledger knows them now, conversions still to come included.",
        )
    said = ["The file's conversions are taken as final; how late the twin reports its own is assumed."]
    if not past.levers_watched:
        said.append("The file has no budgets: the cost of each day is taken for its budget.")
    return tuple(said)
