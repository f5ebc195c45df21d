"""Reasons: why a bid should move, in a sentence and in figures, for whoever has to approve it."""

from dataclasses import dataclass

import numpy as np

from agent.domain.entity import Floats, Numbers
from agent.domain.money import MICROS, Money
from agent.domain.portfolio import Goal
from agent.domain.proposal import Evidence, Figure
from agent.domain.snapshot import Snapshot
from strategies.bids.book import Book
from strategies.bids.landscape import Landscape
from strategies.bids.pacing import Bids
from strategies.bids.worth import Worth
from strategies.budgets.window import Window, window
from strategies.levers.lever_choice import LeverChoice, lever_choice
from strategies.response.model import Belief

_WINDOW_DAYS = 14
_NORMAL_90 = 1.2815515655446004
_SLOPE_VARIATION = 0.25  # of how clicks follow the bid


@dataclass(frozen=True, slots=True)
class Reasons:
    """Everything that sentences and evidence are made from; columns of shape (n,).

    Attributes:
        price: Goal that a micro of cost must bring.
        each, posterior, effect: Belief about a click, about a day of this entity at the new bids
            for as long as the pot lasts then, and its difference to a day at the present ones
            for as long as it lasts now; in millionths of the goal's unit. Effects add up to
            that of the plan: an entity gains by a lower bid where the pot lasts longer.
        agreeing: See `pacing.agreement`.
    """

    goal: Goal
    currency: str
    recent: Window
    worth: Worth
    price: Floats
    each: Belief
    posterior: Belief
    effect: Belief
    agreeing: Floats
    paid_as_bid: float
    lost: LeverChoice

    def sentence(self, row: int) -> str:
        """Why the bid of this row of the book moves."""
        if self.goal is Goal.VALUE:
            each = Money(round(float(self.worth.mean[row])), self.currency)
            text = f"a click brings {_two(each)} and money has to bring {self.price[row]:.2f} times itself"
        else:
            each_cost = MICROS / max(float(self.price[row]), 1e-9)
            text = (
                f"one click in {1e6 / max(float(self.worth.mean[row]), 1e-9):.0f} converts and a conversion "
                f"may cost {each_cost / MICROS:.2f} {self.currency} at the margin"
            )
        known = f"{self.worth.evidence[row]:.1f} conversions of its own"
        effect = self.effect.interval(row, MICROS)
        unit = self.currency if self.goal is Goal.VALUE else "conversions"
        spread = f"({effect.low:+.2f} to {effect.high:+.2f})"
        gain = f"{effect.mean:+.2f} {unit} a day expected {spread} with the whole plan"
        lost = self.lost.sentence(row)
        return f"{text}, known from {known}; {gain}" + (f"; {lost}" if lost else "")

    def evidence(self, row: int) -> Evidence:
        """The figures and beliefs behind the sentence."""
        name = f"conversion value in {self.currency}" if self.goal is Goal.VALUE else "conversions"
        return Evidence(
            figures=(*self.recent.figures(row, self.goal), *self._figures(row)),
            posterior_of=f"{name} per day at the new bid, all others moved too",
            posterior=self.posterior.interval(row, MICROS),
            expected_effect=self.effect.interval(row, MICROS),
            maturity=float(self.recent.maturity[row]),
            propensity=float(self.agreeing[row]),
        )

    def _figures(self, row: int) -> tuple[Figure, ...]:
        each = self.each.interval(row, MICROS)
        unit = self.currency if self.goal is Goal.VALUE else "conversions"
        return (
            Figure("worth of a click", f"{each.mean:.4f} {unit} ({each.low:.4f} to {each.high:.4f})"),
            Figure("price of money", f"{self.price[row]:.2f}"),
            Figure("share of the bid that is paid", f"{self.paid_as_bid:.2f}, the rest is the second price"),
        )


def _two(money: Money) -> str:
    return f"{money.micros / MICROS:.2f} {money.currency}"


def reasons(
    snapshot: Snapshot, book: Book, worth: Worth, landscape: Landscape, *, paced: Bids, agreeing: Floats
) -> Reasons:
    """Gather the reasons for all rows of the book at once."""
    lasts = _lasting(book, landscape, paced, paced.bids)
    lasted = _lasting(book, landscape, paced, book.present)
    before = landscape.clicks_at(book.present.astype(np.float64)) * lasted
    after = landscape.clicks_at(paced.bids.astype(np.float64)) * lasts
    level = worth.variation + landscape.width**2
    return Reasons(
        goal=worth.goal,
        currency=snapshot.currency,
        recent=window(snapshot, book.rows, _WINDOW_DAYS),
        worth=worth,
        price=paced.prices[book.campaign],
        each=_belief(worth.mean, worth.variation),
        posterior=_belief(after * worth.mean, level),
        effect=_belief((after - before) * worth.mean, level + _SLOPE_VARIATION),
        agreeing=agreeing,
        paid_as_bid=landscape.paid_as_bid,
        lost=lever_choice(snapshot, book.rows),
    )


def _belief(mean: Floats, variation: Floats) -> Belief:
    """Lognormal with this mean (of either sign) and squared coefficient of variation."""
    spread = np.sqrt(np.log1p(variation))
    middle, reach = mean * np.exp(-0.5 * spread**2), np.exp(_NORMAL_90 * spread)
    ends = np.stack([middle / reach, middle * reach])
    return Belief(mean, ends.min(axis=0), ends.max(axis=0))


def _lasting(book: Book, landscape: Landscape, paced: Bids, bids: Numbers) -> float:
    """Share of the day that the pot lasts at these bids."""
    cost = float(landscape.cost_at(bids.astype(np.float64)).sum()) * paced.scale
    return book.amount / cost if cost > book.amount else 1.0
