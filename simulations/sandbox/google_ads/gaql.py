"""GAQL: the part of Google's query language that the sandbox understands, as a tree.

    SELECT a.b, c.d FROM resource WHERE x = 1 AND y IN ('A', 'B') ORDER BY x DESC LIMIT 10

Conditions: = != < > <= >= IN, NOT IN, BETWEEN, DURING, LIKE, NOT LIKE, CONTAINS ANY, CONTAINS ALL,
CONTAINS NONE, REGEXP_MATCH, NOT REGEXP_MATCH, IS NULL, IS NOT NULL.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from simulations.sandbox.google_ads.refusal import Refusal

Literal: TypeAlias = str | int | float | bool

_TOKENS = re.compile(
    r"""\s*(?:(?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
    |(?P<number>-?\d+(?:\.\d+)?)
    |(?P<word>[A-Za-z_][A-Za-z0-9_.]*)
    |(?P<symbol><=|>=|!=|[=<>(),]))""",
    re.VERBOSE,
)
_COMPARISONS = ("=", "!=", "<", ">", "<=", ">=")
_PARAMETERS = ("include_drafts", "omit_unselected_resource_names")


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition.

    Attributes:
        operator: "=", "IN", "BETWEEN", "DURING", "LIKE", "REGEXP_MATCH", "CONTAINS ANY",
            "IS NULL", or "NOT " before one.
    """

    field: str
    operator: str
    values: tuple[Literal, ...]


@dataclass(frozen=True, slots=True)
class Ordering:
    """One field of ORDER BY."""

    field: str
    descending: bool


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query; the fields are not checked yet.

    Attributes:
        limit: None when there is none.
        parameters: "include_drafts" and the like, with "true" or "false".
    """

    select: tuple[str, ...]
    resource: str
    where: tuple[Condition, ...]
    order: tuple[Ordering, ...]
    limit: int | None
    parameters: Mapping[str, str] = field(default_factory=dict)

    @property
    def fields(self) -> tuple[str, ...]:
        """Every field that is named anywhere, once."""
        named = (*self.select, *(c.field for c in self.where), *(o.field for o in self.order))
        return tuple(dict.fromkeys(named))


def parse(text: str) -> Query:
    """Parse a query.

    Raises:
        Refusal: With the query_error that Google would answer.
    """
    return _Parser(_tokens(text)).query()


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str

    @property
    def keyword(self) -> str:
        return self.text.upper() if self.kind == "word" else self.text


_END = _Token("end", "")


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    at = 0
    while text[at:].strip():
        match = _TOKENS.match(text, at)
        if match is None or match.lastgroup is None:
            raise Refusal(
                "query_error.BAD_SYMBOL", f"Error in query: unexpected input {text[at : at + 20]!r}."
            )
        tokens.append(_Token(match.lastgroup, match[match.lastgroup]))
        at = match.end()
    return tokens


class _Parser:
    """Reads tokens from left to right, once."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._at = 0

    def query(self) -> Query:
        self._expect("SELECT", "EXPECTED_SELECT")
        select = self._fields()
        self._expect("FROM", "EXPECTED_FROM")
        resource = self._word("BAD_RESOURCE_TYPE_IN_FROM_CLAUSE")
        where: list[Condition] = []
        if self._take("WHERE"):
            where.append(self._condition())
            while self._take("AND"):
                where.append(self._condition())
        order: list[Ordering] = []
        if self._take("ORDER"):
            self._expect("BY", "EXPECTED_BY")
            order.append(self._ordering())
            while self._take(","):
                order.append(self._ordering())
        limit = self._limit() if self._take("LIMIT") else None
        parameters = self._parameters() if self._take("PARAMETERS") else {}
        if self._peek() is not _END:
            raise _refused("UNEXPECTED_INPUT", self._peek())
        return Query(tuple(select), resource, tuple(where), tuple(order), limit, parameters)

    def _parameters(self) -> dict[str, str]:
        parameters: dict[str, str] = {}
        while not parameters or self._take(","):
            token = self._next()
            if token.text not in _PARAMETERS:
                raise _refused("BAD_PARAMETER_NAME", token)
            self._expect("=", "BAD_PARAMETER_VALUE")
            value = self._next()
            if value.keyword not in ("TRUE", "FALSE"):
                raise _refused("BAD_PARAMETER_VALUE", value)
            parameters[token.text] = value.text.lower()
        return parameters

    def _fields(self) -> list[str]:
        fields = [self._word("BAD_FIELD_NAME")]
        while self._take(","):
            fields.append(self._word("BAD_FIELD_NAME"))
        return fields

    def _condition(self) -> Condition:
        name = self._word("BAD_FIELD_NAME")
        token = self._next()
        operator = token.keyword
        if operator == "IS":
            operator = "IS NOT NULL" if self._take("NOT") else "IS NULL"
            self._expect("NULL", "BAD_OPERATOR")
            return Condition(name, operator, ())
        prefix = ""
        if operator == "NOT":
            prefix, operator = "NOT ", self._next().keyword
        if operator == "CONTAINS" and not prefix:
            among = self._next()
            if among.keyword not in ("ANY", "ALL", "NONE"):
                raise _refused("BAD_OPERATOR", among)
            return Condition(name, f"CONTAINS {among.keyword}", self._list())
        if operator in ("LIKE", "REGEXP_MATCH") or (operator in _COMPARISONS and not prefix):
            return Condition(name, prefix + operator, (self._literal(),))
        if operator == "IN":
            return Condition(name, prefix + operator, self._list())
        if operator == "BETWEEN" and not prefix:
            low = self._literal()
            self._expect("AND", "EXPECTED_VALUE_WITH_BETWEEN_OPERATOR")
            return Condition(name, operator, (low, self._literal()))
        if operator == "DURING" and not prefix:
            return Condition(name, operator, (self._word("INVALID_VALUE_WITH_DURING_OPERATOR").upper(),))
        raise _refused("BAD_OPERATOR", token)

    def _list(self) -> tuple[Literal, ...]:
        self._expect("(", "EXPECTED_LIST")
        if self._take(")"):
            raise Refusal("query_error.PROHIBITED_EMPTY_LIST_IN_CONDITION", "Error in query: empty list.")
        values = [self._literal()]
        while self._take(","):
            values.append(self._literal())
        self._expect(")", "EXPECTED_LIST")
        return tuple(values)

    def _literal(self) -> Literal:
        token = self._next()
        if token.kind == "text":
            return re.sub(r"\\(.)", r"\1", token.text[1:-1])
        if token.kind == "number":
            return float(token.text) if "." in token.text else int(token.text)
        if token.keyword in ("TRUE", "FALSE"):
            return token.keyword == "TRUE"
        if token.kind == "word":
            return token.text
        raise _refused("BAD_VALUE", token)

    def _ordering(self) -> Ordering:
        name = self._word("BAD_FIELD_NAME")
        return Ordering(name, descending=self._descending())

    def _descending(self) -> bool:
        descending = self._take("DESC")
        if not descending:
            self._take("ASC")
        return descending

    def _limit(self) -> int:
        token = self._next()
        if token.kind != "number" or "." in token.text:
            raise _refused("BAD_LIMIT_VALUE", token)
        if int(token.text) < 1:
            raise _refused("LIMIT_VALUE_TOO_LOW", token)
        return int(token.text)

    def _word(self, code: str) -> str:
        token = self._next()
        if token.kind != "word":
            raise _refused(code, token)
        return token.text

    def _expect(self, keyword: str, code: str) -> None:
        token = self._next()
        if token.keyword != keyword:
            raise _refused(code, token)

    def _take(self, keyword: str) -> bool:
        taken = self._peek().keyword == keyword
        self._at += taken
        return taken

    def _peek(self) -> _Token:
        return self._tokens[self._at] if self._at < len(self._tokens) else _END

    def _next(self) -> _Token:
        token = self._peek()
        self._at += 1
        return token


def _refused(code: str, token: _Token) -> Refusal:
    if token is _END:
        return Refusal("query_error.UNEXPECTED_END_OF_QUERY", "Error in query: unexpected end of query.")
    return Refusal(f"query_error.{code}", f"Error in query: unexpected input {token.text}.")
