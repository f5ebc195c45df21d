"""Rule: what a rule says, once its file has been read and found right."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import TypeAlias

from agent.domain.lever import Lever, Ratio, Status, Value
from agent.domain.money import Money
from agent.domain.ref import Kind
from rules.columns import Column
from rules.example import Example
from rules.expression import Expression
from rules.texts import Because

Bound: TypeAlias = Money | Ratio | Expression
"""An expression is in the lever's units: currency units, or a ratio."""


@dataclass(frozen=True, slots=True)
class Set:
    """Set the lever to this."""

    to: Value


@dataclass(frozen=True, slots=True)
class Scale:
    """Multiply the lever; the bounds hold for what comes out."""

    by: Fraction | Expression
    at_least: Bound | None
    at_most: Bound | None


@dataclass(frozen=True, slots=True)
class Step:
    """Add to the lever (or take from it); the bounds hold for what comes out."""

    by: Money | Ratio
    at_least: Bound | None
    at_most: Bound | None


@dataclass(frozen=True, slots=True)
class Keep:
    """Leave the lever as it is, and let no rule further down touch it."""


Action: TypeAlias = Set | Scale | Step | Keep


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a file.

    Attributes:
        about: The kind of entity it is for; None: every kind that has the lever.
        where: Which of them; None: all.
        hold_runs: How many daily runs in a row `when` must have been true, this one included.
        cooldown: It is silent for this long after the lever last changed, whoever changed it.
    """

    id: str
    about: Kind | None
    where: Expression | None
    when: Expression
    lever: Lever
    action: Action
    hold_runs: int
    cooldown: timedelta | None
    because: Because
    examples: tuple[Example, ...]

    @property
    def columns(self) -> tuple[Column, ...]:
        """Every column that it uses, in the order in which a reader meets them."""
        parts = (self.when, self.where, *expressions(self.action), self.because)
        return tuple(dict.fromkeys(column for part in parts if part is not None for column in part.columns))

    @property
    def currencies(self) -> frozenset[str]:
        """Currencies of the money it sets, steps by or is bounded by."""
        return frozenset(amount.currency for amount in _amounts(self.action))


def expressions(action: Action) -> Iterator[Expression]:
    """The expressions in an action."""
    match action:
        case Scale(by, at_least, at_most):
            yield from (part for part in (by, at_least, at_most) if isinstance(part, Expression))
        case Step(_, at_least, at_most):
            yield from (part for part in (at_least, at_most) if isinstance(part, Expression))


def directions(lever: Lever, action: Action) -> frozenset[int]:
    """Where an action may move spend: 1 up, -1 down; both when only the figures can tell."""
    sign = 1 if lever.spends_more_when_higher else -1
    match action:
        case Set(Status() as status):
            return frozenset({1 if status is Status.ENABLED else -1})
        case Scale(Fraction() as by, _, _):
            return frozenset({sign if by > 1 else -sign})
        case Step(Money(micros=number) | Ratio(millionths=number), _, _):
            return frozenset({sign if number > 0 else -sign})
        case Keep():
            return frozenset()
    return frozenset({1, -1})


def _amounts(action: Action) -> Iterator[Money]:
    match action:
        case Set(to):
            found: tuple[object, ...] = (to,)
        case Scale(_, at_least, at_most):
            found = (at_least, at_most)
        case Step(by, at_least, at_most):
            found = (by, at_least, at_most)
        case Keep():
            found = ()
    yield from (part for part in found if isinstance(part, Money))
