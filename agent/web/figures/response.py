"""Response: what money brings, as a model believed it, with the old and the new budget on the curve."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from agent.domain.entity import Floats
from agent.domain.lever import Lever, number_of
from agent.domain.money import MICROS
from agent.domain.month.pot import with_todays_pot
from agent.domain.plan import Decision
from agent.domain.portfolio import Goal
from agent.domain.responses import Responses
from agent.domain.snapshot import Snapshot
from agent.parts import Parts
from agent.ports.deciding import Believer
from agent.steps.decide import members

WIDTH, HEIGHT = 640.0, 260.0
MULTIPLES: Floats = np.geomspace(0.25, 2.5, 41)
"""Budgets at which the curve is worked out, as multiples of the present one."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A budget on the curve, in EUR (or its like) a day and in the box.

    Attributes:
        gained: What is believed there, with its range.
    """

    label: str
    budget: float
    gained: float
    low: float
    high: float
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class ResponseChart:
    """A curve with its band.

    Attributes:
        gained: What stands upwards: "conversion value, EUR a day".
        band, line: SVG path data in a box of WIDTH x HEIGHT.
        spots: The old budget, and the new one where something changes.
        data: The same as JSON, for Plotly.
    """

    gained: str
    currency: str
    most_budget: float
    most_gained: float
    least_budget: float
    band: str
    line: str
    spots: tuple[Spot, ...]
    data: str


def responses_then(parts: Parts, snapshot: Snapshot, source: str, portfolio: str) -> Responses | None:
    """What this decider believed of the budgets of a portfolio; None where it has no model that tells."""
    for desk, rows in zip(parts.desks, members(snapshot, parts.desks), strict=True):
        if desk.portfolio.name != portfolio:
            continue
        for decider in desk.deciders:
            if decider.name == source and isinstance(decider.strategy, Believer):
                cut = with_todays_pot(snapshot.only(rows, desk.portfolio))
                return decider.strategy.responses(cut, MULTIPLES)
    return None


def response_chart(found: Responses, decision: Decision, currency: str) -> ResponseChart | None:
    """The curve of the budget that a decision is about; None where it is not among them."""
    ref = decision.proposal.ref
    if decision.proposal.lever is not Lever.DAILY_BUDGET or ref not in found.refs:
        return None
    row = list(found.refs).index(ref)
    by_value = found.goal is Goal.VALUE
    unit = MICROS if by_value else 1
    x = found.budgets[row] / MICROS
    mean, low, high = found.mean[row] / unit, found.low[row] / unit, found.high[row] / unit
    left, right, top = float(x[0]), float(x[-1]), float(high.max()) or 1.0

    def place(budget: float, gained: float) -> str:
        return f"{(budget - left) / (right - left) * WIDTH:.1f} {HEIGHT - gained / top * HEIGHT:.1f}"

    def spot(label: str, micros: float) -> Spot:
        budget = micros / MICROS
        at = [float(np.interp(budget, x, one)) for one in (mean, low, high)]
        across, down = map(float, place(budget, at[0]).split())
        return Spot(label, budget, at[0], at[1], at[2], across, down)

    moves = [("now", float(found.present[row]))]
    if decision.change is not None:
        moves.append(("new", float(number_of(decision.change.after))))
    spots = tuple(spot(label, micros) for label, micros in moves)
    upper = [place(*pair) for pair in zip(x, high, strict=True)]
    lower = [place(*pair) for pair in zip(x[::-1], low[::-1], strict=True)]
    gained = f"conversion value, {currency} a day" if by_value else "conversions a day"
    return ResponseChart(
        gained,
        currency,
        right,
        top,
        left,
        "M" + " L".join([*upper, *lower]) + " Z",
        "M" + " L".join(place(*pair) for pair in zip(x, mean, strict=True)),
        spots,
        _json(x, (mean, low, high), spots, gained, currency),
    )


def _json(x: Floats, curves: Sequence[Floats], spots: Sequence[Spot], gained: str, currency: str) -> str:
    mean, low, high = ([round(float(one), 4) for one in curve] for curve in curves)
    told = {
        "x": [round(float(one), 2) for one in x],
        "mean": mean,
        "low": low,
        "high": high,
        "spots": [{"label": one.label, "x": one.budget, "y": round(one.gained, 4)} for one in spots],
        "xTitle": f"daily budget, {currency}",
        "yTitle": gained,
    }
    return json.dumps(told, separators=(",", ":"))
