"""gebot scenario: the list, one lived through, and wrong words."""

import json
from pathlib import Path

from typed import ROOT, gebot

from simulations.scenarios.catalogue import SCENARIOS

PAGE = (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8")


def test_without_a_name_all_are_listed_with_a_sentence(tmp_path: Path) -> None:
    """No configuration is needed to read the list."""
    done = gebot(tmp_path, "scenario", "--json")

    assert done.returncode == 0, done.stderr
    assert {one["scenario"]: one["about"] for one in json.loads(done.stdout)} == {
        name: one.about for name, one in SCENARIOS.items()
    }


def test_one_is_lived_through_by_all_three_and_a_lesson_is_told(tmp_path: Path) -> None:
    """Records for programs; each carries the lesson of its scenario. Who holds, as configured, is quick."""
    text = (ROOT / "config.toml").read_text(encoding="utf-8")
    text = text.replace('deciders = ["care", "thompson"]', 'deciders = ["thompson"]')
    text = text.replace('kind = "thompson_budget"', 'kind = "hold"')
    text = text.replace('file = "rules/', f'file = "{ROOT}/rules/')
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    options = ("--seeds", "1", "--campaigns", "4", "--jobs", "1", "--json")

    done = gebot(tmp_path, "scenario", "site-down", *options)

    assert done.returncode == 0, done.stderr
    ours, naive, hold = json.loads(done.stdout)
    assert [row["policy"] for row in (ours, naive, hold)] == ["as configured", "target_roas", "hold"]
    assert ours["value"] == hold["value"] and 0 < naive["value"] <= 1
    assert "gebot got" in ours["lesson"] and ours["lesson"] == hold["lesson"]


def test_a_wrong_name_is_answered_with_the_nearest(tmp_path: Path) -> None:
    """Exit status 2, before anything is simulated."""
    done = gebot(tmp_path, "scenario", "site-dwon")

    assert done.returncode == 2
    assert "site-down" in done.stderr


def test_the_page_describes_every_scenario_in_its_own_words() -> None:
    """The sentence, what a naive agent does and what is right stand there as in the catalogue."""
    flat = " ".join(PAGE.split())

    for one in SCENARIOS.values():
        assert f"## {one.name}" in PAGE
        assert all(text in flat for text in (one.about, one.naive, one.right)), one.name
