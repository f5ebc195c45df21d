"""Calibration in simulation: how often intervals held the truth, which the simulator knows.

Live, only averages of noisy days can be held against an interval (`agent.domain.calibration`). Here
the true mean of a day is known for every budget, so the interval itself is held against it, without
any widening: the posterior against the value of a day at the new budget, the expected effect
against the difference to the old one, on the day of the change and on days after it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import TypedDict

import numpy as np

from agent.domain.entity import Flags, Floats, Numbers, Strings
from agent.domain.forecast import goal_of
from agent.domain.lever import Lever, number_of
from agent.domain.money import MICROS
from agent.domain.plan import Plan
from agent.domain.portfolio import Goal
from simulations.market import Market
from simulations.oracle import expectation

AGES = (0, 1, 3, 7, 14)
"""Days after the change at which the truth is asked for."""

MATURITIES = (0.0, 0.7, 0.8, 0.9, 1.01)
"""Bounds of the groups by maturity of the data that was decided on."""

# Half of an interval of this coverage as a share of half of one of 80 %, for a normal.
_HALVES = {50: 0.526, 80: 1.0, 90: 1.283}


@dataclass(frozen=True, slots=True)
class Foretold:
    """Intervals that were stated, one row for each change; columns of shape (n,), value in micros.

    Attributes:
        days: Number of the day of the market on which the change was made.
        campaigns: Row of the campaign in the market.
        before, after: Daily budgets, micros.
        mean, low, high: The posterior of a day's conversion value at `after`.
        effect, effect_low, effect_high: Expected difference to `before`.
        maturity: Of the data, NaN where not stated.
    """

    sources: Strings
    days: Numbers
    campaigns: Numbers
    before: Numbers
    after: Numbers
    mean: Floats
    low: Floats
    high: Floats
    effect: Floats
    effect_low: Floats
    effect_high: Floats
    maturity: Floats

    def __len__(self) -> int:
        return len(self.sources)

    def take(self, rows: Flags) -> "Foretold":
        """The rows that are true."""
        return Foretold(*(getattr(self, field.name)[rows] for field in fields(self)))


class CoverageRow(TypedDict):
    """How one kind of interval of one strategy held in one group.

    `interval`: "posterior" or "effect". `group`: "all", "age 3" or "maturity 0.8 to 0.9".
    `covered_80`: share that held the truth; 50 and 90 with the halves scaled as a normal's are,
    since only 80 is stated. `bias`: sum of the truth over the sum of the means, minus 1, None
    for a sum of 0. `stretch`: factor by which they would have had to be wider for 80 of 100.
    """

    strategy: str
    interval: str
    group: str
    n: int
    covered_50: float
    covered_80: float
    covered_90: float
    bias: float | None
    stretch: float


def foretold(plans: Sequence[Plan], market: Market, campaign_ids: Sequence[str]) -> Foretold:
    """What the plans said of the changes of daily budgets that they made.

    Args:
        plans: Of one simulated account whose time zone is UTC.
        campaign_ids: In the order of the market.
    """
    rows = {id_: row for row, id_ in enumerate(campaign_ids)}
    found = list(_stated(plans, market, rows))
    columns = np.array([one[1:] for one in found], dtype=np.float64).reshape(len(found), 11).T
    whole = columns[:4].astype(np.int64)
    return Foretold(np.array([one[0] for one in found], dtype=np.str_), *whole, *columns[4:])


def joined(parts: Sequence[Foretold]) -> Foretold:
    """Several in one, to be looked at together once their truth is known."""
    return Foretold(*(np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Foretold)))


@dataclass(frozen=True, slots=True)
class Truth:
    """What was true; matrices of shape (n, n_ages), micros a day, NaN beyond `until`."""

    value: Floats
    effect: Floats

    @classmethod
    def joined(cls, parts: Sequence["Truth"]) -> "Truth":
        """Several in one, in the order in which the foretold are joined."""
        return cls(np.concatenate([p.value for p in parts]), np.concatenate([p.effect for p in parts]))


def truth(said: Foretold, market: Market, *, until: int, ages: Sequence[int] = AGES) -> Truth:
    """The true mean value at the new budgets, and the true difference to the old ones.

    Args:
        until: Days from this one on are not asked for.
    """
    days = range(until)
    curves = expectation(market, days)
    shape = (len(said), len(ages))
    value, effect = np.full(shape, np.nan), np.full(shape, np.nan)
    for column, age in enumerate(ages):
        asked = np.flatnonzero(said.days + age < until)
        budgets = np.zeros((len(days), len(market)))
        for row in asked.tolist():
            day, campaign = int(said.days[row]) + age, int(said.campaigns[row])
            budgets[day, campaign] = said.after[row]
        after = curves.value(budgets.astype(np.int64))
        for row in asked.tolist():
            budgets[int(said.days[row]) + age, int(said.campaigns[row])] = said.before[row]
        before = curves.value(budgets.astype(np.int64))
        cells = said.days[asked] + age, said.campaigns[asked]
        value[asked, column] = after[cells]
        effect[asked, column] = after[cells] - before[cells]
    return Truth(value, effect)


def coverage(said: Foretold, true: Truth, ages: Sequence[int] = AGES) -> list[CoverageRow]:
    """How the intervals held, by strategy: all ages together, by age, and by maturity."""
    rows = []
    for source in np.unique(said.sources):
        mine = said.sources == source
        groups: list[tuple[str, Flags, Sequence[int]]] = [("all", mine, range(len(ages)))]
        groups += [(f"age {age}", mine, [column]) for column, age in enumerate(ages)]
        for low, high in pairwise(MATURITIES):
            ripe = mine & (said.maturity >= low) & (said.maturity < high)
            groups.append((f"maturity {low:.1f} to {min(high, 1.0):.1f}", ripe, range(len(ages))))
        for group, chosen, columns in groups:
            part = said.take(chosen)
            value, effect = (matrix[chosen][:, list(columns)] for matrix in (true.value, true.effect))
            rows += [
                row
                for interval, bounds, asked in (
                    ("posterior", (part.mean, part.low, part.high), value),
                    ("effect", (part.effect, part.effect_low, part.effect_high), effect),
                )
                if (row := _row(str(source), interval, group, bounds, asked)) is not None
            ]
    return rows


def _row(
    source: str, interval: str, group: str, bounds: tuple[Floats, Floats, Floats], true: Floats
) -> CoverageRow | None:
    """None where nothing is in the group."""
    mean, low, high = (np.repeat(bound[:, None], true.shape[1], axis=1) for bound in bounds)
    known = ~np.isnan(true) & ~np.isnan(mean)
    if not known.any():
        return None
    off = true[known] - mean[known]
    half = np.where(off < 0, mean[known] - low[known], high[known] - mean[known])
    stretch = np.divide(np.abs(off), half, out=np.where(off == 0, 0.0, np.inf), where=half > 0)
    expected = float(mean[known].sum())
    return CoverageRow(
        strategy=source,
        interval=interval,
        group=group,
        n=int(known.sum()),
        covered_50=float((stretch <= _HALVES[50]).mean()),
        covered_80=float((stretch <= _HALVES[80]).mean()),
        covered_90=float((stretch <= _HALVES[90]).mean()),
        bias=float(true[known].sum()) / expected - 1.0 if expected else None,
        stretch=float(np.quantile(stretch, 0.8, method="inverted_cdf")),
    )


def _stated(
    plans: Sequence[Plan], market: Market, rows: Mapping[str, int]
) -> Iterator[tuple[str | float, ...]]:
    for plan in sorted(plans, key=lambda one: one.drawn_up_at):
        day = (plan.drawn_up_at.date() - market.first_day).days
        for decision in plan.decisions:
            evidence, change = decision.proposal.evidence, decision.change
            posterior, effect = evidence.posterior, evidence.expected_effect
            if (
                change is None
                or posterior is None
                or change.lever is not Lever.DAILY_BUDGET
                or change.after != decision.proposal.target
                or goal_of(evidence.posterior_of) is not Goal.VALUE
                or change.ref.id not in rows
            ):
                continue
            nothing = float("nan")
            yield (
                decision.proposal.source,
                day,
                rows[change.ref.id],
                number_of(change.before),
                number_of(change.after),
                *(figure * MICROS for figure in (posterior.mean, posterior.low, posterior.high)),
                *(
                    (nothing,) * 3
                    if effect is None
                    else (figure * MICROS for figure in (effect.mean, effect.low, effect.high))
                ),
                nothing if evidence.maturity is None else evidence.maturity,
            )
