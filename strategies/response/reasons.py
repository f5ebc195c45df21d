"""Reasons: why a budget should move, in a sentence and in figures, for whoever has to approve it."""

from dataclasses import dataclass

import numpy as np

from agent.domain.entity import Floats
from agent.domain.money import MICROS
from agent.domain.portfolio import Goal
from agent.domain.proposal import Evidence, Figure
from agent.domain.snapshot import Snapshot
from strategies.budgets.pot import Pot
from strategies.budgets.window import Window, window
from strategies.levers.lever_choice import LeverChoice
from strategies.response.curves import Curves, Draws
from strategies.response.model import Belief, Model

_WINDOW_DAYS = 14
_NUDGE = 1.02


@dataclass(frozen=True, slots=True)
class Reasons:
    """Everything that sentences and evidence are made from; columns of shape (n,).

    Attributes:
        present: Budgets as they stand, micros.
        unspent: What of them is not spent, micros a day.
        marginal: Goal that one more micro brings at the present spend.
        average: The same over the pot, by present budgets.
        agreeing: Share of the single draws in which the return at the present budget is on the
            same side of the pot's price: an estimate of the probability that one draw alone
            would have moved the budget this way.
        held_back: What keeps each campaign from more impressions.
        after, effect: Belief about a day at the new budget, and about the difference to now.
    """

    goal: Goal
    currency: str
    recent: Window
    present: Floats
    unspent: Floats
    marginal: Floats
    average: float
    agreeing: Floats
    held_back: LeverChoice
    after: Belief
    effect: Belief

    def sentence(self, row: int) -> str:
        """Why the budget of this row of the pot moves."""
        here, usual = self._rate(float(self.marginal[row])), self._rate(self.average)
        if self.goal is Goal.VALUE:
            text = f"the next {self.currency} here returns {here}, on average in the pot {usual}"
        else:
            text = f"one more conversion here costs {here}, on average in the pot {usual}"
        if self.unspent[row] > 0:
            left, had = self.unspent[row] / MICROS, self.present[row] / MICROS
            return f"spends {had - left:.2f} of its {had:.2f} {self.currency} a day; others can use the rest"
        effect = self.effect.interval(row, self._unit)
        gain = (
            f"{effect.mean:+.2f} {self._unit_name} a day expected ({effect.low:+.2f} to {effect.high:+.2f})"
        )
        lost = self.held_back.sentence(row)
        missing = f"; {lost}" if lost else ""
        return f"{text}; {gain}{missing}"

    def evidence(self, row: int) -> Evidence:
        """The figures and beliefs behind the sentence."""
        name = "return of the next unit" if self.goal is Goal.VALUE else "cost of the next conversion"
        figure = Figure(name, self._rate(float(self.marginal[row])))
        return Evidence(
            figures=(*self.recent.figures(row, self.goal), figure),
            posterior_of=f"{self._goal_name} per day at the new budget",
            posterior=self.after.interval(row, self._unit),
            expected_effect=self.effect.interval(row, self._unit),
            maturity=float(self.recent.maturity[row]),
            propensity=float(self.agreeing[row]),
        )

    @property
    def _unit(self) -> float:
        return float(MICROS) if self.goal is Goal.VALUE else 1.0

    @property
    def _unit_name(self) -> str:
        return self.currency if self.goal is Goal.VALUE else "conversions"

    @property
    def _goal_name(self) -> str:
        return f"conversion value in {self.currency}" if self.goal is Goal.VALUE else "conversions"

    def _rate(self, marginal: float) -> str:
        if self.goal is Goal.VALUE:
            return f"{marginal:.2f}"
        return f"{1 / marginal / MICROS:.2f} {self.currency}" if marginal > 0 else "unknown"


def reasons(
    snapshot: Snapshot,
    pot: Pot,
    model: Model,
    *,
    drawn: Draws,
    curves: Curves,
    price: float,
    after: Floats,
    reach: Floats,
    held_back: LeverChoice,
) -> Reasons:
    """Gather the reasons for all rows of the pot at once.

    Args:
        price: Goal per micro that the last unit of the pot earns.
        after: Shape (n,), the new budgets, micros.
        reach: Shape (n,), micros, what is really spent of a larger budget.
        held_back: Of the pot's rows.
    """
    standing = np.maximum(pot.present, 1).astype(np.float64)
    present = np.minimum(standing, reach)
    around = np.stack([present / _NUDGE, present * _NUDGE], axis=1)
    width = around[:, 1] - around[:, 0]
    values = curves.at(around)
    marginal = (values[:, 1] - values[:, 0]) / width
    heights = model.heights(around[:, 1]) - model.heights(around[:, 0])
    single = np.take_along_axis(heights, drawn.shape, axis=1) * drawn.value / width[:, None]
    # The draws know nothing of delivery, the curves do.
    usual = single.mean(axis=1)
    delivered = np.divide(marginal, usual, out=np.ones_like(usual), where=usual > 0)
    above = (single * delivered[:, None] > price).mean(axis=1)
    return Reasons(
        goal=model.goal,
        currency=snapshot.currency,
        recent=window(snapshot, pot.rows, _WINDOW_DAYS),
        present=standing,
        unspent=standing - present,
        marginal=marginal,
        average=float((marginal * present).sum() / present.sum()),
        agreeing=np.where(after > pot.present, above, 1.0 - above),
        held_back=held_back,
        after=model.believed(np.minimum(after, reach)),
        effect=model.believed_step(present, np.minimum(after, reach)),
    )
