"""Rule: what a rule says, once its file has been read and found right."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import TypeAlias

from sqlglot import exp

from agent.domain.lever import Lever, Ratio, Status, Value, number_of
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
    higher = _makes_higher(action)
    if higher is None:
        return frozenset() if isinstance(action, Keep) else frozenset({1, -1})
    return frozenset({sign if higher else -sign})


def _makes_higher(action: Action) -> bool | None:
    """True or False where an action moves a lever one way only, whatever the figures are."""
    match action:
        case Set(Status() as status):
            return status is Status.ENABLED
        case Step(by, _, _):
            return number_of(by) > 0
        case Scale(Fraction() as by, _, _):
            return by > 1
        case Scale(Expression(tree=exp.Least() as tree), _, _) if any(n <= 1 for n in _numbers(tree)):
            return False
        case Scale(Expression(tree=exp.Greatest() as tree), _, _) if any(n >= 1 for n in _numbers(tree)):
            return True
    return None


def _numbers(tree: exp.Least | exp.Greatest) -> list[float]:
    """The plain numbers among what the least or greatest is taken of."""
    parts = (tree.this, *tree.expressions)
    return [float(part.name) for part in parts if isinstance(part, exp.Literal) and not part.is_string]


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
