"""Promise: what a target asks of a plan, which has to lie above it by part of what it may be wrong by."""

import numpy as np

from agent.domain.entity import Floats
from agent.domain.money import MICROS
from agent.domain.portfolio import Goal, Portfolio
from strategies.response.allocation import Target
from strategies.response.curves import Curves, believed_curves
from strategies.response.model import Model

_MOST_DEVIATION = 0.04


def targets_of(portfolio: Portfolio | None, model: Model, present: Floats, *, caution: float) -> list[Target]:
    """What the portfolio has to return.

    Whoever picks what looks best picks what is overrated as well (Smith and Winkler 2006, "The
    Optimizer's Curse"), so the target is raised. A standard deviation counts for 4 % at most: an
    account that knows little would otherwise spend too little to ever know more.

    Args:
        present: Shape (n,), micros, budgets as they stand.
        caution: By how many standard deviations of what all campaigns together return.
    """
    asked = []
    if portfolio is not None and portfolio.target_roas is not None:
        asked.append((portfolio.target_roas.millionths / MICROS, Goal.VALUE))
    if portfolio is not None and portfolio.target_cpa is not None:
        asked.append((1.0 / portfolio.target_cpa.micros, Goal.CONVERSIONS))
    targets = []
    for least, counted in asked:
        curves = believed_curves(model, counted)
        margin = caution * min(_deviation(model, curves, counted, present), _MOST_DEVIATION)
        targets.append(Target(least * (1.0 + margin), curves))
    return targets


def _deviation(model: Model, curves: Curves, counted: Goal, present: Floats) -> float:
    """Standard deviation over mean of what the present budgets return together."""
    rates = model.rates
    variation = rates.mean_square / rates.mean**2 - 1.0 + 1.0 / model.clicks.strength
    if counted is Goal.VALUE:
        variation = variation + model.orders.variation
    units = curves.at(present[:, None])[:, 0]
    total = float(units.sum())
    return float(np.sqrt(np.maximum(variation, 0.0) @ units**2)) / total if total > 0 else np.inf
