"""Oracle: what a clairvoyant would do, who knows each day's true mean curves. The yardstick."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special  # type: ignore[import-untyped]  # scipy ships no types

from simulations.curves import Curves, Floats
from simulations.market import Market, Micros

_HALVINGS = 60


@dataclass(frozen=True, slots=True)
class Expectation:
    """True mean value of each day as a function of the budgets.

    Means are over the day's luck: noise, and the share of the budget that stays unspent,
    which stands in by its own mean. Over-delivery is left out.

    Attributes:
        size: Shape (n_days, n_campaigns), budget that usually spends the day's reference, micros.
        worth: Shape (n_days, n_campaigns), mean conversion value there, micros.
        spent: Mean share of a budget that is spent while more could be.
    """

    curves: Curves
    size: Floats
    worth: Floats
    spent: float = 1.0

    def value(self, budgets: Micros | Floats) -> Floats:
        """Mean conversion value, micros.

        Args:
            budgets: Micros; broadcasts against (n_days, n_campaigns).

        Returns:
            The broadcast shape.
        """
        return self.worth * self.curves.at(budgets / self.size)

    def cost(self, budgets: Micros | Floats) -> Floats:
        """Mean cost, micros; as `value`."""
        return self.spent * self.size * np.minimum(budgets / self.size, self.curves.cap)

    def budgets_at(self, slope: Floats) -> Floats:
        """Where the next micro still brings `slope` micros, shape (n_days, n_campaigns)."""
        return self.size * self.curves.ratio_at(slope * self.size / self.worth)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What budgets must keep to, micros, for all days alike or each of shape (n_days, 1)."""

    pot: int | Micros
    low: int | Micros
    high: int | Micros


@dataclass(frozen=True, slots=True)
class Optimum:
    """The best budgets, micros, shape (n_days, n_campaigns), and their mean value, shape (n_days,)."""

    budgets: Micros
    value: Floats


def expectation(market: Market, days: Sequence[int]) -> Expectation:
    """The true mean curves of these days (numbers from the market's first day)."""
    world, campaigns = market.world, market.campaigns
    volume = np.stack([market.volume(day) for day in days])
    rate = np.stack([market.rate(day) for day in days])
    price = np.stack([market.price(day) for day in days])
    noise = np.exp((world.campaign_noise**2 + world.platform_noise**2) / 2)
    spent = 2.0 * np.exp(world.shortfall**2 / 2) * special.ndtr(-world.shortfall)
    return Expectation(
        curves=campaigns.curves,
        size=campaigns.reference * volume * price / spent,
        worth=campaigns.clicks * volume * noise * rate * campaigns.order_value,
        spent=float(spent),
    )


def mean_value(market: Market, day: int, budgets: Micros) -> Floats:
    """Mean conversion value of each campaign on the day, micros; budgets of shape (..., n_campaigns)."""
    return expectation(market, [day]).value(budgets).reshape(np.shape(budgets))


def optimum(
    market: Market,
    days: Sequence[int],
    *,
    pot_micros: int | None = None,
    low_micros: int | None = None,
    high_micros: int | None = None,
) -> Optimum:
    """Share each day's pot so that the mean value is the highest there is.

    Args:
        pot_micros: Of each day; the market's pot when None.
        low_micros, high_micros: Bounds of each budget; the market's bounds when None.

    Raises:
        ValueError: The low bounds alone are more than the pot.
    """
    bounds = Bounds(
        market.pot_micros if pot_micros is None else pot_micros,
        market.low_micros if low_micros is None else low_micros,
        market.high_micros if high_micros is None else high_micros,
    )
    return best_of(expectation(market, days), bounds)


def best_of(truth: Expectation, bounds: Bounds, target: float | None = None) -> Optimum:
    """The best budgets within the bounds, each day for itself.

    The curves are concave, so one price of money for all campaigns is optimal, also under a
    target; it is found by bisection for all days at once, to about 15 digits.

    Args:
        target: Mean value over mean cost that the whole of each day must reach. On a day on
            which even the low bounds do not, they are the answer.

    Raises:
        ValueError: The low bounds alone are more than the pot.
    """
    n = truth.size.shape[1]
    if np.any(np.asarray(bounds.low) * n > np.asarray(bounds.pot)):
        raise ValueError(f"{n} budgets of at least {bounds.low} micros do not fit into a pot of {bounds.pot}")

    def budgets(log_price: Floats) -> Floats:
        return np.clip(truth.budgets_at(np.exp(log_price)), bounds.low, bounds.high)

    def too_much(chosen: Floats) -> NDArray[np.bool_]:
        over: NDArray[np.bool_] = chosen.sum(axis=1, keepdims=True) > bounds.pot
        if target is None:
            return over
        earned, spent = (
            part.sum(axis=1, keepdims=True) for part in (truth.value(chosen), truth.cost(chosen))
        )
        over |= earned < target * spent
        return over

    usual = np.log(truth.worth / truth.size)
    cheap, dear = usual.min(axis=1, keepdims=True) - 20.0, usual.max(axis=1, keepdims=True) + 20.0
    for _ in range(_HALVINGS):
        middle = (cheap + dear) / 2
        over = too_much(budgets(middle))
        cheap, dear = np.where(over, middle, cheap), np.where(over, dear, middle)
    best = budgets(dear).astype(np.int64)
    return Optimum(best, truth.value(best).sum(axis=1))
