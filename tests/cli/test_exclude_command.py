"""gebot exclude draws up a plan with one change, which is approved and carried out like any other."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typed import gebot

TABLES = """
[guardrails.data_exclusion]
allowed = ["enabled", "paused"]
cooldown = "1h"
[guardrails.conversion_rate_modifier]
floor = "0.5"
ceiling = "2.0"
max_step = "100%"
max_change_7d = "100%"
cooldown = "1h"
"""


@pytest.fixture
def folder(tmp_path: Path, demo: Path) -> Path:
    """The shipped account, whose hours may be marked."""
    text = (demo / "config.toml").read_text(encoding="utf-8") + TABLES
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    return tmp_path


def hours() -> list[str]:
    """Six hours of the day before yesterday."""
    day = (datetime.now(UTC) - timedelta(days=2)).date()
    return ["--from", f"{day}T08:00", "--until", f"{day}T14:00"]


def test_hours_are_marked_with_a_persons_approval(folder: Path) -> None:
    """Proposed, approved, applied, and known to the next plan."""
    proposed = gebot(folder, "exclude", "demo", *hours(), "--channels", "search", "--json")
    assert proposed.returncode == 0, proposed.stderr
    (row,) = json.loads(proposed.stdout)
    assert (row["before"], row["after"], row["source"]) == ("paused", "enabled", "person")

    gebot(folder, "review", row["plan"], "--approve", "all")
    applied = gebot(folder, "apply", row["plan"], "--json")
    planned = gebot(folder, "plan")

    assert [one["state"] for one in json.loads(applied.stdout)] == ["applied"]
    assert "hours are marked at the platform" in planned.stdout


def test_what_waits_already_is_not_proposed_twice(folder: Path) -> None:
    """Nor does the daily plan take its place."""
    first = json.loads(gebot(folder, "exclude", "demo", *hours(), "--json").stdout)
    gebot(folder, "plan", "--save")

    again = gebot(folder, "exclude", "demo", *hours())

    assert again.returncode == 2
    assert f"gebot review {first[0]['plan']}" in again.stderr


def test_an_unusual_day_is_marked_within_limits(folder: Path) -> None:
    """A modifier of three where two is the most."""
    done = gebot(folder, "exclude", "demo", *hours(), "--modifier", "3", "--json")

    (row,) = json.loads(done.stdout)
    assert (row["lever"], row["after"], row["state"]) == ("conversion_rate_modifier", "2.00", "proposed")


@pytest.mark.parametrize(
    ("words", "signs"),
    [
        (["--from", "yesterday", "--until", "2026-11-10T14:00Z"], ["--from", "--until", "local time"]),
        (["--from", "2026-11-10T14:00", "--until", "2026-11-10T14:00"], ["later than"]),
        ([*hours(), "--remove", "--modifier", "1.3"], ["--modifier 1 takes"]),
        ([*hours(), "--modifier", "-1"], ["above zero"]),
        ([*hours(), "--modifier", "lots"], ["above zero"]),
        ([*hours(), "--channels", "serch,search"], ["did you mean 'search'"]),
    ],
)
def test_wrong_words_are_named(folder: Path, words: list[str], signs: list[str]) -> None:
    """All at once, with what would be right."""
    done = gebot(folder, "exclude", "demo", *words)

    assert done.returncode == 2
    assert all(sign in done.stderr for sign in signs), done.stderr


def test_without_limits_hours_are_not_marked(demo: Path) -> None:
    """A lever without a table of limits is left alone, whoever asks."""
    done = gebot(demo, "exclude", "demo", *hours(), "--json")

    assert done.returncode == 1
    assert [word["guardrail"] for word in json.loads(done.stdout)[0]["guardrails"]] == ["levers"]
