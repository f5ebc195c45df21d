"""The library's rules and those of the page about rules do what their examples say."""

import re
from pathlib import Path

import pytest

import rules
from agent.domain.lever import Lever
from rules.check import check, warnings
from rules.columns import FACTS, METRICS
from rules.example import Day, Example
from rules.examples import result
from rules.file import RuleFile, parse_rules, read_rules
from rules.rule import Rule
from rules.schema import RuleTable
from rules.then import Then

LIBRARY = sorted((Path(rules.__file__).parent / "library").glob("*.toml"))
PAGE = Path(rules.__file__).parent.parent / "docs" / "rules.md"
BLOCKS = re.findall(r"^```toml\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
FILES = [read_rules(path) for path in LIBRARY] + [
    parse_rules(block, Path(f"docs/rules.md-{number}.toml")) for number, block in enumerate(BLOCKS)
]
EXAMPLES = [(file, rule, example) for file in FILES for rule in file.rules for example in rule.examples]


@pytest.mark.parametrize(
    ("file", "rule", "example"),
    EXAMPLES,
    ids=[f"{file.name}/{rule.id}: {example.name}" for file, rule, example in EXAMPLES],
)
def test_a_rule_does_what_its_example_says(file: RuleFile, rule: Rule, example: Example) -> None:
    """The examples are the specification of the rules."""
    outcome = result(file, rule, example)

    assert outcome.found == outcome.expected


def test_the_library_gives_no_cause_for_doubt() -> None:
    """Shipped rules are a model: not even a warning."""
    assert check(LIBRARY) == []
    assert [finding for file in FILES for finding in warnings(file)] == []


def test_the_library_names_no_amounts_of_money_outside_of_examples() -> None:
    """It has to work in every currency."""
    assert {file.currency for file in FILES[: len(LIBRARY)]} == {None}


def test_the_page_names_every_column_and_key() -> None:
    """Docs are tested: what a rule may contain stands there."""
    page = PAGE.read_text(encoding="utf-8")
    levers = [lever for lever in Lever if not lever.is_of_hours]
    columns = [*(f"{metric}_14d" for metric in METRICS), *FACTS]
    keys = [
        key for table in (RuleTable, Then, Example, Day) for key in table.model_fields if key != "example"
    ]

    assert [name for name in [*columns, *keys, *levers] if f"`{name}" not in page] == []
