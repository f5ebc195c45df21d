"""Check: doubtful rules are told, and so is what the command line shows of them."""

import json
from pathlib import Path

import pytest
from rule_files import PATH, rule
from typer.testing import CliRunner

from agent.cli.rules import app
from rules.check import warnings
from rules.file import parse_rules

MATURE = "AND maturity_7d > 0.8"


def doubts(*rules: str) -> list[str]:
    return [str(finding) for finding in warnings(parse_rules("".join(rules), PATH))]


def pair(down: str, up: str, more_down: str = "", more_up: str = "") -> list[str]:
    """What is doubtful about a rule that cuts budgets and one that raises them."""
    cut = 'lever = "daily_budget", scale = 0.8, at_least = "1.00 EUR"'
    lift = 'lever = "daily_budget", scale = 1.2, at_most = "100.00 EUR"'
    return doubts(
        rule(f"{down} {MATURE}", rule_id="down", then=cut, more=more_down),
        rule(f"{up} {MATURE}", rule_id="up", then=lift, more=more_up),
    )


def test_a_cut_without_a_bound_is_doubtful() -> None:
    """It may go on until nothing is left."""
    assert doubts(rule()) == [
        "warning: rules/x.toml: rule 'a' then: may lower spend again and again without at_least; "
        "at_least says how far"
    ]


def test_conversions_without_maturity_are_doubtful() -> None:
    """Young windows always look bad."""
    bounded = 'lever = "daily_budget", scale = 0.8, at_least = "1.00 EUR"'

    assert doubts(rule("rank_cpa_7d > 3 OR conversions_7d = 0", then=bounded)) == [
        "warning: rules/x.toml: rule 'a' when: looks at conversions, cpa however few of them are reported "
        "yet; add a condition such as maturity_14d >= 0.8"
    ]
    assert doubts(rule(f"cpa_7d > 20 {MATURE}", then=bounded)) == []


@pytest.mark.parametrize(
    ("down", "up"),
    [
        ("cpa_7d > 30", "cpa_7d < 30"),
        ("cpa_7d > 30", "30 > cpa_7d"),
        ("cpa_7d > 1.5 * target_cpa", "cpa_7d < 2 * target_cpa"),
        ("cpa_7d > 30", "roas_7d > 3"),
        ("cpa_7d > 30", "cpa_14d < 20"),
        ("cpa_7d > 30 OR cost_7d > 100", "cpa_7d < 20"),
        ("conversions_7d = 0", "conversions_7d <= 2"),
    ],
)
def test_two_rules_that_can_answer_each_other_are_doubtful(down: str, up: str) -> None:
    """Down today, up tomorrow, down the day after."""
    found = pair(down, up)

    assert len(found) == 1
    assert "rule 'down' when: can be answered at once by 'up'" in found[0]


@pytest.mark.parametrize(
    ("down", "up"),
    [
        ("cpa_7d > 30", "cpa_7d < 20"),
        ("cpa_7d > 30", "cpa_7d BETWEEN 10 AND 20"),
        ("(cost_7d > 9 AND cpa_7d >= 30)", "20 > cpa_7d"),
        ("cpa_7d > 1.5 * target_cpa", "cpa_7d < 0.9 * target_cpa"),
        ("cpa_7d > 1.5 * target_cpa", "0.9 * target_cpa > cpa_7d"),
        ("cpa_7d / 2 > target_cpa", "target_cpa > cpa_7d"),
        ("conversions_7d = 0", "conversions_7d >= 2"),
    ],
)
def test_room_between_two_rules_calms_them(down: str, up: str) -> None:
    """Hysteresis: there is a band in which neither acts."""
    assert pair(down, up) == []


def test_rest_calms_two_rules_when_both_have_it() -> None:
    """A cooldown, or a hold, keeps them from answering at once."""
    rest, wait = 'cooldown = "3d"', 'hold = "2 runs"'

    assert pair("cpa_7d > 30", "cpa_7d < 30", rest, wait) == []
    assert len(pair("cpa_7d > 30", "cpa_7d < 30", rest)) == 1


def test_rules_for_different_kinds_or_levers_never_fight() -> None:
    """They cannot touch the same lever."""
    campaigns, keywords = 'about = "campaign"', 'about = "keyword"'

    assert pair("cpa_7d > 30", "cpa_7d < 30", campaigns, keywords) == []
    assert len(pair("cpa_7d > 30", "cpa_7d < 30", campaigns)) == 1


def written(folder: Path, content: str) -> str:
    path = folder / "mine.toml"
    path.write_text(content, encoding="utf-8")
    return str(path)


def test_the_command_line_tells_faults_on_standard_error(tmp_path: Path) -> None:
    """One a line, and status 2."""
    path = written(tmp_path, rule("cots_7d > 1"))

    told = CliRunner().invoke(app, ["check", path])

    assert told.exit_code == 2
    assert told.stdout == ""
    assert told.stderr == f"fault: {path}: rule 'a' when: unknown column cots_7d; did you mean cost_7d?\n"


def test_warnings_do_not_fail_a_check(tmp_path: Path) -> None:
    """The file works."""
    told = CliRunner().invoke(app, ["check", "--json", written(tmp_path, rule())])

    assert told.exit_code == 0
    assert [record["severity"] for record in json.loads(told.stdout)] == ["warning"]
    assert told.stderr == ""


def test_a_good_file_is_said_to_be_good(tmp_path: Path) -> None:
    """Silence would leave one in doubt."""
    bounded = 'lever = "daily_budget", scale = 0.8, at_least = "1.00 EUR"'
    path = written(tmp_path, rule(then=bounded))

    told = CliRunner().invoke(app, ["check", path])

    assert (told.exit_code, told.stdout) == (0, f"{path}: ok\n")


def test_an_example_that_comes_out_otherwise_fails(tmp_path: Path) -> None:
    """With what was expected and what was found, as a table and as records."""
    path = written(tmp_path, rule())

    table = CliRunner().invoke(app, ["test", path])
    records = CliRunner().invoke(app, ["test", "--json", path])

    assert (table.exit_code, records.exit_code) == (2, 2)
    assert (
        f"{path}: rule 'a' example 'fires': no change; daily_budget = 10.00 EUR was expected" in table.stderr
    )
    assert json.loads(records.stdout)[0] == {
        "file": path,
        "rule": "a",
        "example": "fires",
        "expected": "daily_budget = 10.00 EUR",
        "found": "no change",
        "ok": False,
    }


def test_a_broken_file_does_not_hide_the_examples_of_the_others(tmp_path: Path) -> None:
    """All files are looked at."""
    path = written(tmp_path, rule())

    told = CliRunner().invoke(app, ["test", "--json", str(tmp_path / "missing.toml"), path])

    assert told.exit_code == 2
    assert len(json.loads(told.stdout)) == 2
    assert "missing.toml: cannot be read" in told.stderr


def test_an_expected_change_has_to_come_from_the_example_s_own_rule(tmp_path: Path) -> None:
    """Else a rule could hide behind another."""
    set_five = 'lever = "daily_budget", set = "5.00 EUR"'
    first = rule("cost_7d >= 0", rule_id="first", then=set_five)
    second = rule("cost_7d >= 0", rule_id="second", then=set_five)

    told = CliRunner().invoke(app, ["test", "--json", written(tmp_path, first + second)])

    found = [record["found"] for record in json.loads(told.stdout)]
    assert found[0] == "daily_budget = 5.00 EUR"
    assert found[2] == "daily_budget = 5.00 EUR by mine/first"
