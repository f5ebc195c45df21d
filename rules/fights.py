"""Fights: pairs of rules that may push one lever to and fro."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import inf, isclose

from sqlglot import exp

from rules.rule import Rule, directions

_MIRRORED: dict[type, type] = {
    exp.GT: exp.LT,
    exp.GTE: exp.LTE,
    exp.LT: exp.GT,
    exp.LTE: exp.GTE,
    exp.EQ: exp.EQ,
}


@dataclass(frozen=True, slots=True)
class Fight:
    """Two rules for one lever, one up and one down, that can answer each other from run to run."""

    first: Rule
    second: Rule


@dataclass(frozen=True, slots=True)
class Span:
    """What a condition demands: that a quantity lies within [low, high]."""

    low: float = -inf
    high: float = inf

    def and_(self, other: "Span") -> "Span":
        return Span(max(self.low, other.low), min(self.high, other.high))

    def apart(self, other: "Span") -> bool:
        """True when there is room between the two: neither holds there, so nothing flaps."""
        return _below(self.high, other.low) or _below(other.high, self.low)


@dataclass(frozen=True, slots=True)
class Demand:
    """A condition on one quantity, such as "cost_14d" or "target_cpa / cpa_14d"."""

    quantity: str
    span: Span


@dataclass(frozen=True, slots=True)
class Multiple:
    """So many times a column; a plain number where `column` is ""."""

    times: float
    column: str = ""


def fights(rules: Sequence[Rule]) -> Iterator[Fight]:
    """Pairs that move a lever in opposite directions with neither room nor rest between them.

    A heuristic: it understands conditions that are joined by AND and compare a column with a
    number or with a multiple of another column. Rules that both have a cooldown or a hold are
    left alone: they cannot answer each other from one run to the next.
    """
    for first, second in combinations(rules, 2):
        if first.lever is not second.lever or not _opposed(first, second):
            continue
        if first.about and second.about and first.about is not second.about:
            continue
        if _rests(first) and _rests(second):
            continue
        if _apart(first, second):
            continue
        yield Fight(first, second)


def _opposed(first: Rule, second: Rule) -> bool:
    one, two = directions(first.lever, first.action), directions(second.lever, second.action)
    return any(direction == -other for direction in one for other in two)


def _rests(rule: Rule) -> bool:
    return rule.cooldown is not None or rule.hold_runs > 1


def _apart(first: Rule, second: Rule) -> bool:
    one, two = _spans(first), _spans(second)
    return any(one[quantity].apart(two[quantity]) for quantity in one.keys() & two.keys())


def _spans(rule: Rule) -> dict[str, Span]:
    """What the rule demands of each quantity that it understands."""
    found: dict[str, Span] = {}
    for tree in (rule.when.tree, rule.where.tree if rule.where is not None else None):
        for demand in _demands(tree):
            found[demand.quantity] = found.get(demand.quantity, Span()).and_(demand.span)
    return found


def _demands(tree: exp.Expr | None) -> Iterator[Demand]:
    match tree:
        case exp.Paren():
            yield from _demands(tree.this)
        case exp.And():
            yield from _demands(tree.left)
            yield from _demands(tree.right)
        case exp.Between():
            yield from _demand(exp.GTE, tree.this, tree.args["low"])
            yield from _demand(exp.LTE, tree.this, tree.args["high"])
        case exp.GT() | exp.GTE() | exp.LT() | exp.LTE() | exp.EQ():
            yield from _demand(type(tree), tree.left, tree.right)


def _demand(operator: type, left: exp.Expr, right: exp.Expr) -> Iterator[Demand]:
    one, two = _multiple(left), _multiple(right)
    if one is None or two is None:
        return
    # Written one way round, so that two rules that mean the same quantity name it alike; "" sorts first.
    if one.column < two.column:
        one, two, operator = two, one, _MIRRORED[operator]
    if one.times <= 0 or (two.column and two.times <= 0) or one.column == two.column:
        return
    quantity = f"{one.column} / {two.column}" if two.column else one.column
    yield Demand(quantity, _span(operator, two.times / one.times))


def _span(operator: type, number: float) -> Span:
    if operator is exp.EQ:
        return Span(number, number)
    return Span(low=number) if operator in (exp.GT, exp.GTE) else Span(high=number)


def _multiple(node: exp.Expr) -> Multiple | None:  # noqa: PLR0911 - a return for each form
    """Read `cpa_14d`, `3`, `3 * target_cpa` or `cost_7d / 7`; None for anything else."""
    match node:
        case exp.Paren():
            return _multiple(node.this)
        case exp.Column():
            return Multiple(1.0, node.name.lower())
        case exp.Literal() if not node.is_string:
            return Multiple(float(node.name))
        case exp.Mul() | exp.Div():
            one, two = _multiple(node.left), _multiple(node.right)
            if one is None or two is None or (one.column and two.column):
                return None
            if isinstance(node, exp.Mul):
                return Multiple(one.times * two.times, one.column or two.column)
            return None if two.column or two.times == 0 else Multiple(one.times / two.times, one.column)
    return None


def _below(one: float, other: float) -> bool:
    return one < other and not isclose(one, other)
