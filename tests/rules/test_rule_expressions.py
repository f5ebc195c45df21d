"""Expressions: SQL that means what it says, and nothing that can do more than compare figures."""

import contextlib
import re

import numpy as np
import polars as pl
import pytest
import sample
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.expression import Expression, condition, number
from rules.figures import Figures
from rules.refused import Refused

HOSTILE = [
    "read_csv('/etc/passwd') > 1",
    "cost_7d IN (SELECT cost_7d FROM read_parquet('s3://x'))",
    "EXISTS (SELECT 1)",
    "cost_7d > (SELECT 1)",
    "cost_7d > ALL (SELECT 1)",
    "(SELECT * FROM read_ndjson('/etc/passwd'))",
    "SELECT * FROM self",
    "cost_7d > 1; DROP TABLE campaigns",
    "cost_7d > 1 UNION SELECT 1",
    "COLUMNS('.*') > 1",
    "* > 1",
    "NOW() > '2020-01-01'",
    "CURRENT_DATE = '2020-01-01'",
    "RANDOM() > 0.5",
    "SUM(cost_7d) > 1",
    "MAX(cost_7d) OVER () > 1",
    "LAG(cost_7d) OVER (ORDER BY id) > 1",
    "COUNT(*) > 1",
    "cost_7d::text LIKE '%'",
    "CAST(cost_7d AS INT) > 1",
    "self.cost_7d > 1",
    "name ~ '(a+)+$'",
    "REGEXP_LIKE(name, '(a+)+$')",
    "name LIKE 'a' ESCAPE 'b'",
    "name = ANY(labels)",
    "cost_7d > :secret",
    "cost_7d > @x",
    "cost_7d > $1",
    "cost_7d > ?",
    "cost_7d > 0x1f",
    "cost_7d > 1e999",
    "{'a': cost_7d}",
    "__import__('os').system('true')",
    "name || name = 'x'",
    "REPEAT(name, 1000000) = 'x'",
    "INTERVAL '1 day' > 1",
    "cost_7d BETWEEN SYMMETRIC 3 AND 1",
    "name = '\x00' AND open('x')",
    "(" * 400 + "cost_7d" + ")" * 400 + " > 1",
    "(" * 30 + "cost_7d" + ")" * 30 + " > 1",
    "NOT " * 240 + "learning",
    "- " * 400 + "cost_7d > 1",
    " OR ".join(["cost_7d > 1"] * 100),
]
NULL_DODGERS = [
    "cost_7d IS NULL",
    "cost_7d IS NOT NULL",
    "COALESCE(cost_7d, 100) > 1",
    "IFNULL(cost_7d, 100) > 1",
    "CASE WHEN cost_7d > 1 THEN FALSE ELSE TRUE END",
    "IF(cost_7d > 1, FALSE, TRUE)",
    "cost_7d <=> 1",
    "cost_7d IS DISTINCT FROM 1",
    "(cost_7d > 1) IS NOT TRUE",
    "cost_7d = NULL",
    "NULL",
]


def value(expression: Expression, **figures: object) -> object:
    """The value of an expression where the columns are these."""
    table = pl.DataFrame({name: [found] for name, found in figures.items()}, strict=False)
    return table.select(expression.polars.alias("found"))["found"][0]


@pytest.mark.parametrize("text", HOSTILE + NULL_DODGERS)
def test_what_is_not_named_in_the_language_is_refused(text: str) -> None:
    """No reading of files, no time, no other entities, and no way around NULL."""
    with pytest.raises(Refused):
        condition(text)


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    """No other error comes out, whatever a file contains."""
    with contextlib.suppress(Refused):
        condition(text)


WORDS = (
    "cost_7d name learning AND OR NOT ( ) , 1 0 'x' % = <> < + - * / IN LIKE BETWEEN IS NULL SELECT FROM "
    "CASE WHEN THEN END LEAST ABS has_label :: . ; -- /* \\ ANY OVER NOW read_csv [ ] { } @ ^ || ->"
)


@settings(deadline=None)
@given(st.lists(st.sampled_from(WORDS.split(" ")), max_size=14).map(" ".join))
def test_any_words_of_sql_are_read_or_refused(text: str) -> None:
    """What is read names known columns only, and can be evaluated."""
    try:
        found = condition(text)
    except Refused:
        return

    assert {column.name for column in found.columns} <= {"cost_7d", "name", "learning", "labels"}
    assert set(found.polars.meta.root_names()) <= {column.name for column in found.columns}
    assert found.over(Figures(sample.snapshot(sample.entities([10.0, 20.0])))).len() == 2


LEAVES = {
    "number": ["cost_7d", "age", "1", "0", "2.5"],
    "text": ["name", "labels", "'x'", "'%'"],
    "truth": ["learning", "TRUE", "has_label('x')"],
}
SHAPES = {
    "number": [
        "({number} + {number})", "({number} / {number})", "-{number}", "ABS({number})",
        "LEAST({number}, {number})", "GREATEST({number}, 1)", "FLOOR({number})", "CEIL({number})",
    ],
    "text": ["LOWER({text})", "UPPER({text})"],
    "truth": [
        "({truth} AND {truth})", "({truth} OR {truth})", "NOT {truth}", "{number} < {number}",
        "{number} = {number}", "{text} <> {text}", "{text} LIKE 'x%_.*('", "{text} NOT ILIKE '[x'",
        "{number} BETWEEN {number} AND {number}", "{text} NOT IN ('x', {text})", "{number} IN ({number}, 2)",
        "({truth} = {truth})",
    ],
}  # fmt: skip


@st.composite
def sentences(draw: st.DrawFn, sort: str = "truth", depth: int = 4) -> str:
    """Text that belongs to the language."""
    if depth == 0 or draw(st.booleans()):
        return str(draw(st.sampled_from(LEAVES[sort])))
    shape: str = draw(st.sampled_from(SHAPES[sort]))
    return "(" + re.sub(r"{(\w+)}", lambda field: draw(sentences(field[1], depth - 1)), shape) + ")"


@settings(deadline=None)
@given(sentences())
def test_each_entity_is_judged_by_itself(text: str) -> None:
    """Law: all at once gives what each alone gives, a truth value or none, whatever the text."""
    try:
        expression = condition(text)
    except Refused as refused:
        assert "names no column" in refused.found
        return

    account = sample.snapshot(
        sample.entities([1.0] * 4, names=["x", "X", "", "x1.*("]),
        cost=[[0.0], [0.25], [1.0], [9.0]],
        known=[[True], [True], [True], [False]],
    )

    found = expression.over(Figures(account)).to_list()

    alone = [account.only(np.array([row], dtype=np.intp)) for row in range(4)]
    assert found == [expression.over(Figures(one))[0] for one in alone]
    assert set(found) <= {True, False, None}


def test_a_constant_that_wins_everywhere_stands_for_every_entity() -> None:
    """With plain literals Polars 2.1 gives one row here, which would then speak for all."""
    account = sample.snapshot(sample.entities([1.0] * 4), cost=[[0.0], [0.25], [1.0], [9.0]])

    assert condition("1 < -LEAST(cost_7d, -2)").over(Figures(account)).to_list() == [True] * 4


ORDINARY = [
    "a > 1 AND b < 2",
    "a > 1 OR b < 2",
    "NOT (a > 1 OR b < 2)",
    "NOT a > 1",
    "a + 2 * b - 1 >= 3",
    "-a < b",
    "a BETWEEN 1 AND b",
    "a NOT BETWEEN 1 AND b",
    "a IN (1, 2, 3)",
    "a NOT IN (1, 2, 3)",
    "a <> b AND (a = 2 OR b = 1)",
    "ABS(a - b) > 1",
    "FLOOR(a) = CEIL(b)",
    "name LIKE '%ra_d%'",
    "name NOT LIKE 'b%'",
    "name ILIKE '%BRAND'",
    "LOWER(name) = 'brand' OR a > 2",
    "name IN ('Brand', 'sale')",
]
figure = st.none() | st.sampled_from([0.0, 1.0, 1.5, 2.0, 3.0, -1.0])


@settings(deadline=None)
@given(
    text=st.sampled_from(ORDINARY), a=figure, b=figure, name=st.sampled_from(["Brand", "brand", "sale", ".*"])
)
def test_it_means_what_sql_means(text: str, a: float | None, b: float | None, name: str) -> None:
    """Polars' own reading of the same text is the judge, unknown figures included."""
    table = pl.DataFrame(
        {"cost_7d": [a], "clicks_7d": [b], "name": [name]},
        schema={"cost_7d": pl.Float64, "clicks_7d": pl.Float64, "name": pl.String},
    )
    sql = re.sub(r"\bb\b", "clicks_7d", re.sub(r"\ba\b", "cost_7d", text))

    found = table.select(condition(sql).polars.alias("found"))["found"][0]

    assert found == table.select(pl.sql_expr(sql).alias("found"))["found"][0]


@pytest.mark.parametrize("text", ["cost_7d / clicks_7d > 1", "NOT cost_7d / clicks_7d > 1"])
@pytest.mark.parametrize("cost", [0.0, 5.0])
def test_a_division_by_zero_is_unknown(text: str, cost: float) -> None:
    """Polars' SQL takes 0.0 / 0.0 > 1 for true, which would fire on campaigns without clicks."""
    assert value(condition(text), cost_7d=cost, clicks_7d=0.0) is None


@pytest.mark.parametrize("name", ["LEAST", "GREATEST"])
def test_the_least_and_the_greatest_of_something_unknown_are_unknown(name: str) -> None:
    """Polars' own functions skip what is unknown."""
    expression = number(f"{name}(cost_7d, 3, clicks_7d)")

    assert value(expression, cost_7d=5.0, clicks_7d=None) is None
    assert value(expression, cost_7d=None, clicks_7d=4.0) is None
    assert value(expression, cost_7d=5.0, clicks_7d=4.0) == {"LEAST": 3.0, "GREATEST": 5.0}[name]


def test_a_pattern_matches_names_of_more_than_one_line() -> None:
    """A line break in a name hides nothing."""
    assert value(condition("name LIKE 'shoes%brand'"), name="shoes\nbrand") is True
    assert value(condition("name LIKE 'shoes'"), name="shoes\n") is False


def test_a_label_is_asked_for_whole() -> None:
    """has_label('brand') is not true for "brand-new"."""
    labels = [frozenset({"brand", "sale"}), frozenset({"brand-new"}), frozenset[str]()]
    figures = Figures(sample.snapshot(sample.entities([1, 1, 1], labels=labels)))

    assert condition("has_label('brand')").over(figures).to_list() == [True, False, False]
    assert condition("labels LIKE '%,brand%'").over(figures).to_list() == [True, True, False]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("cots_14d > 1 AND clcks_7d > 2", "unknown columns cots_14d, clcks_7d"),
        ("cost_14d", "'cost_14d' is a number"),
        ("name > 'x'", "a text in \"name > 'x'\""),
        ("name = 3", "a number in 'name = 3'"),
        ("learning > 3", "a truth value in 'learning > 3'"),
        ("1 = 1", "'1 = 1' names no column"),
        ("cost_14d >", "'cost_14d >' is not SQL"),
        ("name = 'x", '"name = \'x" is not SQL'),
        ("", "'' is not SQL"),
    ],
)
def test_a_refusal_says_what_was_found(text: str, found: str) -> None:
    """The author of the rule reads it."""
    with pytest.raises(Refused) as refused:
        condition(text)

    assert refused.value.found == found
