"""Responses: what a platform's own simulation says of other budgets and targets, with its error."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from agent.domain.advice import ResponseCurve, ResponsePoint
from agent.domain.lever import Lever
from agent.domain.ref import Kind
from simulations.curves import Floats
from simulations.groups import Slot
from simulations.journal import Field
from simulations.market import Flow, Micros
from simulations.schedule import Levers
from simulations.spending import Spending
from simulations.structure import Structure
from simulations.supply import Landscape, Supply

_CHANCE = 93  # a stream that no market draws from
_DAYS = 7
_FACTORS = (0.5, 0.7, 0.85, 1.0, 1.2, 1.5, 2.0)
_LEAN = 0.1
"""Spread of the error of the slope (log scale): at twice the setting, exp(0.1 z ln 2)."""
_OFF = 0.02
"""Spread of the error of the level (log scale)."""
_LEVERS = {
    Field.AMOUNT: Lever.DAILY_BUDGET,
    Field.TARGET_CPA: Lever.TARGET_CPA,
    Field.TARGET_ROAS: Lever.TARGET_ROAS,
}
_HUNDREDTH = 10_000


@dataclass(frozen=True, slots=True)
class _Setting:
    """The one lever of a campaign that is simulated, and its row among amounts or numbers."""

    campaign: int
    field: Field
    row: int
    standing: int

    def at(self, factor: float, unit: int) -> int:
        step = _HUNDREDTH if self.field is Field.TARGET_ROAS else unit
        return max(int(self.standing * factor) // step * step, step)


@dataclass(frozen=True, slots=True)
class _Week:
    """Means over the campaigns, shape (n_campaigns,), micros and counts of the whole period."""

    cost: Floats
    clicks: Floats
    conversions: Floats
    value: Floats


def simulate(
    market: Supply, structure: Structure, levers: Levers, today: int, unit: int
) -> Mapping[str, ResponseCurve]:
    """The last full week lived through again at other settings, by campaign id.

    Each campaign's target if it has one of its own, else its daily budget if it is its own; none
    on the first days, and on markets whose response is not known.
    """
    if today < _DAYS or not len(market) or not isinstance(market, Landscape):
        return {}
    settings = _settings(structure, levers)
    spending = Spending(market, structure)
    days = range(today - _DAYS, today)
    weeks = [_week(market, spending, days, _set(levers, settings, each, unit)) for each in _FACTORS]
    rng = np.random.default_rng((market.seed, _CHANCE, today // _DAYS))
    lean, off = rng.standard_normal((2, int(market.numbers.max()) + 1))[:, market.numbers]
    since = market.first_day + timedelta(days=days.start)
    curves = {}
    for setting in settings:
        campaign = setting.campaign
        points = {}
        for factor, week in zip(_FACTORS, weeks, strict=True):
            more = 1.0 / factor if setting.field is Field.TARGET_ROAS else factor
            error = float(np.exp(_OFF * off[campaign] + _LEAN * lean[campaign] * np.log(more)))
            number = setting.at(factor, unit)
            points[number] = ResponsePoint(
                number=number,
                cost_micros=int(week.cost[campaign] * error),
                clicks=float(week.clicks[campaign] * error),
                conversions=float(week.conversions[campaign] * error),
                value_micros=int(week.value[campaign] * error),
            )
        id_ = structure.campaigns[campaign].id
        curves[id_] = ResponseCurve(
            kind=Kind.CAMPAIGN,
            id=id_,
            lever=_LEVERS[setting.field],
            since=since,
            until=since + timedelta(days=_DAYS - 1),
            points=tuple(points[number] for number in sorted(points)),
        )
    return curves


def _settings(structure: Structure, levers: Levers) -> list[_Setting]:
    found = []
    for row, campaign in enumerate(structure.campaigns):
        targets = [
            (field, structure.slots[slot])
            for field in (Field.TARGET_CPA, Field.TARGET_ROAS)
            if (slot := Slot(Kind.CAMPAIGN, campaign.id, field)) in structure.slots
        ]
        if targets:
            field, place = targets[0]
            found.append(_Setting(row, field, place, int(levers.numbers[place])))
        elif campaign.budget_id and not campaign.strategy_id:
            place = int(structure.budget_of[row])
            budget = structure.budgets[place]
            if not budget.shared and budget.ends is None:
                found.append(_Setting(row, Field.AMOUNT, place, int(levers.amounts[place])))
    return found


def _set(levers: Levers, settings: list[_Setting], factor: float, unit: int) -> Levers:
    amounts, numbers = levers.amounts.copy(), levers.numbers.copy()
    for setting in settings:
        column: Micros = amounts if setting.field is Field.AMOUNT else numbers
        column[setting.row] = setting.at(factor, unit)
    return Levers(amounts, levers.enabled, numbers)


def _week(market: Landscape, spending: Spending, days: range, levers: Levers) -> _Week:
    cost, clicks, conversions = np.zeros((3, len(market)))
    for day in days:
        flow: Flow = spending.day(day, levers, None).flow
        cost += flow.cost
        clicks += flow.clicks
        conversions += (flow.clicks if flow.buying is None else flow.buying) * market.rate(day)
    return _Week(cost, clicks, conversions, conversions * market.campaigns.order_value)
