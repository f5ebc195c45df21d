"""Responses: Google's campaign simulations as response curves. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from adapters.google_ads.targets import number_at
from agent.domain.advice import ResponseCurve, ResponsePoint
from agent.domain.lever import Lever
from agent.domain.money import MICROS
from agent.domain.ref import Kind


@dataclass(frozen=True, slots=True)
class _Simulated:
    """Where a simulation's points stand, and what of them is its lever."""

    lever: Lever
    points: str
    field: str


_BY_TYPE = {
    4: _Simulated(Lever.TARGET_CPA, "target_cpa_point_list", "target_cpa_micros"),
    6: _Simulated(Lever.TARGET_ROAS, "target_roas_point_list", "target_roas"),
    9: _Simulated(Lever.DAILY_BUDGET, "budget_point_list", "budget_amount_micros"),
}
_SCALING = 4  # modification_method: points are factors on targets of the ad groups


def responses_of(rows: Iterable[Any]) -> Iterator[ResponseCurve]:
    """Read rows of the simulation query (protobuf form).

    Simulations of budgets, target CPA and target ROAS; of other levers, and such as only scale
    what ad groups have, nothing is told.
    """
    for row in rows:
        simulation = row.campaign_simulation
        known = _BY_TYPE.get(simulation.type_)
        if known is None or simulation.modification_method == _SCALING:
            continue
        points = [_point(each, known) for each in getattr(simulation, known.points).points]
        points = sorted((each for each in points if each.number > 0), key=lambda each: each.number)
        if points:
            yield ResponseCurve(
                kind=Kind.CAMPAIGN,
                id=str(simulation.campaign_id),
                lever=known.lever,
                since=date.fromisoformat(simulation.start_date),
                until=date.fromisoformat(simulation.end_date),
                points=tuple(points),
            )


def _point(point: Any, known: _Simulated) -> ResponsePoint:
    return ResponsePoint(
        number=number_at(point, known.field, known.lever),
        cost_micros=point.cost_micros,
        clicks=float(point.clicks),
        conversions=point.biddable_conversions,
        value_micros=round(point.biddable_conversions_value * MICROS),
    )
