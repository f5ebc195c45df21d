"""Steps: which targets are moved today, how far, and why the others wait."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from agent.domain.entity import Flags, Floats
from strategies.targets.aims import Aims
from strategies.targets.book import Book
from strategies.targets.choice import GRID, Curves, best, curves_of, price_of_money
from strategies.targets.response import Response
from strategies.targets.weeks import Weeks

_HORIZON_DAYS = 28.0
_LEARNING_COST_DAYS = 0.5
_JUDGES = 200
_NUDGE = 0.02
_IDLE = 0.5
_NOW, _WISHED, _LESS, _MORE = range(4)  # columns of what is judged


@dataclass(frozen=True, slots=True)
class Patience:
    """How seldom and how far targets move; steps are logarithms of factors. See `ThompsonTarget`."""

    max_step: float
    min_step: float
    rest_days: float
    min_conversions: float
    confidence: float
    at_once: float


@dataclass(frozen=True, slots=True)
class Steps:
    """Columns of shape (n,), in the order of the book.

    Attributes:
        looser: Logarithm of the factor by which each target is loosened today; 0: it stays.
        wished: The same if nothing had to wait.
        waits: Why a wish waits, "" where it does not.
        sure: Probability that the wish pays.
        effect: Shape (n_draws, n), units a day that the wish adds.
        units, cost: Shape (n_draws, n), units and cost a day after the wish.
        price: Units that the last micro brings in the portfolio.
        marginal: Micros that the next unit costs at the present target.
    """

    looser: Floats
    wished: Floats
    waits: tuple[str, ...]
    sure: Floats
    effect: Floats
    units: Floats
    cost: Floats
    price: float
    marginal: Floats


def steps_of(
    book: Book,
    weeks: Weeks,
    response: Response,
    aims: Aims,
    patience: Patience,
    *,
    rng: Generator,
    n_draws: int,
) -> Steps:
    """Decide; the draws decide what is wished, what is believed over many more draws decides if it pays."""
    grid = GRID * patience.max_step
    drawn = _curves(response, aims, grid, rng, n_draws).mean()
    price = price_of_money(drawn, aims.limits)
    looser = np.clip(grid[best(drawn, price)], -patience.max_step, patience.max_step)
    looser = np.where(np.abs(looser) >= patience.min_step, looser, 0.0)

    around = np.stack(
        [np.zeros(len(looser)), looser, *np.broadcast_to([[-_NUDGE], [_NUDGE]], (2, len(looser)))]
    )
    believed = _curves(response, aims, around.T, rng, _JUDGES)
    units, cost = believed.units[:, :, _WISHED], believed.cost[:, :, _WISHED]
    now_units, now_cost = believed.units[:, :, _NOW], believed.cost[:, :, _NOW]
    # Money that would stay unspent is worth less than the price at which everybody gets a step.
    worth = np.where(looser > 0.0, _IDLE * price, price)
    gains = units - now_units - worth * (cost - now_cost)
    learning = _LEARNING_COST_DAYS / _HORIZON_DAYS * now_units
    sure = (gains > learning).mean(axis=0)
    middle = believed.mean()
    waits = _waits(book, aims, patience, looser, sure)
    order = np.argsort(-(gains - learning).mean(axis=0), kind="stable")
    chosen = _chosen(book, aims, patience, middle, looser=looser, waits=waits, order=order)
    return Steps(
        looser=np.where(chosen, looser, 0.0),
        wished=looser,
        waits=tuple(waits),
        sure=sure,
        effect=units - now_units,
        units=units,
        cost=cost,
        price=price,
        marginal=_marginal(middle),
    )


def _curves(response: Response, aims: Aims, looser: Floats, rng: Generator, n_draws: int) -> Curves:
    return curves_of(
        response.units.draw(rng, n_draws),
        response.price.draw(rng, n_draws),
        looser,
        unlimited=aims.unlimited,
        budget=aims.budget,
        allowed=aims.allowed,
    )


def _waits(book: Book, aims: Aims, patience: Patience, looser: Floats, sure: Floats) -> list[str]:
    """Why each wish has to wait, the most telling reason alone."""
    reasons = []
    for row in range(len(looser)):
        rested, conversions = float(book.rested_days[row]), float(aims.conversions[row])
        if looser[row] == 0.0:
            reasons.append("")
        elif book.learning[row]:
            reasons.append("the platform is still learning")
        elif rested < patience.rest_days:
            reasons.append(f"its target changed {rested:.0f} days ago and rests for {patience.rest_days:.0f}")
        elif conversions < patience.min_conversions:
            reasons.append(
                f"{conversions:.0f} conversions were reported in four weeks, "
                f"{patience.min_conversions:.0f} are needed"
            )
        elif looser[row] > 0.0 and np.isfinite(aims.budget[row]):
            reasons.append("its budget runs out, so a looser target would buy the same dearer")
        elif sure[row] < patience.confidence:
            reasons.append(
                f"it would pay with a probability of {sure[row]:.0%}, {patience.confidence:.0%} are needed"
            )
        else:
            reasons.append("")
    return reasons


def _chosen(
    book: Book,
    aims: Aims,
    patience: Patience,
    curves: Curves,
    *,
    looser: Floats,
    waits: list[str],
    order: NDArray[np.intp],
) -> Flags:
    """The best steps, loosening while the limits have room and tightening else; notes why others wait.

    Steps are few at a time, so each makes the sum fit by itself: were all tightened first that
    should be, the room that they make would lie idle for weeks.
    """
    n = len(looser)
    chosen, at = np.zeros(n, dtype=bool), np.full(n, _NOW)
    settling = int((book.learning | (book.rested_days < patience.rest_days)).sum())
    slots = max(int(np.ceil(patience.at_once * n)) - settling, 0)
    open_ = [row for row in order.tolist() if looser[row] != 0.0 and not waits[row]]
    while open_ and slots > 0:
        fits = [row for row in open_ if looser[row] > 0 and _keeps(curves, _with(at, row), aims)]
        tighter = [row for row in open_ if looser[row] < 0]
        if not fits and not tighter:
            break
        row = (fits or tighter)[0]
        chosen[row], at, slots = True, _with(at, row), slots - 1
        open_.remove(row)
    for row in open_:
        full = "enough other targets are settling after a change"
        waits[row] = full if slots == 0 else "others have to be tightened first to make room for it"
    return chosen


def _with(at: NDArray[np.intp], row: int) -> NDArray[np.intp]:
    moved = at.copy()
    moved[row] = _WISHED
    return moved


def _keeps(curves: Curves, at: NDArray[np.intp], aims: Aims) -> bool:
    rows = np.arange(len(at))
    cost, counted = curves.cost[rows, at].sum(), curves.counted[rows, at].sum()
    return bool(cost <= aims.limits.pot and (not aims.limits.targeted or cost <= counted))


def _marginal(curves: Curves) -> Floats:
    """Cost of the next unit, by a small step around the present; infinite where there is none."""
    units = curves.units[:, _MORE] - curves.units[:, _LESS]
    cost = curves.cost[:, _MORE] - curves.cost[:, _LESS]
    marginal: Floats = np.divide(cost, units, out=np.full_like(cost, np.inf), where=units > 0)
    return marginal
