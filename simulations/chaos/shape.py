"""Shape: how large the account of a schedule is, and how much of it is changed on a day."""

from collections.abc import Sequence
from dataclasses import dataclass

from agent.domain.ref import Kind, Ref

OVER_DELIVERY = 2.0
_SLACK_PERCENT = 110
_EURO = 1_000_000


@dataclass(frozen=True, slots=True)
class Shape:
    """An account at its beginning.

    Attributes:
        campaigns: In the order of their ids.
        opening: Daily budget of each at first, micros.
        pot: What all budgets may add up to, micros.
        ceiling: What the platform may spend on a day at worst, micros.
        moves: How often a decision takes from one campaign what it gives to another, at most.
    """

    campaigns: tuple[Ref, ...]
    opening: tuple[int, ...]
    pot: int
    ceiling: int
    moves: int


def tight(opening: Sequence[int], moves: int) -> Shape:
    """A pot that is full at the beginning, and a ceiling that is little more.

    Args:
        opening: Daily budget of each campaign, micros.
    """
    campaigns = tuple(
        sorted(Ref("chaos", "1", Kind.CAMPAIGN, str(number)) for number in range(1, len(opening) + 1))
    )
    pot = sum(opening)
    ceiling = int(pot * OVER_DELIVERY) * _SLACK_PERCENT // 100
    return Shape(campaigns, tuple(opening), pot, ceiling, moves)


def broad(n: int, moves: int) -> Shape:
    """So many campaigns of 30 to 50 EUR a day."""
    return tight([(30 + 10 * (number % 3)) * _EURO for number in range(n)], moves)


FIVE = broad(5, moves=2)
"""As a rule two cuts go in one call, and two raises in another."""
THREE = broad(3, moves=1)
"""The smallest account in which there is one to take from, one to give to, and one that looks on."""
