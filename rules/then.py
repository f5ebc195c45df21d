"""Then: the table that says which lever a rule moves, how, and how far at most."""

import re
from difflib import get_close_matches
from fractions import Fraction
from typing import Annotated, Any

from pydantic import ValidationInfo, field_validator, model_validator

from agent.domain.lever import Lever, Ratio, Value, number_of
from agent.domain.money import Money
from rules.example import Table
from rules.expression import Expression, number
from rules.refused import Refused, reader
from rules.rule import Action, Bound, Keep, Scale, Set, Step, directions
from rules.texts import decimal, money, ratio, value

_AMOUNT = re.compile(r"[-+]?[\d.,]+\s*[A-Za-z]*")
_WAYS = ("set", "scale", "step", "keep")
_LEVERS = [lever for lever in Lever if not lever.is_of_hours]


def _lever(raw: object) -> Lever:
    for found in _LEVERS:
        if raw == found.value:
            return found
    close = get_close_matches(str(raw), _LEVERS, n=1)
    expected = f"did you mean {close[0]}?" if close else f"the levers are {', '.join(_LEVERS)}"
    raise Refused(f"unknown lever {raw!r}", expected)


def _factor(raw: object) -> Fraction | Expression:
    if isinstance(raw, str):
        return number(raw)
    factor = decimal(raw)
    if factor <= 0 or factor == 1:
        raise Refused(str(raw), "a factor above 0 such as 0.7, or an expression, is right")
    return Fraction(factor)


def _true(raw: object) -> bool:
    if raw is not True:
        raise Refused(repr(raw), "keep = true is right, or leave it out")
    return True


class Then(Table):
    """One lever and one way to move it, with bounds; read `action` for the result."""

    lever: Annotated[Lever, reader(_lever)]
    set: Any = None
    scale: Annotated[Fraction | Expression | None, reader(_factor)] = None
    step: Any = None
    keep: Annotated[bool, reader(_true)] = False
    at_least: Any = None
    at_most: Any = None

    @field_validator("set", "step", "at_least", "at_most")
    @classmethod
    def _as_the_lever_takes_it(cls, raw: object, info: ValidationInfo) -> object:
        lever = info.data.get("lever")
        if lever is None:  # it has a fault of its own, which is reported
            return None
        try:
            return _READ[info.field_name or ""](lever, raw)
        except Refused as refused:
            raise refused.as_error() from None

    @model_validator(mode="after")
    def _hangs_together(self) -> "Then":
        try:
            _check(self)
        except Refused as refused:
            raise refused.as_error() from None
        return self

    @property
    def action(self) -> Action:
        if self.keep:
            return Keep()
        if self.set is not None:
            return Set(self.set)
        if self.scale is not None:
            return Scale(self.scale, self.at_least, self.at_most)
        return Step(self.step, self.at_least, self.at_most)


def _set(lever: Lever, raw: object) -> Value:
    found = value(lever, raw)
    if lever is not Lever.STATUS and number_of(found) <= 0:
        raise Refused(str(raw), "a value above 0 is right")
    return found


def _step(lever: Lever, raw: object) -> Money | Ratio:
    if lever is Lever.STATUS:
        raise Refused(str(raw), "a status is set, not moved in steps")
    found = ratio(raw) if lever is Lever.TARGET_ROAS else money(raw)
    if number_of(found) == 0:
        raise Refused(str(raw), "a step moves something")
    return found


def _bound(lever: Lever, raw: object) -> Bound:
    if lever is Lever.STATUS:
        raise Refused(str(raw), "a status has no bounds")
    if not isinstance(raw, str) or _AMOUNT.fullmatch(raw):
        return ratio(raw) if lever is Lever.TARGET_ROAS else money(raw)
    bound = number(raw)
    if any(column.base == lever for column in bound.columns):
        raise Refused(f"{raw!r} moves with {lever} itself", "a bound stands still, such as 2 * cost_7d / 7")
    return bound


_READ = {"set": _set, "step": _step, "at_least": _bound, "at_most": _bound}


def _check(then: Then) -> None:
    ways = [way for way in _WAYS if getattr(then, way) not in (None, False)]
    if len(ways) != 1:
        raise Refused(" and ".join(ways) or "no action", f"one of {', '.join(_WAYS)} is right")
    if then.lever is Lever.STATUS and then.scale is not None:
        raise Refused("scale", "a status is set, not scaled")
    bounds = [key for key in ("at_least", "at_most") if getattr(then, key) is not None]
    if bounds and ways[0] in ("set", "keep"):
        raise Refused(" and ".join(bounds), f"{ways[0]} has no bounds")
    needed = "at_most" if then.lever.spends_more_when_higher else "at_least"
    if ways[0] in ("scale", "step") and 1 in directions(then.lever, then.action) and needed not in bounds:
        raise Refused(f"may raise spend without {needed}", f"{needed} says how far")
    low, high = then.at_least, then.at_most
    fixed = (Money, Ratio)
    if isinstance(low, fixed) and isinstance(high, fixed) and number_of(low) > number_of(high):
        raise Refused(f"at_least {low} is above at_most {high}", "at_least is the lower one")
