"""Target: the absolute value that an action asks for, in exact integers."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np

from agent.domain.entity import Flags, Floats
from agent.domain.lever import Lever, Status, Value, number_of, value_of
from agent.domain.money import MICROS
from agent.domain.snapshot import Snapshot
from rules.expression import Expression
from rules.figures import Figures
from rules.rule import Action, Bound, Keep, Scale, Set, Step, expressions


@dataclass(frozen=True, slots=True)
class Aim:
    """An action over one snapshot.

    Attributes:
        unit: Targets are multiples of this many micros (money) or millionths (ratios).
        values: Of the action's expressions, shape (n_entities,).
        known: Where all of them are, shape (n_entities,).
    """

    lever: Lever
    action: Action
    currency: str
    unit: int
    values: Mapping[Expression, Floats]
    known: Flags

    def target(self, row: int, before: Value) -> Value | None:
        """What the lever should be set to; None when that is not known, not above 0, or what stands.

        Bounds only hold a move back: `at_least` never makes a raise of a cut, nor `at_most` a
        cut of a raise.
        """
        if not self.known[row]:
            return None
        stands = number_of(before)
        match self.action:
            case Keep():
                return None
            case Set(Status() as to):
                return None if to is before else to
            case Set(to):
                number = _down(Fraction(number_of(to)), self.unit)
                return self._unless(stands, number)
            case Scale(by, at_least, at_most):
                wanted = stands * (by if isinstance(by, Fraction) else self._exact(by, row))
            case Step(step, at_least, at_most):
                wanted = Fraction(stands + number_of(step))
        low, high = self._bound(at_least, row), self._bound(at_most, row)
        number = _down(wanted if high is None else min(wanted, high), self.unit)
        if low is not None:
            number = max(number, -_down(-low, self.unit))
        crossed = high is not None and number > high
        same_way = (number - stands) * (wanted - stands) > 0
        return self._unless(stands, stands if crossed or not same_way else number)

    def _unless(self, stands: int, number: int) -> Value | None:
        """The number as a value, unless it stands already or is nothing."""
        return None if number == stands or number <= 0 else value_of(self.lever, number, self.currency)

    def _bound(self, bound: Bound | None, row: int) -> Fraction | None:
        if bound is None:
            return None
        if isinstance(bound, Expression):
            return self._exact(bound, row) * MICROS
        return Fraction(number_of(bound))

    def _exact(self, expression: Expression, row: int) -> Fraction:
        """The decimal text of the float, which is what a reader sees, as an exact fraction."""
        return Fraction(Decimal(repr(float(self.values[expression][row]))))


def _down(number: Fraction, unit: int) -> int:
    return number.numerator // (number.denominator * unit) * unit


def aim(lever: Lever, action: Action, figures: Figures, snapshot: Snapshot) -> Aim:
    """Evaluate an action's expressions over all entities."""
    values = {part: _floats(part, figures) for part in expressions(action)}
    known = np.ones(len(snapshot), dtype=bool)
    for found in values.values():
        known &= np.isfinite(found)
    account = snapshot.entities.account
    return Aim(lever, action, account.currency, account.step(lever), values, known)


def _floats(expression: Expression, figures: Figures) -> Floats:
    found: Floats = expression.over(figures).fill_null(np.nan).to_numpy()
    return found
