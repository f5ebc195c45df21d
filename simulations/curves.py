"""Curves: how many clicks a budget buys, for four families of diminishing returns."""

from dataclasses import dataclass
from enum import IntEnum
from typing import TypeAlias

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy import special  # type: ignore[import-untyped]  # scipy ships no types

Floats: TypeAlias = NDArray[np.float64]


class Family(IntEnum):
    """The shape of a response curve over r, spend as a multiple of the reference spend."""

    AUCTION = 0  # Phi(Phi^-1(r / k) + s): what a bid wins of a lognormal price landscape
    HILL = 1  # r / (k + r)
    EXPONENTIAL = 2  # 1 - exp(-r / k)
    POWER = 3  # r ** s


@dataclass(frozen=True, slots=True)
class Curves:
    """One increasing, concave curve for each campaign, through 0 and through 1 at r = 1.

    Arrays have shape (n_campaigns,); arguments of methods have campaigns on their last axis.

    Attributes:
        rows: Row numbers of each family, indexed by `Family`.
        k, s: Parameters of the family; unused ones are 1.
        cap: Largest r that can be spent at all.
        scale: Makes the curve 1 at r = 1.
        top: Height at the cap: the most that money can buy.
    """

    rows: tuple[NDArray[np.intp], ...]
    k: Floats
    s: Floats
    cap: Floats
    scale: Floats
    top: Floats

    def at(self, ratio: Floats) -> Floats:
        """Clicks at `ratio` times the reference spend, as a multiple of the clicks at reference."""
        return self._raw(np.minimum(ratio, self.cap)) * self.scale

    def ratio_at(self, slope: Floats) -> Floats:
        """Where each curve still rises by `slope` (above zero); its cap where it is steeper there.

        The exact inverse of the derivative, so that equal marginal returns are found by
        bisection over one number.
        """
        steepness = slope / self.scale
        ratio = np.empty_like(steepness)
        for family, rows in zip(Family, self.rows, strict=True):
            ratio[..., rows] = _inverse_slope(family, steepness[..., rows], self.k[rows], self.s[rows])
        return np.clip(ratio, 0.0, self.cap)

    def _raw(self, ratio: Floats) -> Floats:
        height = np.empty_like(ratio)
        for family, rows in zip(Family, self.rows, strict=True):
            if len(rows):
                height[..., rows] = _height(family, ratio[..., rows], self.k[rows], self.s[rows])
        return height


def draw_curves(rng: Generator, n: int) -> Curves:
    """Draw `n` curves; every family is as likely as the others."""
    family = rng.integers(len(Family), size=n)
    spread = np.exp(0.5 * rng.standard_normal(n))
    strength = rng.uniform(0.4, 1.2, n)
    exponent = rng.uniform(0.4, 0.85, n)
    k = np.select(
        [family == Family.AUCTION, family == Family.POWER], [1.05 + 2.0 * spread, 1.0], 1.5 * spread
    )
    s = np.select([family == Family.AUCTION, family == Family.POWER], [strength, exponent], 1.0)
    cap = np.select([family == Family.AUCTION, family == Family.POWER], [k, 6.0], 4.0 * k)
    rows = tuple(np.flatnonzero(family == each) for each in Family)
    one = np.ones(n)
    unscaled = Curves(rows, k, s, cap, scale=one, top=one)
    scale = 1.0 / unscaled.at(one)
    return Curves(rows, k, s, cap, scale, top=scale * unscaled.at(cap))


def _height(family: Family, r: Floats, k: Floats, s: Floats) -> Floats:
    match family:
        case Family.AUCTION:
            height: Floats = special.ndtr(special.ndtri(r / k) + s)
            return height
        case Family.HILL:
            return r / (k + r)
        case Family.EXPONENTIAL:
            return 1.0 - np.exp(-r / k)
        case Family.POWER:
            power: Floats = r**s
            return power


def _inverse_slope(family: Family, slope: Floats, k: Floats, s: Floats) -> Floats:
    match family:
        case Family.AUCTION:
            ratio: Floats = k * special.ndtr(-(np.log(slope * k) + s**2 / 2) / s)
            return ratio
        case Family.HILL:
            return np.sqrt(k / slope) - k
        case Family.EXPONENTIAL:
            return -k * np.log(slope * k)
        case Family.POWER:
            power: Floats = (slope / s) ** (1.0 / (s - 1.0))
            return power
