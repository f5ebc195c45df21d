"""Shapes: a dictionary of ways in which clicks can grow with money, tabulated once.

Each shape h is the clicks at r times a reference spend relative to the clicks at the
reference, so h(1) = 1. Families: Hill and exponential saturation, power (constant
elasticity), a second-price auction with lognormal prices, and an S-shaped Hill curve.
Within a family the members differ by their elasticity at the reference, h'(1) / h(1).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri  # type: ignore[import-untyped]  # scipy ships no types

from agent.domain.entity import Floats

Singles: TypeAlias = NDArray[np.float32]
"""Tables and matrices that are large and need no more than seven digits."""

OCTAVES = 8
NODES_PER_OCTAVE = 16
N_NODES = 2 * OCTAVES * NODES_PER_OCTAVE + 1
NODES: Floats = 2.0 ** np.linspace(-OCTAVES, OCTAVES, N_NODES)
"""Spends that shapes are tabulated at, as multiples of the reference spend."""

_ELASTICITIES = (0.1, 0.21, 0.33, 0.44, 0.54, 0.63, 0.72, 0.81, 0.9, 0.98)
_USUAL, _SPREAD = 0.62, 0.18
_UNUSUAL = 0.25
_S_SHAPED = 0.15


@dataclass(frozen=True, slots=True)
class Shapes:
    """The dictionary.

    Attributes:
        heights: Shape (N_NODES, n_shapes), h at each node; float32.
        logs: Its logarithm.
        elasticity: Shape (n_shapes,), at the reference.
        prior: Shape (n_shapes,), sums to 1.
    """

    heights: Singles
    logs: Singles
    elasticity: Floats
    prior: Floats


@cache
def dictionary() -> Shapes:
    """Tabulate all shapes; what a family cannot be is left out."""
    members = [
        (member, weight)
        for family, weight in _families()
        for elasticity in _ELASTICITIES
        if (member := _with_elasticity(family, elasticity)) is not None
    ]
    elasticity = np.array([member.elasticity for member, _ in members])
    weight = np.array([weight for _, weight in members])
    usual = np.exp(-0.5 * ((elasticity - _USUAL) / _SPREAD) ** 2)
    # A wide part keeps nearly linear and nearly flat responses possible: data may insist on them.
    prior = weight * ((1.0 - _UNUSUAL) * usual / usual.mean() + _UNUSUAL)
    columns = [member.heights for member, _ in members]
    heights = np.maximum(np.stack(columns, axis=1), 1e-6).astype(np.float32)
    return Shapes(heights, np.log(heights), elasticity, prior / prior.sum())


@dataclass(frozen=True, slots=True)
class Place:
    """Where spends lie among the nodes: `share` of the way from node `below` to the next."""

    below: NDArray[np.intp]
    share: Floats


def place_of(ratio: Floats) -> Place:
    """Place spends given as multiples of the reference; what is beyond the ends is at the ends."""
    inside = np.clip(ratio, NODES[0], NODES[-1])
    below = np.minimum(((np.log2(inside) + OCTAVES) * NODES_PER_OCTAVE).astype(np.intp), N_NODES - 2)
    share = (inside - NODES[below]) / (NODES[below + 1] - NODES[below])
    return Place(below, share)


def nearest_node(ratio: Floats) -> NDArray[np.intp]:
    """The node that each spend is nearest to: exact enough for a day's noisy clicks."""
    position = (np.log2(np.maximum(ratio, NODES[0])) + OCTAVES) * NODES_PER_OCTAVE
    node: NDArray[np.intp] = np.minimum(np.rint(position), N_NODES - 1).astype(np.intp)
    return node


_Curve: TypeAlias = Callable[[Floats, float], Floats]


def _families() -> list[tuple[_Curve, float]]:
    """Each family as a function of spend and a strength, with its prior weight."""
    return [
        (lambda r, k: r / (k + r), 1.0),
        (lambda r, k: -np.expm1(-r / k), 1.0),
        (lambda r, k: r ** (k / (1.0 + k)), 1.0),
        (lambda r, k: _auction(r, 1.0 + k, 0.5), 0.5),
        (lambda r, k: _auction(r, 1.0 + k, 1.0), 0.5),
        (lambda r, k: r**1.5 / (k + r**1.5), _S_SHAPED),
    ]


def _auction(r: Floats, most: float, spread: float) -> Floats:
    """Share of clicks won when `r` of at most `most` is paid at lognormal prices."""
    won: Floats = ndtr(ndtri(np.minimum(r / most, 1.0)) + spread)
    return won


@dataclass(frozen=True, slots=True)
class _Member:
    """One curve at the nodes, shape (N_NODES,), and its elasticity at the reference."""

    heights: Floats
    elasticity: float


def _with_elasticity(family: _Curve, wanted: float) -> _Member | None:
    """The member of a family with this elasticity, by bisection on its strength; None if it has none."""

    def elasticity(strength: float) -> float:
        step = 1e-4
        below, above = np.log(family(np.array([1.0 - step, 1.0 + step]), strength))
        return float(above - below) / (2.0 * step)

    weakest, strongest = -4.0, 9.0
    for _ in range(50):
        middle = 0.5 * (weakest + strongest)
        if elasticity(float(np.exp(middle))) < wanted:
            weakest = middle
        else:
            strongest = middle
    strength = float(np.exp(weakest))
    reached = elasticity(strength)
    if abs(reached - wanted) > 0.02:
        return None
    return _Member(family(NODES, strength) / family(np.ones(1), strength), reached)
