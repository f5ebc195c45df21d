"""Sql: the part of SQL that rules may use, translated node by node into Polars.

Only what is named here exists, so nothing can read a file, ask for the time, look at other
entities or run code. We do not hand the text to `polars.sql_expr`: it takes `0.0 / 0.0 > 1`
for true, and knows COALESCE, IS NULL, NOW() and aggregates, with which an unknown figure
could fire a rule. Here every function of something unknown is unknown, and so is a division
by zero; AND, OR and NOT follow Kleene, as in SQL.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite

import polars as pl
from sqlglot import exp

from rules.columns import Column, Unit, column_named, suggestion
from rules.refused import Refused

LARGEST = 2_000
"""Polars expressions in one translated expression; what needs more is refused, since some grow threefold
with each level."""


class Sort(StrEnum):
    """What an expression yields."""

    NUMBER = "number"
    TEXT = "text"
    TRUTH = "truth value"


@dataclass(frozen=True, slots=True)
class Term:
    """A translated node: Polars expression, what it yields, and the columns under it.

    Attributes:
        size: Polars expressions that it is made of.
    """

    expr: pl.Expr
    sort: Sort
    columns: tuple[Column, ...] = ()
    size: int = 1


_BINARY: dict[type, Callable[[pl.Expr, pl.Expr], pl.Expr]] = {
    exp.Add: lambda a, b: a + b,
    exp.Sub: lambda a, b: a - b,
    exp.Mul: lambda a, b: a * b,
    exp.Div: lambda a, b: pl.when(b != 0).then(a / b),
    exp.GT: lambda a, b: a > b,
    exp.GTE: lambda a, b: a >= b,
    exp.LT: lambda a, b: a < b,
    exp.LTE: lambda a, b: a <= b,
    exp.EQ: lambda a, b: a == b,
    exp.NEQ: lambda a, b: a != b,
    exp.And: lambda a, b: a & b,
    exp.Or: lambda a, b: a | b,
}
_ARITHMETIC = (exp.Add, exp.Sub, exp.Mul, exp.Div)
_ORDERED = (exp.GT, exp.GTE, exp.LT, exp.LTE)
_CONNECTED = (exp.And, exp.Or)
_HINTS: dict[type, str] = {
    exp.Is: "NULL never fires, so there is nothing to ask it for",
    exp.Null: "NULL never fires, so there is nothing to compare it with",
    exp.Coalesce: "what is not known stays NULL and never fires",
    exp.Case: "write one rule for each case",
}


def translate(tree: exp.Expr) -> Term:
    """Translate a parsed expression.

    Raises:
        Refused: Something in it is no part of this language.
    """
    names = [node.name.lower() for node in tree.find_all(exp.Column)]
    unknown = [name for name in dict.fromkeys(names) if column_named(name) is None]
    if unknown:
        some = "columns" if len(unknown) > 1 else "column"
        hints = dict.fromkeys(suggestion(name) for name in unknown)
        raise Refused(f"unknown {some} {', '.join(unknown)}", " ".join(hints))
    return _term(tree)


def _term(node: exp.Expr) -> Term:  # noqa: PLR0911 - a return for each kind of node
    match node:
        case exp.Paren():
            return _term(node.this)
        case exp.Column():
            return _column(node)
        case exp.Boolean():
            return Term(_constant(bool(node.this)), Sort.TRUTH)
        case exp.Literal():
            return _literal(node)
        case exp.Not():
            return _apply(lambda a: ~a, Sort.TRUTH, Sort.TRUTH, node.this)
        case exp.Neg():
            return _apply(lambda a: -a, Sort.NUMBER, Sort.NUMBER, node.this)
        case exp.Between():
            return _between(node)
        case exp.In():
            return _in(node)
        case exp.Like() | exp.ILike():
            return _like(node)
    if type(node) in _BINARY:
        return _binary(node)
    return _function(node)


def _column(node: exp.Column) -> Term:
    if len(node.parts) > 1:
        raise Refused(f"{node.sql()!r}", "a column has no table before it")
    column = column_named(node.name.lower())
    assert column is not None  # `translate` has refused unknown names
    sorts = {Unit.TEXT: Sort.TEXT, Unit.FLAG: Sort.TRUTH}
    return Term(pl.col(column.name), sorts.get(column.unit, Sort.NUMBER), (column,))


def _literal(node: exp.Literal) -> Term:
    if node.is_string:
        return Term(_constant(node.name), Sort.TEXT)
    value = float(node.name)
    if not isfinite(value):
        raise Refused(f"{node.name} is too large a number")
    return Term(_constant(value), Sort.NUMBER)


def _constant(value: float | str | bool) -> pl.Expr:
    """The value once for each entity.

    Not `pl.lit`: where a literal wins in each row, Polars 2.1 gives a single row for
    `lit < -when(column < lit).then(lit)`, and that would speak for all entities.
    """
    return pl.repeat(value, pl.len())


def _binary(node: exp.Expr) -> Term:
    left, right = _term(node.left), _term(node.right)  # type: ignore[attr-defined]  # every node of _BINARY has both sides
    operator = _BINARY[type(node)]
    columns, size = _united(left, right), _sized(left, right, *([right] if isinstance(node, exp.Div) else []))
    if isinstance(node, _ARITHMETIC):
        _demand(node, Sort.NUMBER, left, right)
        return Term(operator(left.expr, right.expr), Sort.NUMBER, columns, size)
    if isinstance(node, _CONNECTED):
        _demand(node, Sort.TRUTH, left, right)
    elif isinstance(node, _ORDERED):
        _demand(node, Sort.NUMBER, left, right)
    else:
        _demand(node, left.sort, right)
    return Term(operator(left.expr, right.expr), Sort.TRUTH, columns, size)


def _between(node: exp.Between) -> Term:
    value, low, high = (_term(part) for part in (node.this, node.args["low"], node.args["high"]))
    _demand(node, Sort.NUMBER, value, low, high)
    if node.args.get("symmetric"):
        raise _not_known(node)
    size = _sized(value, value, low, high)
    inside = (value.expr >= low.expr) & (value.expr <= high.expr)
    return Term(inside, Sort.TRUTH, _united(value, low, high), size)


def _in(node: exp.In) -> Term:
    value, options = _term(node.this), [_term(option) for option in node.expressions]
    if not options:
        raise Refused(f"{node.sql()!r}", "IN takes a list of values such as ('search', 'shopping')")
    _demand(node, value.sort, *options)
    size = _sized(*([value] * len(options)), *options)
    found = pl.any_horizontal(*(value.expr == option.expr for option in options))  # Kleene, as OR is
    return Term(found, Sort.TRUTH, _united(value, *options), size)


def _like(node: exp.Expr) -> Term:
    value, pattern = _term(node.this), node.expression
    _demand(node, Sort.TEXT, value)
    if not (isinstance(pattern, exp.Literal) and pattern.is_string):
        raise Refused(f"{node.sql()!r}", "the pattern after LIKE is a text such as '%brand%'")
    wild = {"%": ".*", "_": "."}
    regex = "".join(wild.get(letter) or re.escape(letter) for letter in pattern.name)
    flags = "(?si)" if isinstance(node, exp.ILike) else "(?s)"
    found = value.expr.str.contains(f"{flags}^{regex}$")
    return Term(~found if node.args.get("negate") else found, Sort.TRUTH, value.columns, _sized(value))


def _function(node: exp.Expr) -> Term:  # noqa: PLR0911 - a return for each function
    number, text = Sort.NUMBER, Sort.TEXT
    match node:
        case exp.Abs():
            return _apply(lambda a: a.abs(), number, number, node.this)
        case exp.Floor() if node.args.get("decimals") is None:
            return _apply(lambda a: a.floor(), number, number, node.this)
        case exp.Ceil() if node.args.get("decimals") is None:
            return _apply(lambda a: a.ceil(), number, number, node.this)
        case exp.Lower():
            return _apply(lambda a: a.str.to_lowercase(), text, text, node.this)
        case exp.Upper():
            return _apply(lambda a: a.str.to_uppercase(), text, text, node.this)
        case exp.Least():
            return _apply(_known(pl.min_horizontal), number, number, node.this, *node.expressions, times=2)
        case exp.Greatest():
            return _apply(_known(pl.max_horizontal), number, number, node.this, *node.expressions, times=2)
        case exp.Anonymous() if node.name.lower() == "has_label":
            return _has_label(node)
    raise _not_known(node)


def _has_label(node: exp.Anonymous) -> Term:
    label = node.expressions[0] if len(node.expressions) == 1 else None
    if not (isinstance(label, exp.Literal) and label.is_string):
        raise Refused(f"{node.sql()!r}", "has_label('brand') is right")
    labels = column_named("labels")
    assert labels is not None
    return Term(pl.col("labels").str.contains(f",{label.name},", literal=True), Sort.TRUTH, (labels,))


def _apply(
    function: Callable[..., pl.Expr], takes: Sort, yields: Sort, *nodes: exp.Expr, times: int = 1
) -> Term:
    """A function of some nodes, in whose translation each of them stands so many times."""
    terms = [_term(node) for node in nodes]
    _demand(nodes[0].parent or nodes[0], takes, *terms)
    size = _sized(*terms * times)
    return Term(function(*(term.expr for term in terms)), yields, _united(*terms), size)


def _known(function: Callable[..., pl.Expr]) -> Callable[..., pl.Expr]:
    """The least or greatest of all; unknown when any of them is (Polars' own skips those)."""
    return lambda *exprs: pl.when(pl.all_horizontal(*(each.is_not_null() for each in exprs))).then(
        function(*exprs)
    )


def _sized(*terms: Term) -> int:
    """How large an expression becomes in which these stand, each as often as it is named."""
    size = 1 + sum(term.size for term in terms)
    if size > LARGEST:
        raise Refused("too large an expression", "fewer terms, or fewer of them within each other, are right")
    return size


def _demand(node: exp.Expr, sort: Sort, *terms: Term) -> None:
    for term in terms:
        if term.sort is not sort:
            raise Refused(f"a {term.sort} in {node.sql()!r}", f"a {sort} is right there")


def _united(*terms: Term) -> tuple[Column, ...]:
    return tuple(dict.fromkeys(column for term in terms for column in term.columns))


def _not_known(node: exp.Expr) -> Refused:
    hint = _HINTS.get(type(node), "docs/rules.md lists what a rule may use")
    return Refused(f"{node.sql(comments=False)!r} is not allowed in a rule", hint)
