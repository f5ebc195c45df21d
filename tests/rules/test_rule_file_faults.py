"""Rule files: refused whole, with everything that is wrong in them."""

from pathlib import Path

import pytest
from rule_files import PATH, rule

from agent.domain.errors import Mistakes
from rules.file import parse_rules, read_rules
from rules.load import load


def faults(content: str, currency: str | None = None) -> list[str]:
    """Every mistake in a file, as its author reads it."""
    with pytest.raises(Mistakes) as caught:
        parse_rules(content, PATH, currency=currency)
    return [str(mistake) for mistake in caught.value.exceptions]


def test_all_faults_of_a_file_come_at_once() -> None:
    """One run of the checker, one round of mending; each fault with its place."""
    content = """
title = "x"

[[rule]]
id = "Cut Bids"
wehn = "cost_7d > 1"
when = "cots_14d > 3 AND clcks_7d = 2"
where = "cost_7d"
then = { lever = "cpc_bids", scale = 1.3 }
hold = "2 days"
cooldown = "3 days"
because = "spent {cots_14d}"

[[rule]]
id = "b"
when = "read_csv('x') > 2"
then = { lever = "cpc_bid", scale = "name", step = 0.5, at_lest = "1.00 EUR" }
because = "x"
[[rule.example]]
name = "one"
each = { days = 3, clciks = 3, cost = 12.5 }
now = { cpc_bid = 1.0 }
expect = { cpc_bid = "1" }
[[rule.example]]
each = { days = 0 }
now = { }
expect = "nothing"
"""

    assert faults(content) == [
        "rules/x.toml: title: unknown key; a rule file holds [[rule]] tables only",
        "rules/x.toml: rule 'Cut Bids' id: 'Cut Bids'; lower-case words joined by dashes are right",
        "rules/x.toml: rule 'Cut Bids' where: 'cost_7d' is a number; "
        "a condition such as cost_14d >= 60 is right",
        "rules/x.toml: rule 'Cut Bids' when: unknown columns cots_14d, clcks_7d; "
        "did you mean cost_14d? did you mean clicks_7d?",
        "rules/x.toml: rule 'Cut Bids' then.lever: unknown lever 'cpc_bids'; did you mean cpc_bid?",
        "rules/x.toml: rule 'Cut Bids' hold: '2 days'; '2 runs' is right, 14 at most",
        "rules/x.toml: rule 'Cut Bids' cooldown: '3 days'; '3d' or '12h' is right",
        "rules/x.toml: rule 'Cut Bids' because: field {cots_14d}; did you mean cost_14d?",
        "rules/x.toml: rule 'Cut Bids' example: no example in which it fires; "
        "one with expect = { lever = value } is needed",
        "rules/x.toml: rule 'Cut Bids' wehn: unknown key; did you mean when?",
        "rules/x.toml: rule 'b' when: \"READ_CSV('x')\" is not allowed in a rule; "
        "docs/rules.md lists what a rule may use",
        "rules/x.toml: rule 'b' then.scale: 'name' is a text; a number such as target_cpa / cpa_14d is right",
        "rules/x.toml: rule 'b' then.step: 0.5; text with a currency such as '12.50 EUR' is right",
        "rules/x.toml: rule 'b' then.at_lest: unknown key; did you mean at_least?",
        "rules/x.toml: rule 'b' example 'one' each.cost: 12.5; "
        "text with a currency such as '12.50 EUR' is right",
        "rules/x.toml: rule 'b' example 'one' each.clciks: unknown key; did you mean clicks?",
        "rules/x.toml: rule 'b' example 'one' now.cpc_bid: 1.0; "
        "text with a currency such as '12.50 EUR' is right",
        "rules/x.toml: rule 'b' example 'one' expect.cpc_bid: '1'; "
        "text with a currency such as '12.50 EUR' is right",
        "rules/x.toml: rule 'b' example 2 name: missing; it is needed",
        "rules/x.toml: rule 'b' example 2 each.days: 0; input should be greater than or equal to 1",
        "rules/x.toml: rule 'b' example 2 expect: 'nothing'; input should be 'no change' or 'kept'",
    ]


@pytest.mark.parametrize(
    ("then", "fault"),
    [
        ('lever = "daily_budget"', "then: no action; one of set, scale, step, keep is right"),
        (
            'lever = "daily_budget", scale = 0.5, step = "-1.00 EUR"',
            "then: scale and step; one of set, scale, step, keep is right",
        ),
        (
            'lever = "daily_budget", set = 12.5',
            "then.set: 12.5; text with a currency such as '12.50 EUR' is right",
        ),
        (
            'lever = "daily_budget", set = "12.5"',
            "then.set: '12.5'; text with a currency such as '12.50 EUR' is right",
        ),
        ('lever = "daily_budget", set = "0.00 EUR"', "then.set: 0.00 EUR; a value above 0 is right"),
        (
            'lever = "daily_budget", set = "1.00 EUR", at_most = "2.00 EUR"',
            "then: at_most; set has no bounds",
        ),
        (
            'lever = "daily_budget", scale = 1.5',
            "then: may raise spend without at_most; at_most says how far",
        ),
        (
            'lever = "daily_budget", scale = "target_cpa / cpa_7d"',
            "then: may raise spend without at_most; at_most says how far",
        ),
        (
            'lever = "daily_budget", scale = "LEAST(1.1, target_cpa / cpa_7d)"',
            "then: may raise spend without at_most; at_most says how far",
        ),
        (
            'lever = "daily_budget", step = "+1.00 EUR", at_least = "1.00 EUR"',
            "then: may raise spend without at_most; at_most says how far",
        ),
        (
            'lever = "daily_budget", scale = 1.5, at_most = "2 * daily_budget"',
            "then.at_most: '2 * daily_budget' moves with daily_budget itself; "
            "a bound stands still, such as 2 * cost_7d / 7",
        ),
        (
            'lever = "daily_budget", scale = 1.5, at_most = "20"',
            "then.at_most: '20'; text with a currency such as '12.50 EUR' is right",
        ),
        (
            'lever = "daily_budget", scale = 0.5, at_least = "3.00 EUR", at_most = "2.00 EUR"',
            "then: at_least 3.00 EUR is above at_most 2.00 EUR; at_least is the lower one",
        ),
        (
            'lever = "daily_budget", scale = -1',
            "then.scale: -1; a factor above 0 such as 0.7, or an expression, is right",
        ),
        ('lever = "daily_budget", scale = nan', "then.scale: NaN; a number such as 0.7 is right"),
        ('lever = "daily_budget", scale = true', "then.scale: True; a number such as 0.7 is right"),
        ('lever = "daily_budget", keep = false', "then.keep: False; keep = true is right, or leave it out"),
        (
            'lever = "target_roas", set = "3.00 EUR"',
            "then.set: '3.00 EUR'; a number such as 0.7 is right",
        ),
        (
            'lever = "target_roas", scale = 0.9',
            "then: may raise spend without at_least; at_least says how far",
        ),
        ('lever = "status", set = "off"', "then.set: 'off'; 'enabled' or 'paused' is right"),
        ('lever = "status", scale = 0.5', "then: scale; a status is set, not scaled"),
        ('lever = "status", step = 1', "then.step: 1; a status is set, not moved in steps"),
    ],
)
def test_an_action_that_makes_no_sense_is_refused(then: str, fault: str) -> None:
    """Values have the lever's form, and spend has a bound."""
    found = faults(rule(then=then, now='daily_budget = "10.00 EUR", target_roas = 3, status = "enabled"'))

    assert found[0] == f"rules/x.toml: rule 'a' {fault}"


@pytest.mark.parametrize(
    "then",
    [
        'lever = "daily_budget", scale = 0.5',
        'lever = "daily_budget", scale = "LEAST(1, target_cpa / cpa_7d)"',
        'lever = "target_roas", scale = 1.1',
        'lever = "target_roas", scale = "GREATEST(1, target_roas / roas_7d)"',
    ],
)
def test_what_can_only_lower_spend_needs_no_bound(then: str) -> None:
    """A higher target ROAS spends less."""
    file = parse_rules(rule(then=then, now='daily_budget = "10.00 EUR", target_roas = 3'), PATH)

    assert len(file.rules) == 1


def test_a_rule_needs_an_example_of_each_kind() -> None:
    """What it does, and where it stays silent."""
    whole = rule()
    fires_only = whole[: whole.rindex("[[rule.example]]")]
    silent_only = whole[: whole.index("[[rule.example]]")] + whole[whole.rindex("[[rule.example]]") :]

    assert faults(fires_only) == [
        "rules/x.toml: rule 'a' example: no example in which it stays silent; "
        'one with expect = "no change" is needed'
    ]
    assert faults(silent_only) == [
        "rules/x.toml: rule 'a' example: no example in which it fires; "
        "one with expect = { lever = value } is needed"
    ]


def test_an_example_says_how_the_rule_s_lever_stands() -> None:
    """Without it the rule could never fire."""
    found = faults(rule(now='cpc_bid = "1.00 EUR"'))

    assert found == [
        "rules/x.toml: rule 'a' example: example 'fires' does not say how daily_budget stands; "
        "now = { ... } says it"
    ]


def test_ids_stand_once() -> None:
    """A proposal names its rule by id."""
    assert faults(rule() + rule()) == [
        "rules/x.toml: rule 'a' id: stands twice; each rule has an id of its own"
    ]


def test_a_file_speaks_one_currency_and_that_of_the_account() -> None:
    """Two currencies never mix."""
    euros = rule(then='lever = "daily_budget", set = "12.00 EUR"')
    dollars = rule(then='lever = "daily_budget", set = "12.00 USD"', rule_id="b")

    assert faults(euros + dollars) == ["rules/x.toml: rule 'b' then: money in USD; EUR is right"]
    assert faults(euros, currency="CHF")[0] == "rules/x.toml: rule 'a' then: money in EUR; CHF is right"
    assert parse_rules(euros, PATH, currency="EUR").currency == "EUR"
    assert parse_rules(rule(), PATH, currency="CHF").currency is None


def test_bad_toml_is_told_with_its_line() -> None:
    """The line is all that one needs."""
    assert faults("[[rule]]\nid = = 3\n") == [
        "rules/x.toml: is not TOML: Invalid value (at line 2, column 6)"
    ]


@pytest.mark.parametrize("content", ["", "rule = 3", "rule = []"])
def test_a_file_without_rules_is_refused(content: str) -> None:
    """An empty file is a mistake, not a strategy."""
    assert faults(content) == ["rules/x.toml: no [[rule]]; a rule file has at least one"]


@pytest.mark.parametrize("content", ["rule = [3]", "[[rule]]", "[[rule]]\nexample = [3]\nthen = 3\nid = 4"])
def test_tables_of_another_form_are_told_too(content: str) -> None:
    """No other error comes out."""
    assert faults(content)


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    """A missing file, or one that is no text."""
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b"\xff\xfe")

    for path, told in ((tmp_path / "missing.toml", "No such file"), (binary, "was not UTF-8")):
        with pytest.raises(Mistakes) as caught:
            read_rules(path)
        assert told in str(caught.value.each()[0]) and "Errno" not in str(caught.value.each()[0])


def test_a_good_file_becomes_a_strategy(tmp_path: Path) -> None:
    """Named for the file."""
    path = tmp_path / "mine.toml"
    path.write_text(rule(), encoding="utf-8")

    assert load(path, "EUR").file.name == "mine"
