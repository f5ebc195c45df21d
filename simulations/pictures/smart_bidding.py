"""Smart bidding: how the targets of one account move, few and small steps at a time."""

import numpy as np
from plotly.graph_objects import Figure

from agent.domain.lever import Lever
from agent.domain.money import MICROS
from agent.domain.portfolio import Goal, Portfolio
from simulations.pages.figures import Line, lines
from simulations.smart_bidding.life import HISTORY_DAYS, opened, steered
from simulations.smart_bidding.market import SmartBidding, World
from strategies.thompson_target import ThompsonTarget

_DAYS = 84
_SEED = 300
_SHOWN = 6


def targets_over_time() -> Figure:
    """Target ROAS of six campaigns over twelve weeks, after eight weeks of history."""
    market = SmartBidding(World(), _SEED, HISTORY_DAYS + _DAYS)
    life = opened(market, Portfolio("all", Goal.VALUE))
    steered(life, ThompsonTarget("thompson_target"), _DAYS, _SEED)
    stood = life.snapshot().memory[Lever.TARGET_ROAS].stood[:, -_DAYS:] / MICROS
    days = np.arange(1.0, stood.shape[1] + 1)
    moved = np.argsort(-np.abs(np.diff(np.log(stood), axis=1)).sum(axis=1), kind="stable")[:_SHOWN]
    drawn = [Line(f"campaign {row}", days, stood[row]) for row in sorted(moved.tolist())]
    return lines(drawn, x_title="day", y_title="target ROAS", y_format=".1f")
