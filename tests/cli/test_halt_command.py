"""gebot halt and resume: a halt of one account does not hide behind a halt of all."""

import json
from pathlib import Path

import pytest
from typed import gebot


@pytest.fixture
def halted(demo: Path) -> Path:
    """A folder in which an account was halted, and then everything."""
    gebot(demo, "plan", "--save")
    gebot(demo, "halt", "odd conversions", "--account", "demo", "--by", "anna")
    gebot(demo, "halt", "black friday", "--by", "ben")
    return demo


def test_status_and_doctor_tell_of_both_halts(halted: Path) -> None:
    """Whoever ends one must know of the other."""
    (account,) = json.loads(gebot(halted, "status", "--json").stdout)
    rows = json.loads(gebot(halted, "doctor", "--json").stdout)

    problems = " ".join(account["problems"])
    assert "black friday" in problems and "odd conversions" in problems
    assert {row["where"]: row["to_do"].split("`")[1] for row in rows if row["where"].startswith("halt")} == {
        "halt": "gebot resume",
        "halt of simulated:demo": "gebot resume --account demo",
    }


def test_resume_tells_what_stays_halted(halted: Path) -> None:
    """ "May be sent" would not be true of an account with a halt of its own."""
    own = gebot(halted, "resume", "--account", "demo")
    gebot(halted, "halt", "odd conversions", "--account", "demo", "--by", "anna")
    everything = gebot(halted, "resume")

    assert "once everything is resumed" in own.stderr and "black friday" in own.stderr
    assert "simulated:demo stays halted by anna" in everything.stderr
    assert "gebot resume --account demo" in everything.stderr
