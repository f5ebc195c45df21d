"""Rule files and SQL conditions, malformed: read, checked, and their examples played through."""

from functools import cache
from pathlib import Path
from random import Random

from agent.domain.errors import Mistake
from rules.check import warnings
from rules.examples import account_of, results
from rules.expression import condition, number
from rules.figures import Figures
from rules.file import parse_rules
from rules.refused import Refused
from simulations.chaos.malformed.hostile import DEPTHS, DIGITS, WORDS, word
from simulations.chaos.malformed.mutations import text_of
from simulations.chaos.malformed.target import Target

_LIBRARY = Path(__file__).parents[3] / "rules" / "library"
_PATH = Path("malformed.toml")

COLUMNS = ("cost_14d", "conversions_30d", "cpa_7d", "rank_cost_14d", "share_cost_7d", "age", "name", "labels",
           "kind", "status", "daily_budget", "target_cpa", "maturity_14d", "learning", "weekday")  # fmt: skip
REACHING = (
    "read_csv('/etc/passwd')", "pg_read_file('/etc/passwd')", "load_file('/etc/passwd')", "readfile('x')",
    "(SELECT 1)", "(SELECT count(*) FROM t)", "EXISTS (SELECT 1)", "cost_14d IN (SELECT 1)", "sleep(9)",
    "pg_sleep(9)", "system('id')", "shell('id')", "eval('1')", "exec('id')", "getenv('HOME')", "now()",
    "current_timestamp", "current_user", "random()", "uuid()", "sum(cost_14d)", "max(cost_14d) OVER ()",
    "CAST(name AS BLOB)", "name::int", "name COLLATE x", "name ~ '(a+)+$'", "regexp_like(name, '(a|a)*b')",
    "name RLIKE '.*'", "name SIMILAR TO '(a+)+'", "repeat('x', 999999999)", "lpad(name, 999999999)",
    "printf('%s', name)", "format('{}', name)", "x'00ff'", "1 << 62", "cost_14d ** 99999", "pow(9, 999999)",
    "factorial(99999)", "@@version", ":parameter", "?", "$1", "${name}", "{{name}}", "INTERVAL '1' DAY",
    "ARRAY[1,2]", "STRUCT(1)", "CASE WHEN TRUE THEN 1 END", "coalesce(cost_14d, 0)", "cost_14d IS NULL",
    "t.cost_14d", "*", "name -> 'a'", "json_extract(name, '$')", "ATTACH DATABASE 'x' AS y",
    "COPY t TO '/tmp/x'", "DROP TABLE x", "PRAGMA x", "SET x = 1", "-- comment", "/* open", "LOAD 'x.so'",
)  # fmt: skip
"""What would reach out of an expression: every one must be refused."""


def rule_files() -> Target:
    return Target("rule files", 2.0, lambda rng: text_of(rng, rng.choice(_rules())), _read_file)


def conditions() -> Target:
    return Target("SQL conditions", 2.0, _condition, _read_condition)


def reaching() -> Target:
    """Conditions of which a part reaches out; being taken for a condition is a fault."""
    return Target("SQL that reaches out", 0.3, _reaching, _must_refuse)


@cache
def _rules() -> tuple[str, ...]:
    """The shipped rules, one text each."""
    found = []
    for path in sorted(_LIBRARY.glob("*.toml")):
        _, *rules = path.read_text(encoding="utf-8").split("\n[[rule]]\n")
        found += [f"[[rule]]\n{rule}" for rule in rules]
    return tuple(found)


def _read_file(content: bytes) -> None:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return  # `read_rules` says so
    file = parse_rules(text, _PATH, currency="EUR")
    list(warnings(file))
    list(results(file))


@cache
def _figures() -> Figures:
    file = parse_rules(_rules()[0], _PATH)
    return Figures(account_of(file.rules[0].examples[0], file.rules[0]))


def _read_condition(text: str) -> None:
    for read in (condition, number):
        try:
            expression = read(text)
        except Refused as refused:
            if not refused.found:
                raise ValueError("refused without a word") from refused
            continue
        expression.over(_figures())


def _must_refuse(text: str) -> None:
    for read in (condition, number):
        try:
            read(text)
        except Refused:
            continue
        raise ValueError(f"taken for a condition: {text[:200]}")
    raise Mistake("expression", "was refused")


def _condition(rng: Random) -> str:
    if rng.random() < 0.3:
        source = rng.choice(_rules())
        lines = [line for line in source.splitlines() if line.startswith(("when", "where"))]
        return text_of(rng, rng.choice(lines).partition('"')[2].rstrip('"')).decode(errors="replace")
    if rng.random() < 0.2:
        return rng.choice(_LARGE)(rng)
    return _truth(rng, rng.randint(0, 4))


def _reaching(rng: Random) -> str:
    reach = rng.choice(REACHING)
    return rng.choice(
        (
            reach, f"cost_14d > {reach}", f"{reach} = cost_14d", f"NOT {reach}", f"cost_14d >= 1 AND {reach}",
            f"abs({reach}) > cost_14d", f"cost_14d BETWEEN {reach} AND 5", f"name LIKE {reach}",
            f"has_label({reach}) OR cost_14d > 1", f"cost_14d > 1; {reach}", f"(({reach})) < age",
        )
    )  # fmt: skip


def _truth(rng: Random, depth: int) -> str:
    """A condition by grammar, most of them right."""
    if depth == 0:
        left, right = _number(rng, 1), _number(rng, 1)
        return rng.choice(
            (
                f"{left} {rng.choice(('>', '>=', '<', '<=', '=', '<>', '!=', '~', '||'))} {right}",
                f"name LIKE '{word(rng)}'", f"name NOT ILIKE '%{rng.choice('a%_')}%'", "learning",
                f"{left} BETWEEN {right} AND {_number(rng, 0)}", f"has_label('{word(rng)}')", "TRUE",
                f"kind IN ('campaign', '{word(rng)}')", f"{left} IS NOT NULL", word(rng),
            )
        )  # fmt: skip
    inner = _truth(rng, depth - 1)
    return rng.choice(
        (f"({inner})", f"NOT {inner}", f"{inner} AND {_truth(rng, depth - 1)}", f"{inner} OR TRUE")
    )


def _number(rng: Random, depth: int) -> str:
    if depth == 0:
        return rng.choice((rng.choice(COLUMNS), rng.choice(DIGITS), str(rng.randrange(1000))))
    left, right = _number(rng, depth - 1), _number(rng, depth - 1)
    return rng.choice(
        (
            left, f"{left} {rng.choice('+-*/%^')} {right}", f"-{left}", f"abs({left})",
            f"least({left}, {right})",
            f"greatest({left}, {right})", f"floor({left})", f"ceil({left}, {right})", f"round({left})",
            f"{rng.choice(WORDS)}({left})",
        )
    )  # fmt: skip


_LARGE = (
    lambda rng: "(" * rng.choice(DEPTHS) + "cost_14d > 1" + ")" * rng.choice(DEPTHS),
    lambda rng: "NOT " * rng.choice(DEPTHS) + "learning",
    lambda rng: "- " * rng.choice(DEPTHS) + "cost_14d > 1",
    lambda rng: "-" * rng.choice(DEPTHS) + "cost_14d > 1",
    lambda rng: "cost_14d > 1" + " AND cost_14d > 1" * rng.choice(DEPTHS),
    lambda rng: "cost_14d" + " + cost_14d" * rng.choice(DEPTHS) + " > 1",
    lambda rng: "abs(" * rng.choice(DEPTHS) + "cost_14d" + ")" * rng.choice(DEPTHS) + " > 1",
    lambda rng: f"name IN ({', '.join(['1'] * rng.choice(DEPTHS))})",
    lambda rng: f"age IN ({', '.join(['1'] * rng.choice(DEPTHS))})",
    lambda rng: f"name LIKE '{'%a' * rng.choice(DEPTHS)}'",
    lambda rng: f"name ILIKE '{'_%' * rng.choice(DEPTHS)}'",
    lambda rng: f"name LIKE '{rng.choice(WORDS)}'",
    lambda rng: f"cost_14d > {rng.choice(DIGITS)}",
    lambda rng: f"least({', '.join(['cost_14d'] * rng.choice(DEPTHS))}) > 1",
    lambda rng: "cost_14d > 1 OR (" * rng.choice(DEPTHS) + "learning" + ")" * rng.choice(DEPTHS),
    lambda rng: "CASE WHEN learning THEN " * rng.choice(DEPTHS) + "1" + " END" * rng.choice(DEPTHS),
)
"""Conditions that are long, deep or wide."""
