"""Reasons: new targets, and targets that wait, as a reviewer reads them."""

from collections.abc import Iterator

import numpy as np

from agent.domain.entity import Floats
from agent.domain.lever import Lever, Ratio, Value
from agent.domain.money import MICROS, Money
from agent.domain.portfolio import Goal
from agent.domain.proposal import Evidence, Figure, Interval, Proposal
from agent.domain.snapshot import Snapshot
from strategies.budgets.window import Window, window
from strategies.targets.aims import Aims
from strategies.targets.book import Book
from strategies.targets.steps import Steps

_WINDOW_DAYS = 28


def target_proposals(
    snapshot: Snapshot, book: Book, aims: Aims, steps: Steps, goal: Goal, *, source: str
) -> Iterator[Proposal]:
    """Propose each target that moves or would be worth moving, in the order of the account."""
    recent = window(snapshot, book.rows, _WINDOW_DAYS)
    group = "" if snapshot.portfolio is None else snapshot.portfolio.name
    wished = np.flatnonzero(steps.wished != 0.0)
    for position in wished[np.argsort(book.rows[wished])].tolist():
        lever = book.lever(position)
        yield Proposal(
            ref=snapshot.entities.ref(int(book.rows[position])),
            lever=lever,
            target=_target(snapshot, book, position, float(steps.looser[position])),
            because=_because(snapshot, aims, steps, goal, position),
            source=source,
            group=group,
            evidence=_evidence(recent, steps, goal, position),
        )


def _target(snapshot: Snapshot, book: Book, position: int, looser: float) -> Value:
    """The new value; a loosened or tightened one is rounded to what spends less."""
    number = int(book.present[position])
    if looser == 0.0:
        return Ratio(number) if book.is_roas[position] else Money(number, snapshot.currency)
    account = snapshot.entities.account
    if book.is_roas[position]:
        step = account.step(Lever.TARGET_ROAS)
        return Ratio(-int(-number * np.exp(-looser) // step) * step)
    step = account.step(Lever.TARGET_CPA)
    return Money(max(int(number * np.exp(looser)) // step * step, step), snapshot.currency)


def _because(snapshot: Snapshot, aims: Aims, steps: Steps, goal: Goal, position: int) -> str:
    here, usual = float(steps.marginal[position]), 1.0 / steps.price if steps.price > 0 else np.inf
    unit, scale = ("conversion", MICROS) if goal is Goal.CONVERSIONS else (f"{snapshot.currency} of value", 1)
    if np.isfinite(here):
        said = f"the next {unit} costs {here / scale:,.2f} {snapshot.currency} here"
    else:
        said = "a looser target brings nothing more here"
    if np.isfinite(usual):
        said += f", {usual / scale:,.2f} is what the last one may cost in the portfolio"
    lost = aims.lost.sentence(position)
    said += f"; {lost}" if lost else ""
    direction = "looser" if steps.wished[position] > 0 else "tighter"
    if steps.looser[position] == 0.0:
        return f"waits, although {direction} would be better: {steps.waits[position]}; {said}"
    return f"{direction}: {said}; pays with a probability of {steps.sure[position]:.0%}"


def _evidence(recent: Window, steps: Steps, goal: Goal, position: int) -> Evidence:
    scale = 1.0 if goal is Goal.CONVERSIONS else float(MICROS)
    name = "conversions" if goal is Goal.CONVERSIONS else f"conversion value in {recent.currency}"
    cost = _interval(steps.cost[:, position] / MICROS)
    return Evidence(
        figures=(
            *recent.figures(position, goal),
            Figure(
                "cost a day after it",
                f"{cost.mean:,.2f} ({cost.low:,.2f} to {cost.high:,.2f}) {recent.currency}",
            ),
        ),
        posterior_of=f"{name} per day at the wished target",
        posterior=_interval(steps.units[:, position] / scale),
        expected_effect=_interval(steps.effect[:, position] / scale)
        if steps.looser[position] != 0.0
        else None,
        maturity=float(recent.maturity[position]),
        propensity=float(steps.sure[position]),
    )


def _interval(drawn: Floats) -> Interval:
    low, high = np.quantile(drawn, [0.1, 0.9])
    return Interval(float(drawn.mean()), float(low), float(high))
