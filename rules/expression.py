"""Expression: one SQL expression of a rule file, read, checked and made ready for Polars."""

import logging
import re
from dataclasses import dataclass, field

import polars as pl
import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError, TokenError

from rules.columns import Column
from rules.figures import Figures
from rules.refused import Refused
from rules.sql import Sort, translate

# It warns of SQL that it does not know, which is refused here in words of our own.
logging.getLogger("sqlglot").setLevel(logging.ERROR)

LONGEST_TEXT = 1_000
DEEPEST_NESTING = 25


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression over columns; two with the same text are equal.

    Attributes:
        columns: In the order in which the text names them, each once.
    """

    text: str
    columns: tuple[Column, ...]
    tree: exp.Expr = field(compare=False, repr=False)
    polars: pl.Expr = field(compare=False, repr=False)

    def over(self, figures: Figures) -> pl.Series:
        """Shape (n_entities,); NULL where a needed figure is not known."""
        found = figures.table(self.columns).select(self.polars.alias("found"))["found"]
        assert len(found) == len(figures.snapshot)
        return found


def condition(text: str) -> Expression:
    """Read an expression that is true, false or unknown for each entity.

    Raises:
        Refused: The text is no such expression; all unknown columns are named at once.
    """
    return _read(text, Sort.TRUTH, "a condition such as cost_14d >= 60")


def number(text: str) -> Expression:
    """Read an expression that is a number or unknown for each entity.

    Raises:
        Refused: As for a condition.
    """
    return _read(text, Sort.NUMBER, "a number such as target_cpa / cpa_14d")


def _read(text: str, sort: Sort, expected: str) -> Expression:
    tree = _parsed(text)
    try:
        term = translate(tree)
    except RecursionError:
        raise _too_deep() from None
    if term.sort is not sort:
        raise Refused(f"{text!r} is a {term.sort}", f"{expected} is right")
    if not term.columns:
        raise Refused(f"{text!r} names no column", f"{expected} is right")
    return Expression(text, term.columns, tree, term.expr)


def _parsed(text: str) -> exp.Expr:
    if len(text) > LONGEST_TEXT:
        raise Refused(f"{len(text)} characters", f"an expression has {LONGEST_TEXT} at most")
    if ";" in re.sub(r"'[^']*'", "", text):
        raise Refused("more than one statement", "a single expression is right")
    try:
        tree = sqlglot.parse_one(text)
    except RecursionError:
        raise _too_deep() from None
    except ParseError as error:
        place = error.errors[0].get("col") if error.errors else None
        hint = f"it cannot be read at character {place}" if place else ""
        raise Refused(f"{text!r} is not SQL", hint) from None
    except TokenError:
        raise Refused(f"{text!r} is not SQL", "a quote is not closed") from None
    deepest = max(_depths(tree))
    if deepest > DEEPEST_NESTING:
        raise _too_deep()
    return tree


def _depths(tree: exp.Expr) -> list[int]:
    """Nesting of each node; a chain of ANDs counts once, however long it is."""
    depths = {id(tree): 0}
    for node in tree.walk():
        for child in node.iter_expressions():
            same_chain = type(child) is type(node) and isinstance(node, exp.Connector)
            depths[id(child)] = depths[id(node)] + (0 if same_chain else 1)
    return list(depths.values())


def _too_deep() -> Refused:
    return Refused("nested too deeply", f"{DEEPEST_NESTING} levels at most")
