"""Month: what a month is forecast to cost, day by day, with and without pacing."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
from numpy.random import Generator
from plotly.graph_objects import Figure

from agent.domain.money import MICROS, Money
from agent.domain.month.budget import MonthBudget
from agent.domain.month.pot import month_outlook
from agent.domain.proposal import Interval, Proposal
from agent.domain.snapshot import Snapshot
from agent.ports.deciding import Strategy
from simulations.laboratory.budgets.life import live
from simulations.laboratory.budgets.ours import Proposing
from simulations.laboratory.budgets.stage import stage_of
from simulations.market import Market
from simulations.pages.figures import Line, lines
from simulations.worlds import WORLDS
from strategies.hold import Hold
from strategies.pacing import Pacing

_SEED = 300
_DAYS = 31
_TOO_MUCH = 1.15


@dataclass(frozen=True, slots=True)
class _Monthly:
    """A strategy that is given a month budget; each morning's forecast is kept."""

    strategy: Strategy
    budget: MonthBudget
    forecasts: list[Interval] = field(default_factory=list)

    def propose(self, snapshot: Snapshot, rng: Generator) -> Iterable[Proposal]:
        assert snapshot.portfolio is not None, "the laboratory's campaigns are one portfolio"
        monthly = replace(snapshot, portfolio=replace(snapshot.portfolio, daily_pot=None, month=self.budget))
        outlook = month_outlook(monthly)
        assert outlook is not None, "has a month budget"
        self.forecasts.append(outlook.as_is)
        return self.strategy.propose(monthly, rng)


def a_month() -> Figure:
    """Budgets that would overspend the month by 15 %; the market begins a month earlier."""
    market = Market(WORLDS["A8"], _SEED, date(2026, 2, 1))
    amount = Money(int(market.pot_micros * _DAYS / _TOO_MUCH) // 10_000 * 10_000, "EUR")
    days = np.arange(1.0, _DAYS + 1)
    drawn = []
    for strategy, name in ((Pacing("pacing"), "with pacing"), (Hold("hold"), "left alone")):
        monthly = _Monthly(strategy, MonthBudget(amount))
        live(stage_of(market, _DAYS), Proposing(monthly), np.random.default_rng(_SEED))
        mean, low, high = np.array([(one.mean, one.low, one.high) for one in monthly.forecasts]).T / MICROS
        drawn.append(Line(name, days, mean, low, high, main=name == "with pacing"))
    drawn.append(Line("month budget", days, np.full(_DAYS, amount.micros / MICROS), dashed=True))
    return lines(drawn, x_title="morning of March", y_title="forecast cost of the month, EUR")
