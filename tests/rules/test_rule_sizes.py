"""Sizes: whatever a rule file holds, it is read or refused at once; nothing in it blows up."""

import numpy as np
import pytest
import rule_files
import sample

from agent.domain.errors import Mistakes
from rules.expression import condition, number
from rules.figures import Figures
from rules.file import parse_rules
from rules.refused import Refused

BLOWN_UP = [
    f"least({', '.join(['cost_7d'] * 60)}) > 1",
    f"greatest({', '.join(['cost_7d'] * 60)}) > 1",
    "least(cost_7d, " * 22 + "cost_7d" + ")" * 22 + " > 1",
    "cost_7d / (" * 11 + "cost_7d" + ")" * 11 + " > 1",
    "1 / (" * 5 + "greatest(cost_7d, " * 12 + "1" + ")" * 17 + " > 1",
    f"age IN ({', '.join(['1'] * 300)})",
    f"name IN ({', '.join(['name'] * 150)})",
]


@pytest.mark.timeout(30)
@pytest.mark.parametrize("text", BLOWN_UP, ids=lambda text: text[:20])
def test_an_expression_is_evaluated_at_once_or_refused(text: str) -> None:
    """12 arguments of LEAST once took 12 s and 3 GB; 60 would have outlasted the sun."""
    snapshot = sample.snapshot(sample.entities([10, 20]), cost=2.0)

    try:
        found = condition(text).over(Figures(snapshot))
    except Refused as refused:
        assert refused.found == "too large an expression"
    else:
        assert len(found) == 2


def test_many_arguments_are_compared_as_a_few_are() -> None:
    """Each entity's own least and greatest, and unknown as soon as one of them is."""
    snapshot = sample.snapshot(
        sample.entities([10, 20, 30]), cost=[[1.0], [2.0], [3.0]], conversions=[[1], [0], [4]]
    )
    figures = Figures(snapshot)

    least = number(f"least({', '.join(f'cost_{n}d' for n in range(1, 21))}, 5, cpa_7d)").over(figures)
    greatest = number(f"greatest({', '.join(f'cost_{n}d' for n in range(1, 21))}, 5)").over(figures)

    assert least.to_list() == [1.0, None, 0.75]
    assert greatest.to_list() == [20.0, 40.0, 60.0]


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    ("then", "now"),
    [
        ('lever = "daily_budget", scale = 1e-999999999', 'daily_budget = "10.00 EUR"'),
        ('lever = "target_roas", set = 1e999999999', "target_roas = 4.0"),
        ('lever = "daily_budget", scale = 0.' + "3" * 5000, 'daily_budget = "10.00 EUR"'),
        ('lever = "daily_budget", set = "' + "9" * 5000 + ' EUR"', 'daily_budget = "10.00 EUR"'),
        ('lever = "daily_budget", set = "9999999999999.00 EUR"', 'daily_budget = "10.00 EUR"'),
        ('lever = "daily_budget", scale = 0.5', 'daily_budget = "' + "9" * 30 + '.00 EUR"'),
        ('lever = "daily_budget", scale = 0.5', "target_roas = 1e999999999"),
        ('lever = "daily_budget", scale = ' + "9" * 5000, 'daily_budget = "10.00 EUR"'),
    ],
    ids=range(8),
)
def test_a_number_that_no_account_can_have_is_refused_at_once(then: str, now: str) -> None:
    """A factor of 1e-999999999 once kept the reader busy for ever."""
    with pytest.raises(Mistakes):
        parse_rules(rule_files.rule(then=then, now=now), rule_files.PATH)


@pytest.mark.parametrize(
    "each",
    [
        "days = 7, clicks = 99999999999999999999",
        "days = 7, conversions = 1e400",
        'days = 7, cost = "99999999999999.00 EUR"',
    ],
)
def test_figures_of_an_example_are_those_that_an_account_can_have(each: str) -> None:
    """What does not fit into a column is told as a fault of the file."""
    text = rule_files.rule().replace("each = { days = 7 }", f"each = {{ {each} }}", 1)

    with pytest.raises(Mistakes):
        parse_rules(text, rule_files.PATH)


def test_an_age_is_one_that_an_entity_can_have() -> None:
    """Days beyond all calendars are refused, too."""
    text = rule_files.rule().replace('name = "fires"', 'name = "fires"\nage = 99999999999999999999', 1)

    with pytest.raises(Mistakes):
        parse_rules(text, rule_files.PATH)


def test_a_shipped_rule_keeps_its_meaning() -> None:
    """LEAST and GREATEST as the library writes them."""
    snapshot = sample.snapshot(sample.entities([10, 10]), cost=[[1.0], [4.0]], conversions=1.0)

    found = number("LEAST(1, GREATEST(0.7, 2 / cpa_14d))").over(Figures(snapshot))

    assert np.allclose(found.to_numpy(), [1.0, 0.7])
