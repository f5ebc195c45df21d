"""Budgets: what sharing strategies earn day by day, and what one of them believes of a campaign."""

from collections.abc import Mapping

import numpy as np
from plotly.graph_objects import Figure

from agent.domain.entity import Floats, Numbers
from agent.domain.lever import Lever
from agent.domain.money import MICROS
from agent.domain.portfolio import Goal
from agent.domain.snapshot import Snapshot
from agent.ports.deciding import Strategy
from simulations.laboratory.budgets.diary import Diary
from simulations.laboratory.budgets.life import live
from simulations.laboratory.budgets.ours import Proposing
from simulations.laboratory.budgets.stage import stage_of
from simulations.laboratory.budgets.track import FIRST_DAY
from simulations.market import Market
from simulations.oracle import expectation, mean_value, optimum
from simulations.pages.figures import Line, lines
from simulations.worlds import WORLDS
from strategies.budgets.pot import open_pot
from strategies.equal_split import EqualSplit
from strategies.hold import Hold
from strategies.proportional_roas import ProportionalRoas
from strategies.response.history import read_history
from strategies.response.model import learn
from strategies.thompson_budget import ThompsonBudget

_DAYS = 60
_SEEDS = range(300, 312)
_SHOWN_SEED = 300


def value_over_time() -> Figure:
    """Share of the clairvoyant's value on each day after 28 days near equal ground (world A8)."""
    strategies: Mapping[str, Strategy] = {
        strategy.name: strategy
        for strategy in (
            ThompsonBudget("thompson_budget"),
            ProportionalRoas("proportional_roas"),
            EqualSplit("equal_split"),
            Hold("hold"),
        )
    }
    days = np.arange(1.0, _DAYS + 1)
    drawn = []
    for place, (name, strategy) in enumerate(strategies.items()):
        value = np.array([_value(strategy, seed) for seed in _SEEDS])
        low, high = np.percentile(value, [10, 90], axis=0)
        drawn.append(Line(name, days, value.mean(axis=0), low, high, main=place == 0))
    return lines(drawn, x_title="day", y_title="value, share of the clairvoyant's", y_format=".0%")


def response_curve() -> Figure:
    """One campaign's conversion value a day at every budget: the truth, and what was learned in 60 days."""
    market = Market(WORLDS["A8"], _SHOWN_SEED, FIRST_DAY)
    snapshot = _after(market, _DAYS)
    pot = open_pot(snapshot)
    model = learn(read_history(snapshot, pot, _DAYS), Goal.VALUE)
    place = int(np.argsort(pot.present)[len(pot.rows) // 2])
    row = int(pot.rows[place])
    budgets = np.linspace(0.1, 3.0, 60) * float(pot.present[place])
    believed = [model.believed(_only(pot.present, place, budget)) for budget in budgets]
    low, mean, high = (
        np.array([getattr(belief, edge)[place] for belief in believed]) / MICROS
        for edge in ("low", "mean", "high")
    )
    day = market.world.history_days + _DAYS
    standing = snapshot.entities.levers[Lever.DAILY_BUDGET].numbers
    truth = [
        mean_value(market, day, _only(standing, row, budget).astype(np.int64))[row] for budget in budgets
    ]
    spent = model.history.spend[place][model.history.told[place]] / MICROS
    axis = budgets / MICROS
    drawn = [
        Line("learned, 80 % band", axis, mean, low, high, main=True),
        Line("the truth", axis, np.array(truth) / MICROS, dashed=True),
    ]
    figure = lines(drawn, x_title="EUR spent in a day", y_title="conversion value a day, EUR")
    figure.add_scatter(
        x=spent,
        y=np.zeros_like(spent),
        mode="markers",
        name="days that were seen",
        marker={"symbol": "line-ns-open", "size": 9, "color": "#8a919c"},
    )
    return figure


def _value(strategy: Strategy, seed: int) -> Floats:
    market = Market(WORLDS["A8"], seed, FIRST_DAY)
    life = live(stage_of(market, _DAYS), Proposing(strategy), np.random.default_rng(seed))
    first = market.world.history_days
    days = range(first, first + _DAYS)
    value: Floats = expectation(market, days).value(life.budgets).sum(axis=1) / optimum(market, days).value
    return value


def _after(market: Market, n_days: int) -> Snapshot:
    """What is known after the history and some days under thompson_budget."""
    stage = stage_of(market, n_days)
    life = live(stage, Proposing(ThompsonBudget("thompson_budget")), np.random.default_rng(_SHOWN_SEED))
    diary = Diary(stage_of(market, n_days + 1))
    for day, budgets in enumerate([*stage.history, *life.budgets]):
        diary.enter(budgets, stage.outcome(day, budgets))
    return diary.morning(n_days, life.budgets[-1]).snapshot


def _only(budgets: Numbers, place: int, budget: float) -> Floats:
    """The same budgets with another one at a place."""
    changed = budgets.astype(np.float64)
    changed[place] = budget
    return changed
