"""Allocations: sharing a pot over many curves, against a general solver, with the gap to the optimum.

The curves are Hill curves, tabulated as the strategy tabulates what it believes. Their exact
optimum is known by another road: the spend at which a Hill curve returns a given price has a
closed form, so one bisection over the price settles it to fifteen digits.
"""

from dataclasses import dataclass

import numpy as np
from scipy import optimize  # type: ignore[import-untyped]  # scipy ships no types

from agent.domain.entity import Floats
from simulations.speed.stopwatch import Timing, median_ms
from strategies.response.allocation import allocate
from strategies.response.curves import Curves
from strategies.response.shapes import NODES

GOALS_MS = {100: 0.04, 10_000: 0.7, 100_000: 6.0}
SOLVED_BY_SLSQP = 100
_MICROS = 1e6
_HALVINGS = 200


@dataclass(frozen=True, slots=True)
class Hills:
    """Value top * x / (half + x) at spend x, micros a day; columns of shape (n,).

    Attributes:
        low, high: Bounds of each spend.
        amount: The pot.
    """

    top: Floats
    half: Floats
    low: Floats
    high: Floats
    amount: float

    def value(self, spend: Floats) -> float:
        return float((self.top * spend / (self.half + spend)).sum())

    def spend_at(self, price: float) -> Floats:
        """Where the last micro returns this price, within the bounds."""
        spend: Floats = np.clip(np.sqrt(self.top * self.half / price) - self.half, self.low, self.high)
        return spend

    def best(self) -> Floats:
        """The exact optimum."""
        cheap, dear = 1e-12, 1e12
        for _ in range(_HALVINGS):
            price = (cheap * dear) ** 0.5
            if self.spend_at(price).sum() > self.amount:
                cheap = price
            else:
                dear = price
        return self.spend_at(dear)

    def gap(self, spend: Floats) -> float:
        """Share of the best value that is missed; above the pot nothing counts."""
        if spend.sum() > self.amount * (1 + 1e-9):
            return 1.0
        return 1.0 - self.value(spend) / self.value(self.best())


def hills(n: int, seed: int = 1) -> Hills:
    """Campaigns about as world A1 draws them; each between 0.05 and 5 equal shares."""
    rng = np.random.default_rng(seed)
    reference = _MICROS * np.exp(np.log(100) + 0.8 * rng.standard_normal(n))
    half = reference * np.exp(np.log(1.5) + 0.5 * rng.standard_normal(n))
    worth = reference * np.exp(np.log(2.5) + 0.5 * rng.standard_normal(n))
    pot = float(reference.sum())
    low, high = (np.full(n, share * pot / n) for share in (0.05, 5.0))
    return Hills(worth * (half + reference) / reference, half, low, high, pot)


def tabulated(curves: Hills) -> Curves:
    """The same curves at the strategy's nodes, around an equal share."""
    reference = np.full(len(curves.top), curves.amount / len(curves.top))
    spend = reference[:, None] * NODES
    return Curves(reference, curves.top[:, None] * spend / (curves.half[:, None] + spend))


def timings() -> list[Timing]:
    """Ours at each size, and SLSQP where it ends."""
    found = []
    for n, goal_ms in GOALS_MS.items():
        exact = hills(n)
        curves = tabulated(exact)
        ms = median_ms(lambda: allocate(curves, exact.low, exact.high, exact.amount))  # noqa: B023  # called here
        gap = exact.gap(allocate(curves, exact.low, exact.high, exact.amount).spend)
        found.append(_timing(n, "gebot", ms, gap, goal_ms))
        if n <= SOLVED_BY_SLSQP:
            ms = median_ms(lambda: solved(exact))  # noqa: B023
            found.append(_timing(n, "scipy SLSQP", ms, exact.gap(solved(exact)), None))
    return found


def solved(curves: Hills) -> Floats:
    """The same by a general solver with exact gradients, scaled as a careful user would."""
    unit = curves.amount / len(curves.top)
    scale = curves.value(np.full(len(curves.top), unit))
    result = optimize.minimize(
        lambda x: -curves.value(x * unit) / scale,
        np.ones(len(curves.top)),
        jac=lambda x: -curves.top * curves.half * unit / (curves.half + x * unit) ** 2 / scale,
        bounds=list(zip(curves.low / unit, curves.high / unit, strict=True)),
        constraints={"type": "ineq", "fun": lambda x: len(x) - x.sum(), "jac": lambda x: -np.ones(len(x))},
        method="SLSQP",
        options={"maxiter": 500, "ftol": 1e-9},
    )
    wished = result.x * unit
    spend: Floats = wished * min(1.0, curves.amount / wished.sum())
    return spend


def _timing(n: int, who: str, ms: float, gap: float, goal_ms: float | None) -> Timing:
    size = f"{n:,} campaigns"
    return Timing(work="allocate a pot", size=size, who=who, ms=ms, goal_ms=goal_ms, gap=gap, note="")
